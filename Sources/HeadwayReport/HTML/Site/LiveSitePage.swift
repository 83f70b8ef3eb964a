import HeadwayTrace

/// How a page follows a run.
public struct LivePageOptions: Equatable, Sendable {
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
  ///   - live: What is seen of it now.
  ///   - name: What the run is called.
  ///   - what: What it is, in a line; `nil` where that is not known.
  ///   - trail: Where its reader may go from it.
  /// - Throws: When the page's template is broken.
  public static func render(
    live view: LiveView, name: String, what: String?, options: LivePageOptions, trail: [PageLink] = []
  ) throws -> String {
    try Templates.render(
      LiveSitePage(view, name: name, what: what, options: options, trail: trail), with: "live")
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
private struct LiveSitePage {
  var trail: TrailView?
  var kicker: String
  var title: String
  var account: String?
  var lead: String?
  var warnings: [String]
  var hasWarnings: Bool
  var refreshSeconds: Int?
  var switchAddress: String?
  var switchWords: String
  var hasFacts: Bool
  var facts: [FactView]
  var threads: FigureView?
  var now: TableView?
  var threadsTitle: String
  var waits: TableView?
  let threadsNote =
    "Works, waits and spins are shares of the time in states of these categories, on a CPU or not; CPU and no CPU are what"
    + " the kernel says of the thread. The report that is made when the run has ended has the books."
  let styleSheet = PageStyle.sheet

  init(_ view: LiveView, name: String, what: String?, options: LivePageOptions, trail: [PageLink]) {
    self.trail = TrailView(trail)
    kicker = "run \(name), going on"
    title = LiveTables.headline(of: view)
    account = LiveTables.account(of: view)
    lead = what.map { $0 + "." }
    warnings =
      options.warnings
      + LiveWords.cautions(view).map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    hasWarnings = !warnings.isEmpty
    refreshSeconds = options.refreshSeconds
    switchAddress = options.toggle?.address
    switchWords = options.toggle?.words ?? ""
    facts = LiveTables.facts(of: view)
    hasFacts = !facts.isEmpty
    let table = LiveTables.threads(view)
    threads = FigureView(
      "threads",
      caption: "Shares of wall time by the category of the state that a thread is in."
        + ThreadFigure.note(view.threads.count),
      table: table
    ) { ThreadFigure.document(live: view, form: $0) }
    // Before there is an interval to draw, the table says what each thread is in.
    now = threads == nil && !view.threads.isEmpty ? table : nil
    threadsTitle =
      threads == nil ? "What each thread is doing" : "How each thread spent \(LiveTables.stretch(view))"
    waits = LiveTables.waits(view)
  }
}
