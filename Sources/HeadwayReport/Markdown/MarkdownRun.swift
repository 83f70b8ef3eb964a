import HeadwayTrace

/// A run as the template sees it; every text is escaped here.
struct MarkdownRun {
  /// Threads and functions beyond these are left out, and said to be.
  private static let rowLimit = 24
  private static let functionLimit = 5

  var headline: String
  var account: String
  var configuration: String
  var badge: String
  var closure: String
  var categories: [MarkdownSweep.Line]
  var hasCategories: Bool
  var threads: [MarkdownSweep.Line]
  var hasThreads: Bool
  var threadsLeft: String?
  var tables: [MarkdownTable]
  var functions: [MarkdownSweep.Line]
  var hasFunctions: Bool
  var stackCounts: String?
  var findings: [MarkdownFinding]
  var warnings: [MarkdownSweep.Line]
  var hasWarnings: Bool

  init(_ run: RunSummary) {
    headline = MarkdownText.escaped(RunWords.headline(of: run))
    account = RunVerdict.sentence(of: run).map { MarkdownText.escaped($0) + " " } ?? ""
    configuration = MarkdownText.escaped(RunWords.description(of: run))
    let trust = TrustView(run)
    badge = MarkdownText.escaped(
      trust.badge + ": "
        + trust.items.map { "\($0.sign) \($0.claim) (\($0.detail))" }.joined(separator: "; "))
    closure = MarkdownText.escaped(RunWords.closure(of: run))
    categories = []
    if let books = run.books {
      let total = Double(books.threadCount) * Double(books.wallNs.count)
      categories = StateCategory.allCases.map { category in
        let time = books.time(category)
        let share = total > 0 ? Double(time.count) / total : .nan
        return .init(
          line: "\(Phrases.word(category)) | \(Numerals.duration(time)) | \(Numerals.share(share))")
      }
    }
    hasCategories = !categories.isEmpty
    let rows = SweepTables.threads(run).rows
    threads = Self.lines(rows.prefix(Self.rowLimit))
    hasThreads = !threads.isEmpty
    threadsLeft =
      rows.count > Self.rowLimit
      ? "The first \(Self.rowLimit) of \(rows.count) threads; `summary.json` has all." : nil
    functions = run.stacks.map { Self.functions($0) } ?? []
    hasFunctions = !functions.isEmpty
    stackCounts = run.stacks.map { MarkdownText.escaped(StackWords.counts($0)) }
    tables = MarkdownReport.tables(of: run)
    findings = run.findings.map(MarkdownFinding.init)
    warnings = run.warnings.map { .init(line: MarkdownText.escaped($0)) }
    hasWarnings = !warnings.isEmpty
  }

  private static func lines(_ rows: some Sequence<TableView.Row>) -> [MarkdownSweep.Line] {
    rows.map { row in
      .init(line: ([row.head] + row.cells.map(\.text)).map(MarkdownText.escaped).joined(separator: " | "))
    }
  }

  /// The hottest functions of every role.
  private static func functions(_ stacks: StackSummary) -> [MarkdownSweep.Line] {
    stacks.roles.flatMap { role in
      role.functions.prefix(functionLimit).map { function in
        func share(_ periods: Int) -> String {
          role.periods > 0 ? Numerals.share(Double(periods) / Double(role.periods)) : Numerals.absent
        }
        let asleep = stacks.mode == .wall ? share(function.sleepingPeriods) : Numerals.absent
        return [
          FunctionWords.short(function.name), function.module ?? Numerals.absent, RoleWords.plural(role.role),
          share(function.selfPeriods), share(function.totalPeriods), asleep,
        ].map(MarkdownText.escaped).joined(separator: " | ")
      }
    }.map { .init(line: $0) }
  }
}
