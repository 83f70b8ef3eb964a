import HeadwayTrace

/// The sampled stacks of two compared runs; absent where a run was not sampled.
public struct ComparedStacks: Sendable {
  /// The base's.
  public var base: StackProfile?
  /// The candidate's.
  public var candidate: StackProfile?
  /// Pairs the stacks of two runs.
  public init(base: StackProfile?, candidate: StackProfile?) {
    self.base = base
    self.candidate = candidate
  }
}

/// Everything that a comparison's page shows, as the template sees it.
struct ComparisonPage {
  var trail: TrailView?
  var title: String
  var headline: String
  var lead: String
  var warnings: [String]
  var hasWarnings: Bool
  var sections: [SectionView]
  var figures: [FigureView]
  var hasFigures: Bool
  var comparisonTables: [TitledTable]
  var results: String
  var flames: [FlameSection]
  var hasFlames: Bool
  var surroundings: TableView?
  var environment: [FactView]
  var methods: [FactView]
  var command: String?
  var styleSheet: String
  var script: String
  var embedded: String
  var embeddedNote: String

  /// A differential flame graph under its heading, or why there is none.
  struct FlameSection {
    var flameTitle: String
    var flame: FigureView?
    var refusal: String?
  }

  init(_ comparison: RunComparison, stacks: ComparedStacks?, command: String?) throws {
    headline = ComparisonWords.headline(of: comparison)
    title = headline
    lead =
      comparison.machine.map { Phrases.machine($0) + "." } ?? "The machine is not known: no run noted it."
    warnings = comparison.warnings
    hasWarnings = !warnings.isEmpty
    figures = ComparisonTables.figures(comparison)
    hasFigures = !figures.isEmpty
    comparisonTables = ComparisonTables.tables(comparison)
    results = ComparisonWords.losses(comparison.rows) + "."
    results = results.prefix(1).uppercased() + results.dropFirst()
    flames = stacks.map { Self.flames($0, comparison) } ?? []
    hasFlames = !flames.isEmpty
    surroundings =
      comparison.environment.isEmpty
      ? nil
      : TableView(
        tableLabel: "What differs around the runs", corner: "what",
        headings: [.init("base", "w wrap"), .init("candidate", "w wrap")],
        rows: comparison.environment.map {
          .init(
            head: $0.name,
            cells: [.init($0.base ?? "absent", "w wrap"), .init($0.candidate ?? "absent", "w wrap")])
        })
    environment =
      [FactView(factName: "Base", fact: ComparisonWords.side(comparison.base))]
      + (comparison.candidate.map { [FactView(factName: "Candidate", fact: ComparisonWords.side($0))] } ?? [])
      + (comparison.machine.map(EnvironmentFacts.machine) ?? [])
    methods = Self.methods
    self.command = command
    styleSheet = PageStyle.sheet
    script = PageScript.text
    embedded = try EmbeddedJSON.text(of: comparison)
    embeddedNote =
      "This page carries the comparison as JSON (the element “summary”). The runs themselves are in their directories."
    sections = []
    sections = SectionView.present([
      ("speed", "Speed", true), ("flames", "Stacks", hasFlames), ("environment", "Environment", true),
      ("method", "Method", true), ("repeat", "Repeat it", command != nil),
    ])
  }

  private static func flames(_ stacks: ComparedStacks, _ comparison: RunComparison) -> [FlameSection] {
    let row = comparison.rows.first
    let names = (base: row?.base ?? "the base", candidate: row?.candidate ?? "the candidate")
    let kinds: [(FlameTree.Kind, String, String)] = [
      (.running, "flame-difference", stacks.base?.mode == .cpu ? "On a CPU" : "Running or ready to run"),
      (.sleeping, "flame-difference-asleep", "Asleep, off the CPU"),
    ]
    return kinds.map { kind, id, title in
      do {
        let difference = try FlameDifference(
          base: (names.base, stacks.base), candidate: (names.candidate, stacks.candidate), kind: kind)
        let caption =
          "\(Numerals.plural(difference.basePeriods, "period")) of \(names.base) and"
          + " \(Numerals.count(difference.candidatePeriods)) of \(names.candidate). A function is as wide as the mean of"
          + " its shares in both; the sign and the number say by how many percentage points its share of the samples"
          + " is larger (▲) or smaller (▼) in the candidate. Grey: within two standard errors, which is no more than"
          + " chance gives." + FlameDifferenceFigure.note(difference)
        return FlameSection(
          flameTitle: title,
          flame: FigureView(id, caption: caption, table: table(difference)) {
            FlameDifferenceFigure.document(difference, name: title, form: $0)
          })
      } catch {
        return FlameSection(flameTitle: title, refusal: "There is no difference to draw. \(error)")
      }
    }
  }

  /// The functions, callers before what they call.
  private static func table(_ difference: FlameDifference) -> TableView {
    var rows: [TableView.Row] = []
    func add(_ nodes: [FlameDifference.Node], depth: Int) {
      for node in nodes {
        let (old, new) = difference.shares(node)
        guard max(old, new) >= 0.01, depth < FlameDrawing.depthLimit else { continue }
        rows.append(
          .init(
            head: String(repeating: "\u{2003}", count: min(depth, 24)) + node.name,
            cells: [
              .init(node.module ?? Numerals.absent, "w"), .init(Numerals.share(old)),
              .init(Numerals.share(new)),
              .init(FlameDifferenceFigure.points(new - old)),
              .init(difference.isClear(node) ? (new > old ? "▲ gained" : "▼ lost") : "not clear", "w"),
            ]))
        add(node.callees, depth: depth + 1)
      }
    }
    add(difference.roots, depth: 0)
    return TableView(
      tableLabel: "Functions with at least 1 % of a run's samples, callers above", corner: "function",
      headings: [
        .init("module", "w"), .init("base"), .init("candidate"), .init("percentage points"), .init("", "w"),
      ], rows: rows)
  }

  private static let methods: [FactView] = [
    FactView(
      factName: "The same work",
      fact:
        "Runs are compared if they did the same work, came to the same result and ran on the same machine. Runs of one"
        + " sweep are paired by block; of others the ratio is the median of all pairwise ones, and what drifted on the"
        + " machine between them is part of it."),
    FactView(
      factName: "Where the difference lies",
      fact:
        "All of a window’s thread-time is booked to a category, so the difference in wall time is the sum of the"
        + " categories’ differences, each divided by the number of threads. " + DifferenceParts.note),
    FactView(
      factName: "Stacks",
      fact:
        "Shares are of each run’s own samples in its measured window. A difference is called clear beyond two standard"
        + " errors of two independent shares; samples that follow each other are more alike than that assumes."
    ),
  ]
}
