import HeadwayTrace

/// A table as the templates see it. All text is escaped by the template.
struct TableView {
  /// One heading or cell.
  struct Cell {
    var text: String
    /// The class that sets it: numbers to the right, verdicts with their colour.
    var style: String
    init(_ text: String, _ style: String = "n") {
      self.text = text
      self.style = style
    }
  }

  /// One row; the first cell names it.
  struct Row {
    var head: String
    var cells: [Cell]
  }

  /// What the table holds, for those who hear it.
  var tableLabel: String
  var corner: String
  var headings: [Cell]
  var rows: [Row]
}

/// A drawing in both forms, with the table of its figures.
struct FigureView {
  var figureID: String
  var wide: String
  var narrow: String
  var caption: String
  var figureTable: TableView

  /// `nil` when there is nothing to draw.
  init?(
    _ id: String, caption: String, table: TableView, draw: (FigureForm) -> SVGDocument?
  ) {
    guard let wide = draw(.wide), let narrow = draw(.narrow) else { return nil }
    figureID = id
    self.wide = wide.inline
    self.narrow = narrow.inline
    self.caption = caption
    figureTable = table
  }
}

/// A finding as the templates see it.
struct FindingView {
  var findingTitle: String
  var scope: String
  var saving: String
  var status: String
  var statusStyle: String
  var statusSign: String
  var statement: String
  var evidence: [EvidenceView]
  var change: String
  var refutation: String

  struct EvidenceView {
    var query: String
    var answer: String
  }

  init(_ finding: Finding) {
    findingTitle = Phrases.title(ofCause: finding.cause)
    scope = finding.scope
    saving = Phrases.saving(finding)
    status = Phrases.word(finding.status)
    statusStyle = finding.status.rawValue
    statusSign =
      switch finding.status {
      case .supported: "✓"
      case .contradicted: "✗"
      case .untested: "?"
      }
    statement = finding.statement
    evidence = finding.evidence.map { EvidenceView(query: $0.query, answer: Phrases.value($0)) }
    change = finding.change
    refutation = finding.refutation
  }
}

/// A check as the templates see it.
struct CheckView {
  var sign: String
  var checkStyle: String
  var claim: String
  var detail: String

  init(_ check: SweepCheck) {
    sign = check.passed ? "✓ holds" : "✗ does not hold"
    checkStyle = check.passed ? "good" : "bad"
    claim = check.claim
    detail = check.detail
  }
}

/// A name and a text.
struct FactView {
  var factName: String
  var fact: String
}
