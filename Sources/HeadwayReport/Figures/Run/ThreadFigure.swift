import HeadwayTrace

/// Where each thread's time went in one run: a bar for all threads, one for every role that several threads
/// have, then one a thread.
public enum ThreadFigure {
  /// Threads beyond these are not drawn; the table has them all.
  static let threadLimit = 128

  /// The figure; `nil` for a run without books.
  public static func document(run: RunSummary, form: FigureForm) -> SVGDocument? {
    let threads = run.threads.filter { $0.wallNs.count > 0 }
    guard !threads.isEmpty else { return nil }
    let isCompact = threads.count > 12
    let rows =
      totals(of: threads)
      + threads.prefix(threadLimit).map { thread in
        StackedBars.Row(label: thread.name, parts: parts(of: [thread]), isCompact: isCompact)
      }
    return StackedBars(rows: rows, form: form, name: "threads").document(
      title: "The share of each thread's time in each category, and of all threads together.")
  }

  /// The figure of a run that goes on; `nil` where no thread's time is known yet.
  public static func document(live view: LiveView, form: FigureForm) -> SVGDocument? {
    let threads = LiveWords.ordered(view).filter { $0.shares != nil && $0.role != .sampler }
    guard !threads.isEmpty else { return nil }
    let isCompact = threads.count > 12
    let rows = threads.prefix(threadLimit).map { row in
      StackedBars.Row(
        label: row.name,
        parts: Dictionary(
          uniqueKeysWithValues: StateCategory.allCases.map { ($0, row.share($0) ?? 0) }),
        isCompact: isCompact)
    }
    var bars = StackedBars(rows: rows, form: form, name: "threads")
    // What of it waited for a CPU is known of a thread, not of its states.
    bars.words = { $0 == .useful ? "at work, on a CPU or not" : Phrases.word($0) }
    return bars.document(
      title: "The share of each thread's time in states of each category since the last look.")
  }

  private static func totals(of threads: [ThreadBook]) -> [StackedBars.Row] {
    let counted = threads.filter { $0.role != .sampler }
    guard counted.count > 1 else { return [] }
    let roles = ThreadRole.allCases.compactMap { role -> StackedBars.Row? in
      let members = counted.filter { $0.role == role }
      guard members.count > 1, members.count < counted.count else { return nil }
      return .init(label: "\(members.count) \(RoleWords.plural(role))", parts: parts(of: members))
    }
    return [.init(label: "all \(counted.count) threads", parts: parts(of: counted))] + roles
  }

  /// The share of each category in the time of some threads.
  static func parts(of threads: [ThreadBook]) -> [StateCategory: Double] {
    let whole = threads.reduce(0) { $0 + Double($1.wallNs.count) }
    return Dictionary(
      uniqueKeysWithValues: StateCategory.allCases.map { category in
        (category, threads.reduce(0) { $0 + Double($1.time(category).count) } / whole)
      })
  }

  /// Threads that are not drawn, in a sentence that begins with a blank.
  static func note(_ run: RunSummary) -> String { note(run.threads.count) }

  /// The same of a number of threads.
  static func note(_ count: Int) -> String {
    count > threadLimit ? " The first \(threadLimit) of \(count) threads are drawn; the table has all." : ""
  }
}

/// Roles in words.
enum RoleWords {
  static func plural(_ role: ThreadRole) -> String {
    switch role {
    case .main: "main thread"
    case .control: "control threads"
    case .worker: "workers"
    case .prefetch: "prefetch thread"
    case .sampler: "samplers"
    }
  }
}
