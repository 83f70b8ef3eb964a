import Foundation
import HeadwayTrace

/// Everything that the sweep's page shows, as the template sees it.
struct SweepPage {
  var trail: TrailView?
  var title: String
  var verdict: String
  var machineLine: String
  var blocksLine: String
  var trust: TrustView
  var warnings: [String]
  var hasWarnings: Bool
  var findings: [FindingView]
  var scaling: FigureView?
  var efficiency: FigureView?
  var phaseFigures: [FigureView]
  var phaseTables: [TitledTable]
  var phaseResults: String
  var hasPhases: Bool
  var cells: TableView
  var hasCells: Bool
  var effects: [TableView]
  var hasEffects: Bool
  var effectsTitle: String
  var effectsNote: String
  var predictions: LedgerView?
  var recordsItself: Bool
  var scalingTitle: String
  var laws: [String]
  var time: FigureView?
  var threads: FigureView?
  var barriers: FigureView?
  var memory: FigureView?
  var loss: FigureView?
  var checks: [CheckView]
  var overhead: String
  var environment: [FactView]
  var methods: [FactView]
  var exclusions: [ExclusionView]
  var hasExclusions: Bool
  var exclusionCount: String
  var command: String
  var sections: [SectionView]
  var styleSheet: String
  var script: String
  var embedded: String
  var embeddedNote: String

  /// What was predicted, beside what was measured.
  struct LedgerView {
    var ledgerTitle = LedgerWords.heading
    var scores: String
    var ledgerTable: TableView
    var unknown: [String]
    var ledgerNotes: [String]

    init(_ ledger: LedgerSummary) {
      scores = LedgerWords.scores(ledger)
      ledgerTable = SweepTables.predictions(ledger)
      unknown = LedgerWords.unknown(ledger)
      ledgerNotes = [LedgerWords.note, LedgerWords.basis(ledger)]
    }
  }

  struct ExclusionView {
    var excluded: String
    var reason: String
    var output: String?
  }

  init(sweep: SweepSummary, runs: [String: [RunSummary]], phases: RunComparison?, bandwidth: [LawPoint])
    throws
  {
    title = sweep.name
    verdict = VerdictSentence.words(for: sweep)
    machineLine = Phrases.machine(sweep.machine)
    blocksLine = Phrases.blocks(sweep)
    trust = TrustView(sweep)
    phaseFigures = phases.map(ComparisonTables.figures) ?? []
    phaseTables = phases.map(ComparisonTables.tables) ?? []
    phaseResults = phases.map { ComparisonWords.losses($0.rows) + "." } ?? ""
    hasPhases = !phaseTables.isEmpty
    warnings = Phrases.cautions(sweep)
    hasWarnings = !warnings.isEmpty
    findings = sweep.findings.map(FindingView.init)
    cells = SweepTables.cells(sweep)
    hasCells = !sweep.cells.isEmpty
    effects = (sweep.effects ?? []).map(EffectRows.view)
    hasEffects = !effects.isEmpty
    effectsTitle = Phrases.effects(sweep)
    effectsNote = EffectRows.note
    predictions = sweep.predictions.map(LedgerView.init)
    recordsItself = sweep.program == nil
    let subject = ScalingFigure.subject(sweep)
    scalingTitle = CellFigure.isWanted(for: sweep) ? "\(subject), cell by cell" : "\(subject) over threads"
    laws = ScalingWords.lines(sweep.scaling ?? []).map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
    checks = sweep.checks.map(CheckView.init)
    overhead = Phrases.overhead(sweep)
    environment = EnvironmentFacts.facts(of: sweep)
    methods = MethodWords.sweep
    exclusions = sweep.excluded.map {
      ExclusionView(
        excluded: "\($0.cell), block \($0.block + 1)", reason: $0.reason,
        output: $0.lastLines.isEmpty ? nil : $0.lastLines.joined(separator: "\n"))
    }
    hasExclusions = !sweep.excluded.isEmpty
    exclusionCount = Numerals.plural(sweep.excluded.count, "run")
    command = sweep.command
    styleSheet = PageStyle.sheet
    script = PageScript.text
    embedded = try EmbeddedJSON.text(of: sweep)
    embeddedNote =
      "This page carries the sweep’s summary as JSON (the element “summary”), every run’s throughput in it. What"
      + " single runs recorded besides is not in it: it is in the directories of the runs, by cell and block."
    sections = []
    addFigures(sweep: sweep, runs: runs, bandwidth: bandwidth)
    sections = SectionView.present([
      ("findings", "Findings", true), ("scaling", "Throughput", scaling != nil), ("cells", "Cells", hasCells),
      ("time", "Thread-seconds", time != nil), ("threads", "Thread by thread", threads != nil),
      ("barriers", "Barriers", barriers != nil), ("phases", "Phases", hasPhases),
      ("effects", "Switches", hasEffects), ("predictions", "Predictions", predictions != nil),
      ("memory", "Memory", memory != nil), ("loss", "Loss", loss != nil),
      ("checks", "Checks", true), ("environment", "Environment", true), ("method", "Method", true),
      ("exclusions", "Exclusions", true), ("repeat", "Repeat it", true),
    ])
  }

  private mutating func addFigures(
    sweep: SweepSummary, runs: [String: [RunSummary]], bandwidth: [LawPoint]
  ) {
    let highest = sweep.cells.compactMap { $0.figure?.value }.filter(\.isFinite).max() ?? 0
    scaling = FigureView(
      "scaling",
      caption:
        "Each dot is a run, each marker the estimate of a cell with its 95 % interval."
        + (CellFigure.isWanted(for: sweep)
          ? CellFigure.note(sweep)
          : " Dotted: the baseline’s series if it scaled without loss, up to the number of CPUs. Cells are moved a"
            + " little sideways so that they do not cover each other." + ScalingSeries.note(sweep)
            + (sweep.program == nil ? ScalingFigure.note(bandwidth, highest: highest) : "")),
      table: SweepTables.scaling(sweep)
    ) {
      CellFigure.isWanted(for: sweep)
        ? CellFigure.document(sweep: sweep, form: $0)
        : ScalingFigure.document(sweep: sweep, bandwidth: bandwidth, form: $0)
    }
    if !CellFigure.isWanted(for: sweep) {
      efficiency = FigureView(
        "efficiency",
        caption:
          "The speed-up over the same configuration at the fewest threads, divided by the ratio of threads; dotted: no"
          + " loss at all. Grey ground: more threads than CPUs." + ScalingSeries.note(sweep),
        table: SweepTables.efficiency(sweep)
      ) { EfficiencyFigure.document(sweep: sweep, form: $0) }
    }
    // Of another program nothing is known but its metric.
    if sweep.program != nil { return }
    let cells = sweep.cells.filter { $0.shares != nil }.count
    time = FigureView(
      "time",
      caption: "All threads together, medians over the runs of each cell."
        + ShownCells.note(of: cells, limit: TimeFigure.cellLimit), table: SweepTables.time(sweep)
    ) { TimeFigure.document(sweep: sweep, form: $0) }
    if let shown = ShownRun.fastest(sweep, runs: runs, where: { !$0.threads.isEmpty }) {
      threads = FigureView(
        "threads", caption: shown.words + ThreadFigure.note(shown.run), table: SweepTables.threads(shown.run)
      ) { ThreadFigure.document(run: shown.run, form: $0) }
    }
    if let shown = ShownRun.fastest(sweep, runs: runs, where: { $0.barriers.contains { $0.episodes > 0 } }) {
      barriers = RunFigures.barriers(shown.run, words: shown.words + " ")
    }
    if let shown = ShownRun.fastest(sweep, runs: runs, where: { !$0.memory.components.isEmpty }) {
      memory = RunFigures.memoryParts(shown.run, words: shown.words + " ")
    }
    if let shown = ShownRun.fastest(sweep, runs: runs, where: { ($0.loss?.train.count ?? 0) > 1 }) {
      loss = RunFigures.loss(shown.run, words: shown.words)
    }
  }
}

/// A run that stands for its cell on the page.
struct ShownRun {
  let cell: CellSummary
  let run: RunSummary

  /// The median run of the fastest cell that has a run of the wanted kind.
  static func fastest(
    _ sweep: SweepSummary, runs: [String: [RunSummary]], where isWanted: (RunSummary) -> Bool
  ) -> ShownRun? {
    func rate(_ cell: CellSummary) -> Double {
      let value = cell.tokensPerSecond?.value ?? -.infinity
      return value.isFinite ? value : -.infinity
    }
    for cell in sweep.cells.sorted(by: { rate($0) > rate($1) }) {
      let wanted = (runs[cell.id] ?? []).filter(isWanted).sorted {
        ($0.throughput.tokensPerSecond ?? 0) < ($1.throughput.tokensPerSecond ?? 0)
      }
      if !wanted.isEmpty { return ShownRun(cell: cell, run: wanted[wanted.count / 2]) }
    }
    return nil
  }

  /// Which run it is.
  var words: String {
    "The median run of “\(cell.label)”, \(run.throughput.tokensPerSecond.map { Numerals.rounded($0) } ?? Numerals.absent)"
      + " tokens/s."
  }
}
