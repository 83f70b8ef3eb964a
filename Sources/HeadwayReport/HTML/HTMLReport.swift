import HeadwayTrace
import Mustache

/// Reports as one HTML file: no network, no script to read it, light and dark, on paper too.
public enum HTMLReport {
  /// A sweep's page.
  ///
  /// - Parameters:
  ///   - sweep: The sweep's summary; it is embedded in the page as JSON too.
  ///   - runs: The runs of each cell by the cell's id, for the figures of single runs; may be empty.
  ///   - phases: Each phase against the others, for a sweep of phases.
  ///   - bandwidth: What the memory's bandwidth would allow, over threads; where it is not known, nothing.
  ///   - trail: Where its reader may go from it; a page that is a file of its own leads nowhere.
  /// - Throws: When the summary cannot be encoded.
  public static func render(
    sweep: SweepSummary, runs: [String: [RunSummary]] = [:], phases: RunComparison? = nil,
    bandwidth: [LawPoint] = [], trail: [PageLink] = []
  ) throws -> String {
    var page = try SweepPage(sweep: sweep, runs: runs, phases: phases, bandwidth: bandwidth)
    page.trail = TrailView(trail)
    return try Templates.render(page, with: "sweep")
  }

  /// A run's page. What is not given is not on it.
  ///
  /// - Parameters:
  ///   - run: The run's summary; it is embedded in the page as JSON too.
  ///   - command: The command to repeat it; the manifest's when `nil`.
  ///   - manifest: Where the run came from.
  ///   - excerpt: A few steps of its trace.
  ///   - stacks: Its sampled stacks; they must hold together (``StackProfile/check(subject:)``).
  ///   - trail: Where its reader may go from it; a page that is a file of its own leads nowhere.
  /// - Throws: When the summary cannot be encoded.
  public static func render(
    run: RunSummary, command: String? = nil, manifest: Manifest? = nil, excerpt: TimelineExcerpt? = nil,
    stacks: StackProfile? = nil, trail: [PageLink] = []
  ) throws -> String {
    var page = try RunPage(
      run: run, command: command, manifest: manifest, excerpt: excerpt, stacks: stacks)
    page.trail = TrailView(trail)
    return try Templates.render(page, with: "run")
  }

  /// A comparison's page.
  ///
  /// - Parameters:
  ///   - comparison: The comparison; it is embedded in the page as JSON too.
  ///   - stacks: The sampled stacks of two compared runs, for differential flame graphs; none where `nil`.
  ///   - command: The command to repeat it.
  ///   - trail: Where its reader may go from it.
  /// - Throws: When the comparison cannot be encoded.
  public static func render(
    comparison: RunComparison, stacks: ComparedStacks? = nil, command: String? = nil, trail: [PageLink] = []
  ) throws -> String {
    var page = try ComparisonPage(comparison, stacks: stacks, command: command)
    page.trail = TrailView(trail)
    return try Templates.render(page, with: "comparison")
  }

  /// A system test's page.
  ///
  /// - Throws: When the test cannot be encoded.
  public static func render(systemTest test: SystemTest) throws -> String {
    try Templates.render(try SystemTestPage(test), with: "system-test")
  }
}

/// The templates of all reports, compiled at the first use.
enum Templates {
  private static let library: Result<MustacheLibrary, any Error> = Result {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    var library = MustacheLibrary()
    for (name, text) in sources { library.register(try MustacheTemplate(string: text), named: name) }
    return library
  }

  static func render(_ view: Any, with name: String) throws -> String {
    guard let text = try library.get().render(view, withTemplate: name) else {
      throw InputError("template \(name)", problem: "does not exist", remedy: "report this as a defect")
    }
    return text
  }

  private static let sources: [(String, String)] =
    prose.map { ($0, PageText.prose($1)) } + verbatim.map { ($0, PageText.verbatim($1)) } + markdown

  /// What a page says.
  private static let prose: [(String, String)] = [
    ("head", PageTemplates.head), ("trust", PageTemplates.trust),
    ("figure", PageTemplates.figure),
    ("finding", PageTemplates.finding), ("cautions", PageTemplates.cautions),
    ("contents", PageTemplates.contents), ("facts", PageTemplates.facts), ("method", PageTemplates.method),
    ("environment", PageTemplates.environment),
    ("opening", PageTemplates.opening), ("ending", PageTemplates.ending), ("sweep", PageTemplates.sweep),
    ("run", PageTemplates.run), ("live", SiteTemplates.live), ("notice", SiteTemplates.notice),
    ("run-progress", PageTemplates.runProgress), ("comparison", PageTemplates.comparison),
    ("titled-table", PageTemplates.titledTable), ("system-test", PageTemplates.systemTest),
  ]

  /// Addresses, searches and commands, which are used as they are, and tables, whose cells hold together anyway
  /// and are copied and sorted.
  private static let verbatim: [(String, String)] = [
    ("table", PageTemplates.table), ("repetition", PageTemplates.repetition), ("trail", SiteTemplates.trail),
    ("catalogue", SiteTemplates.catalogue),
  ]

  private static let markdown: [(String, String)] = [
    ("markdown-sweep", MarkdownTemplates.sweep), ("markdown-run", MarkdownTemplates.run),
    ("markdown-findings", MarkdownTemplates.findings),
    ("markdown-system-test", MarkdownSystemTest.template),
  ]
}
