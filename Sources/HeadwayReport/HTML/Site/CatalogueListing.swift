import HeadwayTrace

/// A page of a list of runs and sweeps, of which a reader opens one or marks two to compare.
public struct CatalogueListing: Equatable, Sendable {
  /// What is known of a run's or a sweep's end.
  public enum State: Equatable, Sendable {
    /// It goes on.
    case running
    /// It did all that it was to do.
    case complete
    /// It ended before its time, for a reason in words.
    case ended(String)
    /// Its files do not say, for a reason in words.
    case unknown(String)
  }

  /// A run or a sweep.
  public struct Row: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// Its page; absent where there is nothing to open.
    public var address: String?
    /// What stands for it in a comparison; absent where it cannot be compared.
    public var token: String?
    /// Whether it is a run or a sweep, in a word or two.
    public var kind: String
    /// The list of its own runs; absent for what is a run itself.
    public var partsAddress: String?
    /// Its end.
    public var state: State
    /// Its rate per second; absent where none is known.
    public var rate: Double?
    /// What the rate counts, such as `tokens/s`.
    public var unit: String
    /// What ran, in a line; absent where nobody noted it.
    public var what: String?
    /// When it began, ISO 8601 in UTC; absent where nobody noted it.
    public var startedAt: String?
    /// Its directory.
    public var place: String

    /// Describes a row; what is not known is left absent.
    public init(
      name: String, address: String?, token: String?, kind: String, partsAddress: String? = nil, state: State,
      rate: Double? = nil, unit: String = "tokens/s", what: String? = nil, startedAt: String? = nil,
      place: String
    ) {
      self.name = name
      self.address = address
      self.token = token
      self.kind = kind
      self.partsAddress = partsAddress
      self.state = state
      self.rate = rate
      self.unit = unit
      self.what = what
      self.startedAt = startedAt
      self.place = place
    }
  }

  /// What the list is of.
  public var subject: String
  /// The headline.
  public var title: String
  /// Where the list comes from.
  public var lead: String
  /// What a list without rows says.
  public var emptyNote: String
  /// The rows, in the order of the table.
  public var rows: [Row]
  /// Where a search goes; `nil` for a list that has none.
  public var searchAddress: String?
  /// What was searched for.
  public var search: String
  /// Where a comparison goes.
  public var compareAddress: String
  /// The parts of the list before and after this one.
  public var pages: [PageLink]
  /// What a reader must know before believing the list.
  public var warnings: [String]

  /// A list without rows.
  public init(subject: String, title: String, lead: String, emptyNote: String, compareAddress: String) {
    self.subject = subject
    self.title = title
    self.lead = lead
    self.emptyNote = emptyNote
    self.compareAddress = compareAddress
    rows = []
    search = ""
    pages = []
    warnings = []
  }
}

extension CatalogueListing.Row {
  /// What a run is, in a line, by what its manifest says; `nil` where that is nothing.
  public static func what(configuration: RunConfiguration?, program: [String: String]?) -> String? {
    RunWords.description(configuration: configuration, program: program)
  }
}

extension HTMLReport {
  /// A list of runs and sweeps.
  ///
  /// - Throws: When the page's template is broken.
  public static func render(catalogue: CatalogueListing, trail: [PageLink] = []) throws -> String {
    try Templates.render(CataloguePage(catalogue, trail: trail), with: "catalogue")
  }
}

/// The list as its template sees it.
private struct CataloguePage {
  struct Entry {
    var entryName: String
    var entryAddress: String?
    var token: String?
    var kind: String
    var partsAddress: String?
    var stateWords: String
    var stateSign: String
    var stateStyle: String
    var rate: String
    var what: String
    var started: String
    var place: String

    init(_ row: CatalogueListing.Row) {
      entryName = row.name
      entryAddress = row.address
      token = row.token
      kind = row.kind
      partsAddress = row.partsAddress
      (stateSign, stateWords, stateStyle) =
        switch row.state {
        case .running: ("▶", "running", "good")
        case .complete: ("✓", "complete", "faint")
        case .ended(let reason): ("✗", reason, "bad")
        case .unknown(let reason): ("?", reason, "faint")
        }
      rate = row.rate.map { "\(Numerals.rounded($0)) \(row.unit)" } ?? Numerals.absent
      what = row.what ?? Numerals.absent
      started =
        row.startedAt.map { $0.replacing("T", with: " ").replacing("Z", with: "") } ?? Numerals.absent
      place = row.place
    }
  }
  struct Pages {
    var pageLinks: [PageLink]
  }

  var trail: TrailView?
  var kicker: String
  var title: String
  var lead: String
  var warnings: [String]
  var hasWarnings: Bool
  var listTitle: String
  var searchAddress: String?
  var search: String
  var compareAddress: String
  var isEmpty: Bool
  var emptyNote: String
  var entries: [Entry]
  var pages: Pages?
  var note: String
  let styleSheet = PageStyle.sheet

  init(_ listing: CatalogueListing, trail: [PageLink]) {
    self.trail = TrailView(trail)
    kicker = listing.subject
    title = listing.title
    lead = listing.lead
    warnings = listing.warnings
    hasWarnings = !listing.warnings.isEmpty
    listTitle = "Newest first"
    searchAddress = listing.searchAddress
    search = listing.search
    compareAddress = listing.compareAddress
    isEmpty = listing.rows.isEmpty
    emptyNote = listing.emptyNote
    entries = listing.rows.map(Entry.init)
    pages = listing.pages.isEmpty ? nil : Pages(pageLinks: listing.pages)
    note =
      "A rate is of the run’s own figures, without an interval; of a sweep, its report has the rates. Only runs that did"
      + " the same work on the same machine are compared; otherwise the comparison says why it is none."
  }
}
