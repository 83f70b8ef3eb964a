import HeadwayTrace

/// Everything that a run's page shows, as the template sees it.
struct RunPage {
  var title: String
  var headline: String
  var configuration: String
  var warnings: [String]
  var hasWarnings: Bool
  var findings: [FindingView]
  var threads: FigureView?
  var barriers: FigureView?
  var waits: TableView?
  var tables: [TitledTable]
  var loss: FigureView?
  var memory: [FactView]
  var parameters: [FactView]
  var command: String?
  var styleSheet: String
  var embedded: String

  init(run: RunSummary, command: String?) throws {
    headline = RunWords.headline(of: run)
    title = RunWords.description(of: run)
    configuration = title
    warnings = run.warnings
    hasWarnings = !run.warnings.isEmpty
    findings = run.findings.map(FindingView.init)
    threads = FigureView(
      "threads", caption: RunWords.closure(of: run), table: SweepTables.threads(run)
    ) { ThreadFigure.document(run: run, form: $0) }
    barriers = FigureView(
      "barriers",
      caption:
        "Imbalance is the wait for the last to arrive, wake-up the time from the release to the departure.",
      table: SweepTables.barriers(run)
    ) { BarrierFigure.document(run: run, form: $0) }
    waits = run.waits.isEmpty ? nil : SweepTables.waits(run)
    tables = TitledTable.tables(of: run)
    loss = FigureView("loss", caption: "Nats per token.", table: SweepTables.loss(run)) {
      LossFigure.document(run: run, form: $0)
    }
    memory = MemoryWords.facts(of: run.memory)
    parameters =
      run.configuration.map { configuration in
        RunConfiguration.keys.map { key in
          FactView(factName: key, fact: configuration.value(of: key) ?? Numerals.absent)
        }
      } ?? (run.program ?? [:]).sorted { $0.key < $1.key }.map { FactView(factName: $0.key, fact: $0.value) }
    self.command = command
    styleSheet = PageStyle.sheet
    embedded = try EmbeddedJSON.text(of: run)
  }
}
