import HeadwayTrace

/// Everything that a run's page shows, as the template sees it.
struct RunPage {
  var trail: TrailView?
  var title: String
  var headline: String
  var account: String?
  var configuration: String
  var trust: TrustView
  var warnings: [String]
  var hasWarnings: Bool
  var sections: [SectionView]
  var findings: [FindingView]
  var threads: FigureView?
  var barriers: FigureView?
  var waits: FigureView?
  var tables: [TitledTable]
  var timeline: FigureView?
  var flames: [FlameView]
  var hasStacks: Bool
  var functions: TableView?
  var stackNote: String
  var stackWarnings: [String]
  var steps: FigureView?
  var memoryOverTime: FigureView?
  var memoryParts: FigureView?
  var memory: [FactView]
  var loss: FigureView?
  var environment: [FactView]
  var hasEnvironment: Bool
  var methods: [FactView]
  var parameters: [FactView]
  var hasParameters: Bool
  var command: String?
  var styleSheet: String
  var script: String
  var embedded: String
  var embeddedNote: String

  /// A flame graph under its heading.
  struct FlameView {
    var flameTitle: String
    var flame: FigureView
  }

  init(
    run: RunSummary, command: String?, manifest: Manifest?, excerpt: TimelineExcerpt?, stacks: StackProfile?
  ) throws {
    headline = RunWords.headline(of: run)
    account = RunVerdict.sentence(of: run)
    title = RunWords.description(of: run)
    configuration = title
    trust = TrustView(run)
    warnings = run.warnings
    hasWarnings = !run.warnings.isEmpty
    findings = run.findings.map(FindingView.init)
    threads = RunFigures.threads(run)
    barriers = RunFigures.barriers(run)
    waits = RunFigures.waits(run)
    tables = TitledTable.tables(of: run)
    timeline = excerpt.flatMap(RunFigures.timeline)
    flames = stacks.map(RunFigures.flames) ?? []
    functions = run.stacks.flatMap { $0.roles.isEmpty ? nil : RunTables.functions($0) }
    hasStacks = run.stacks != nil || !flames.isEmpty
    stackNote = run.stacks.map(StackWords.counts) ?? ""
    stackWarnings = stacks?.warnings ?? []
    steps = RunFigures.steps(run)
    memoryOverTime = RunFigures.memory(run)
    memoryParts = RunFigures.memoryParts(run)
    memory = MemoryWords.facts(of: run.memory, withComponents: memoryParts == nil)
    loss = RunFigures.loss(run)
    environment = manifest.map(RunFacts.environment) ?? []
    hasEnvironment = !environment.isEmpty
    methods = RunFacts.methods
    parameters =
      run.configuration.map { configuration in
        RunConfiguration.keys.map { key in
          FactView(factName: key, fact: configuration.value(of: key) ?? Numerals.absent)
        }
      } ?? (run.program ?? [:]).sorted { $0.key < $1.key }.map { FactView(factName: $0.key, fact: $0.value) }
    hasParameters = !parameters.isEmpty
    self.command = command ?? manifest.map { ShellWords.line($0.command) }
    styleSheet = PageStyle.sheet
    script = PageScript.text
    embedded = try EmbeddedJSON.text(of: run)
    embeddedNote =
      "This page carries the run’s summary as JSON (the element “summary”). The events of the trace and single"
      + " stack samples are not in it: they are in trace.hwtrace and stacks.json of the run’s directory."
    sections = []
    let recorded = tables.map { ($0.tableAnchor, $0.tableTitle, true) }
    let parts = [
      ("findings", "Findings", true), ("threads", "Thread-seconds", threads != nil),
      ("barriers", "Barriers", barriers != nil), ("waits", "Other waits", waits != nil),
      ("timeline", "Timeline", timeline != nil), ("stacks", "Stacks", hasStacks),
      ("steps", "Throughput", steps != nil), ("memory", "Memory", true),
    ]
    let rest = [
      ("loss", "Loss", loss != nil), ("environment", "Environment", hasEnvironment),
      ("method", "Method", true),
      ("repeat", "Repeat it", self.command != nil), ("parameters", "Parameters", hasParameters),
    ]
    sections = SectionView.present(parts + recorded + rest)
  }
}

/// An entry of a page's contents.
struct SectionView {
  var anchor: String
  var sectionName: String

  static func present(_ sections: [(String, String, Bool)]) -> [SectionView] {
    sections.filter(\.2).map { SectionView(anchor: "h-" + $0.0, sectionName: $0.1) }
  }
}

/// A command line that a shell reads back as the same words.
enum ShellWords {
  static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,@%+".contains($0)) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
