import HeadwayTrace

/// A run in sentences.
enum RunWords {
  /// How fast it was.
  static func headline(of run: RunSummary) -> String {
    let throughput = run.throughput
    let partial = run.partial == true ? "Partial: the recording was cut off. " : ""
    guard throughput.steps > 0 else {
      let tasks = throughput.tasksPerSecond.map { "\(Numerals.rounded($0)) tasks/s." }
      return partial + (tasks ?? "No step was completed.")
    }
    let rate =
      throughput.tokensPerSecond.map { "\(Numerals.rounded($0)) tokens/s" }
      ?? throughput.tasksPerSecond.map { "\(Numerals.rounded($0)) tasks/s" } ?? "No work was counted,"
    let steps = Numerals.plural(throughput.steps, "step")
    let warmup = throughput.warmupSteps == 0 ? "" : ", the first \(throughput.warmupSteps) dropped as warm-up"
    let pace = throughput.stepsPerSecond.map { " (\(Numerals.rounded($0)) steps/s)" } ?? ""
    return partial + "\(rate)\(pace) over \(steps)\(warmup); the median step takes"
      + " \(Numerals.duration(throughput.stepNs.median)) (quartiles \(Numerals.duration(throughput.stepNs.lower)),"
      + " \(Numerals.duration(throughput.stepNs.upper)))." + arithmetic(of: throughput)
  }

  /// How much it computed, by the shapes; empty where that is unknown.
  private static func arithmetic(of throughput: Throughput) -> String {
    guard let all = throughput.flopsPerToken, let products = throughput.matrixFlopsPerToken,
      let tokens = throughput.tokensPerSecond, tokens.isFinite
    else { return "" }
    func rate(_ flops: Double) -> String { Numerals.rounded(flops * tokens / 1e9) }
    return " That is \(rate(all)) GFLOP/s, \(rate(products)) of them in matrix products."
  }

  /// What run it was, in a line: the configuration, or what another engine says of itself.
  static func description(of run: RunSummary) -> String {
    description(configuration: run.configuration, program: run.program) ?? "another engine"
  }

  /// The same of what a manifest says; `nil` where it says nothing.
  static func description(configuration: RunConfiguration?, program: [String: String]?) -> String? {
    if let configuration { return Phrases.configuration(configuration) }
    let facts = (program ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return facts.isEmpty ? nil : facts.joined(separator: ", ")
  }

  /// What the categories add up to.
  static func closure(of run: RunSummary) -> String {
    guard let books = run.books else {
      return run.configuration?.probe == .off
        ? "Nothing was recorded: the run had probe: off."
        : "There are no books: the run ended before its threads could be read."
    }
    return
      "\(Numerals.plural(books.threadCount, "thread")) × \(Numerals.duration(books.wallNs)); the categories miss"
      + " it by \(Numerals.share(books.closureError))."
  }
}
