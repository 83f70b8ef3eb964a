import HeadwayTrace

/// A run that goes on, in words.
public enum LiveWords {
  /// The whole of it on one line, for an output that is no terminal.
  public static func line(_ view: LiveView) -> String {
    let workers = view.threads.filter { $0.role == .worker && $0.isActive }
    let team = workers.isEmpty ? view.threads.filter { $0.role != .sampler && $0.isActive } : workers
    var parts = [progress(view)]
    func mean(_ category: StateCategory) -> Double? {
      let shares = team.compactMap { $0.share(category) }
      return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }
    if let works = mean(.useful), let waits = mean(.blocked), let spins = mean(.spin) {
      let who = Numerals.plural(team.count, workers.isEmpty ? "thread" : "worker")
      let end = team.count == 1 ? "s" : ""
      parts.append(
        "\(who) work\(end) \(Numerals.share(works)), wait\(end) \(Numerals.share(waits)), spin\(end)"
          + " \(Numerals.share(spins))")
    }
    parts += [view.memory.map { "\(Numerals.bytes($0.rssBytes)) resident" }].compactMap(\.self)
    return (parts + queues(view) + cautions(view)).joined(separator: "; ")
  }

  /// How far it has come and how fast.
  static func progress(_ view: LiveView) -> String {
    var parts: [String] = []
    if let step = view.step {
      parts.append("step \(Numerals.count(step))" + (view.steps.map { " of \(Numerals.count($0))" } ?? ""))
    } else {
      parts.append(view.phase == .starting ? "starting" : "no step yet")
    }
    if let rate = view.tokensPerSecond { parts.append("\(Numerals.rounded(rate)) tokens/s") }
    if let rate = view.stepsPerSecond { parts.append("\(Numerals.rounded(rate)) steps/s") }
    if let loss = view.loss { parts.append("loss \(LossWords.value(loss))") }
    if let validation = view.validation {
      parts.append("validation \(LossWords.value(validation.value)) after step \(validation.step)")
    }
    return parts.joined(separator: ", ")
  }

  /// How long it has been measured, its memory and its queues.
  static func surroundings(_ view: LiveView) -> String {
    var parts: [String] = []
    switch (view.phase, view.windowNs) {
    case (.measuring, let length?): parts.append("measured for \(Numerals.duration(length))")
    case (.ending, let length?): parts.append("measured for \(Numerals.duration(length)), now ending")
    default: parts.append("not measured yet")
    }
    parts.append(memory(view).map { "memory \($0)" } ?? "memory unknown")
    parts += queues(view)
    if let own = ownShare(view) { parts.append("the tool \(Numerals.share(own)) of a CPU") }
    return parts.joined(separator: "; ")
  }

  /// The memory of the process; `nil` where it is not seen.
  static func memory(_ view: LiveView) -> String? {
    guard let memory = view.memory else { return nil }
    var text = Numerals.bytes(memory.rssBytes)
    if let peak = memory.peakRssBytes { text += ", at most \(Numerals.bytes(peak))" }
    if let swap = memory.swapBytes, swap > 0 { text += ", \(Numerals.bytes(swap)) in swap" }
    return text
  }

  /// What the tool's own threads in the run take of a CPU; `nil` where that is not seen.
  static func ownShare(_ view: LiveView) -> Double? {
    let own = view.threads.filter { $0.role == .sampler }.compactMap(\.cpuShare)
    return own.isEmpty ? nil : own.reduce(0, +)
  }

  /// What each queue holds.
  static func queues(_ view: LiveView) -> [String] {
    view.queues.map { "\($0.site) holds \(Numerals.count($0.items))" }
  }

  /// The threads in the order of a report's, not that in which they came: by role, then by name and number.
  static func ordered(_ view: LiveView) -> [LiveView.Row] {
    func key(_ row: LiveView.Row) -> (Int, String, Int) {
      let digits = row.name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
      let role = row.role.flatMap { ThreadRole.allCases.firstIndex(of: $0) }
      return (
        role ?? ThreadRole.allCases.count, String(row.name.dropLast(digits.count)), Int(String(digits)) ?? 0
      )
    }
    return view.threads.sorted { key($0) < key($1) }
  }

  /// What a person should look at.
  static func cautions(_ view: LiveView) -> [String] {
    var cautions: [String] = []
    if let age = view.ageNs, age >= stale {
      cautions.append(
        "the status is \(Numerals.duration(age)) old: the run is stopped, gets no CPU, or waits for its disk")
    }
    if view.phase == .measuring, let silent = view.silentNs, silent >= quiet {
      cautions.append("nothing was completed for \(Numerals.duration(silent))")
    }
    if view.threads.isEmpty, view.phase != .starting || view.step != nil {
      cautions.append("no events and no states are recorded of this run's threads")
    }
    return cautions
  }

  /// A status is copied ten times a second; one of this age is worth a word.
  private static let stale = Nanoseconds(2_000_000_000)
  /// Without progress for so long a run is worth a look.
  private static let quiet = Nanoseconds(5_000_000_000)
  /// In a state for so long, that is worth saying.
  private static let long = Nanoseconds(1_000_000_000)

  /// What a thread is doing.
  static func state(of row: LiveView.Row) -> String {
    guard row.isActive else { return "ended" }
    guard let state = row.state else { return Numerals.absent }
    guard let since = row.sinceNs, since >= long else { return state }
    return "\(state) for \(Numerals.duration(since))"
  }
}
