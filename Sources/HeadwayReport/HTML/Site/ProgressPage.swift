import HeadwayTrace

/// How a page follows a run.
public struct ProgressPageOptions: Equatable, Sendable {
  /// Seconds between two looks; `nil` where the page stands still.
  public var refreshSeconds: Int?
  /// What starts or stops the looking; `nil` without such a choice.
  public var toggle: PageLink?
  /// What a reader must know besides.
  public var warnings: [String]

  /// Describes a page.
  public init(refreshSeconds: Int?, toggle: PageLink?, warnings: [String] = []) {
    self.refreshSeconds = refreshSeconds
    self.toggle = toggle
    self.warnings = warnings
  }
}

extension HTMLReport {
  /// The page of a run that goes on.
  ///
  /// - Parameters:
  ///   - progress: What its trace shows now.
  ///   - name: What the run is called.
  ///   - trail: Where its reader may go from it.
  /// - Throws: When the page's template is broken.
  public static func render(
    progress: RunInProgress, name: String, options: ProgressPageOptions, trail: [PageLink] = []
  ) throws -> String {
    try Templates.render(
      ProgressPage(progress, name: name, options: options, trail: trail), with: "progress")
  }

  /// A page that says one thing.
  ///
  /// - Throws: When the page's template is broken.
  public static func render(notice title: String, sentence: String, trail: [PageLink] = []) throws -> String {
    try Templates.render(
      NoticePage(trail: TrailView(trail), title: title, sentence: sentence), with: "notice")
  }
}

/// A notice as its template sees it.
private struct NoticePage {
  var trail: TrailView?
  var title: String
  var sentence: String
  let styleSheet = PageStyle.sheet
}

/// A run that goes on, as its template sees it.
private struct ProgressPage {
  var trail: TrailView?
  var kicker: String
  var title: String
  var account: String?
  var lead: String
  var warnings: [String]
  var hasWarnings: Bool
  var refreshSeconds: Int?
  var switchAddress: String?
  var switchWords: String
  var now: TableView?
  var threads: FigureView?
  var threadsTitle: String
  let threadsNote =
    "By the events of the trace: time off the CPU inside working states counts as ready without a CPU, which is an"
    + " estimate, and what a thread’s outer states hold since before this stretch counts as unknown. The report that is"
    + " made when the run has ended knows better."
  let styleSheet = PageStyle.sheet

  init(_ progress: RunInProgress, name: String, options: ProgressPageOptions, trail: [PageLink]) {
    self.trail = TrailView(trail)
    kicker = "run \(name), going on"
    title = ProgressWords.headline(of: progress)
    account = ProgressWords.account(of: progress)
    lead = RunWords.description(of: progress.recent) + "."
    warnings = options.warnings + ProgressWords.cautions(of: progress)
    hasWarnings = !warnings.isEmpty
    refreshSeconds = options.refreshSeconds
    switchAddress = options.toggle?.address
    switchWords = options.toggle?.words ?? ""
    now = progress.threads.isEmpty ? nil : ProgressWords.table(of: progress)
    threads = RunFigures.threads(progress.recent)
    threadsTitle = "Where the thread-seconds of \(ProgressWords.stretch(progress)) went"
  }
}
