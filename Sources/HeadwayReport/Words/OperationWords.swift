import HeadwayTrace

/// Time by operation as the reports print it: the same rows in every format.
enum OperationWords {
  static let heading = "Time by operation"
  /// What stands behind the operations of a state.
  static let rest = "in none of them"

  static let headings = [
    "state", "times", "time", "of the state", "GFLOP/s", "GB/s", "FLOP/byte", "roof, GFLOP/s", "of the roof",
    "bound by",
  ]

  /// A row for each operation, its name first, and one for the rest of each state.
  static func rows(_ times: OperationTimes) -> [[String]] {
    times.states.flatMap { state in
      times.operations.filter { $0.state == state.state }.map(row) + [rest(of: state)]
    }
  }

  /// What was not counted or not measured is a dash.
  private static func row(_ time: OperationTime) -> [String] {
    func number(_ value: Double?) -> String { value.map { Numerals.rounded($0) } ?? Numerals.absent }
    return [
      time.operation.replacing("_", with: " "), time.state, Numerals.count(time.count),
      Numerals.duration(time.wallNs), Numerals.share(time.share), number(time.work?.gflopPerSecond),
      number(time.work?.gigabytesPerSecond), number(time.work?.intensity),
      number(time.roof?.gflopPerSecond), Numerals.share(time.roof?.share),
      time.roof?.bound.rawValue ?? Numerals.absent,
    ]
  }

  private static func rest(of state: TimedState) -> [String] {
    [rest, state.state, "", Numerals.duration(state.restNs), Numerals.share(state.restNs / state.wallNs)]
      + Array(repeating: "", count: headings.count - 4)
  }

  /// What the columns mean.
  static func note(_ times: OperationTimes) -> String {
    let hasRoof = times.operations.contains { $0.roof != nil }
    return
      "Exclusive wall time of all threads in the window; an operation gets the time since the one before it."
      + " Rates are by the CPU time of the state, shared out by wall time, times the threads that worked at once;"
      + " FLOPs and bytes are counted from the shapes."
      + (hasRoof
        ? " The roof is what as many threads could do at most; “cache” where more was reached than the memory could"
          + " have delivered."
        : " The roof is not known: headway report --machine FILE holds the run against what headway machine --json"
          + " measured.")
      + " A dash: not counted, or not measured."
  }
}

/// The books step by step, as the reports print them.
enum StepBookWords {
  static let heading = "Unexplained time in the steps"
  static let headings = ["of the time", "within 1 %"]
  private static let threadLimit = 12

  /// The largest step, all of them, and the threads with the most.
  static func rows(_ books: UnexplainedSteps) -> [[String]] {
    func row(_ name: String, _ share: Double) -> [String] {
      [name, Numerals.share(share), share <= UnexplainedSteps.budget ? "yes" : "no"]
    }
    let threads = books.threads.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(threadLimit)
    return [
      row("step \(books.worstStep.step), the largest", books.worstStep.share), row("all steps", books.share),
    ] + threads.map { row($0.key, $0.value) }
  }

  static func note(_ books: UnexplainedSteps) -> String {
    "Time inside \(Numerals.plural(books.steps, "step")) in which a thread was there and in no state;"
      + " \(books.stepsOverBudget) of them \(books.stepsOverBudget == 1 ? "has" : "have") more than 1 %."
      + (books.threads.count > threadLimit
        ? " The \(threadLimit) threads with the most of \(books.threads.count); summary.json has all." : "")
  }

  /// In two sentences.
  static func sentence(_ books: UnexplainedSteps) -> String {
    "Step \(most(books)). At most 1 % may be, and \(books.stepsOverBudget) of"
      + " \(Numerals.plural(books.steps, "step")) \(books.stepsOverBudget == 1 ? "has" : "have") more."
  }

  /// In a few words, beside the claim that every step is explained, or that some are not.
  static func detail(_ books: UnexplainedSteps) -> String {
    let over = books.stepsOverBudget
    return "step \(most(books)); at most 1 % may be"
      + (over == 0 ? "" : ", and \(Numerals.plural(over, "step")) \(over == 1 ? "has" : "have") more")
  }

  /// The step and the thread with most of it.
  private static func most(_ books: UnexplainedSteps) -> String {
    let thread = books.worstThread.map { "; of the threads \($0.name), \(Numerals.share($0.share))" } ?? ""
    let step = books.worstStep
    return "\(Numerals.count(step.step)) has most time in no state, \(Numerals.share(step.share))\(thread)"
  }
}
