import HeadwayTrace

/// A system test as chapters, which every format sets in its own way. What was not measured is said in words.
struct SystemTestStory {
  /// One subject.
  struct Chapter {
    var anchor: String
    var chapterTitle: String
    var sentences: [String] = []
    var chapterFacts: [FactView] = [] {
      didSet { hasFacts = !chapterFacts.isEmpty }
    }
    // Stored, because templates see stored properties only.
    private(set) var hasFacts = false
    var chapterTables: [TitledTable] = []
    var chapterFigures: [FigureView] = []

    init(anchor: String, chapterTitle: String, chapterTables: [TitledTable] = []) {
      self.anchor = anchor
      self.chapterTitle = chapterTitle
      self.chapterTables = chapterTables
    }
  }

  let headline: String
  let lead: String
  let warnings: [String]
  let chapters: [Chapter]

  init(_ test: SystemTest) {
    headline = SystemTestWords.headline(of: test)
    lead =
      "\(Phrases.machine(test.machine)). Everything here was measured from \(test.startedAt) on, in \(Numerals.duration(test.elapsedNs))."
    warnings = SystemTestWords.cautions(test)
    let missing = SystemTestWords.missing
    func chapter(
      _ anchor: String, _ title: String, _ kind: SystemTestPart.Kind, _ body: (inout Chapter) -> Bool
    ) -> Chapter {
      var chapter = Chapter(anchor: anchor, chapterTitle: title)
      if !body(&chapter) { chapter.sentences = [missing(kind, test)] }
      return chapter
    }
    chapters = [
      Self.parts(test), chapter("build", "Build", .build) { Self.build(test, into: &$0) },
      chapter("corpus", "Data set", .corpus) { Self.corpus(test, into: &$0) },
      chapter("model", "Model", .training) { Self.model(test, into: &$0) },
      chapter("threads", "Threads", .training) { Self.threads(test, into: &$0) },
      chapter("phases", "Before and after, phase by phase", .phases) { Self.phases(test, into: &$0) },
      chapter("memory", "Memory", .training) { Self.memory(test, into: &$0) },
      chapter("training", "Training", .training) { Self.training(test, into: &$0) },
      chapter("inference", "Inference", .inference) { Self.inference(test, into: &$0) },
      chapter("quality", "Quality", .quality) { Self.quality(test, into: &$0) },
      chapter("findings", "Findings of the training", .training) { Self.findings(test, into: &$0) },
    ]
  }

  private static func parts(_ test: SystemTest) -> Chapter {
    Chapter(
      anchor: "parts", chapterTitle: "What was done",
      chapterTables: [
        TitledTable(
          tableTitle: "",
          titledTable: TableView(
            tableLabel: "The parts of this test", corner: "part",
            headings: [.init("state", "w"), .init("time"), .init("files", "w")],
            rows: test.parts.map { part in
              .init(
                head: SystemTestWords.name(part.kind),
                cells: [
                  state(of: part, in: test), .init(Numerals.duration(part.elapsedNs)),
                  .init(part.directory ?? Numerals.absent, "w"),
                ])
            }))
      ])
  }

  private static func state(of part: SystemTestPart, in test: SystemTest) -> TableView.Cell {
    switch SystemTestWords.state(of: part, in: test) {
    case .whole: .init("✓ measured", "w good")
    case .partial: .init("✗ in part only", "w bad")
    case .missing: .init("✗ not measured", "w bad")
    }
  }

  private static func build(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let build = test.build else { return false }
    chapter.sentences = [SystemTestWords.compiled(build)]
    chapter.chapterFacts = [
      FactView(factName: "Checkout", fact: build.directory),
      FactView(factName: "Command", fact: build.command),
      FactView(factName: "Took", fact: Numerals.duration(build.elapsedNs)),
      FactView(factName: "Binary", fact: build.binaryHash ?? "could not be read"),
    ]
    if !build.warnings.isEmpty {
      chapter.chapterTables = [
        TitledTable(
          tableTitle: Numerals.plural(build.warnings.count, "warning"),
          titledTable: TableView(
            tableLabel: "Warnings of the compiler", corner: "number", headings: [.init("warning", "w wrap")],
            rows: build.warnings.enumerated().map {
              .init(head: String($0 + 1), cells: [.init($1, "w wrap")])
            }))
      ]
    }
    return true
  }

  private static func corpus(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let corpus = test.corpus else { return false }
    let took = test.parts.first { $0.kind == .corpus }?.elapsedNs
    chapter.chapterFacts = [
      FactView(factName: "Sources", fact: corpus.sources.joined(separator: ", ")),
      FactView(
        factName: "Text",
        fact: "\(Numerals.plural(corpus.files, "file")), \(Numerals.bytes(corpus.textBytes))"),
      FactView(factName: "Left out", fact: corpus.skipped ?? "nothing"),
      FactView(
        factName: "Tokens",
        fact:
          "\(Numerals.count(corpus.trainTokens)) to train on, \(Numerals.count(corpus.validationTokens)) held out"
      ),
      FactView(factName: "Vocabulary", fact: Numerals.count(corpus.vocabularySize)),
      FactView(factName: "Hash", fact: corpus.contentHash),
      FactView(
        factName: "Tokenising took",
        fact: corpus.wasBuilt ? Numerals.duration(took ?? .zero) : "not measured: the corpus was found built"),
    ]
    return true
  }

  private static func model(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let configuration = test.training?.configuration else { return false }
    chapter.chapterFacts = [
      FactView(factName: "Parameters", fact: Numerals.count(configuration.parameterCount)),
      FactView(
        factName: "Shape",
        fact: "\(Numerals.plural(configuration.layers, "block")), \(configuration.width) channels,"
          + " \(Numerals.plural(configuration.heads, "head")), context \(configuration.sequenceLength),"
          + " vocabulary \(Numerals.count(configuration.vocabularySize))"),
      FactView(
        factName: "A step",
        fact: "\(configuration.stepBatches) × \(configuration.batchSize) × \(configuration.sequenceLength)"
          + " (batches, sequences, tokens) = \(Numerals.count(configuration.tokensPerStep)) tokens"),
      FactView(factName: "Arrangement", fact: Phrases.configuration(configuration)),
    ]
    return true
  }

  private static func threads(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let run = test.training else { return false }
    let roles = ThreadRole.allCases.compactMap { role -> String? in
      let count = run.threads.filter { $0.role == role }.count
      return count > 0 ? "\(count) × \(role.rawValue)" : nil
    }
    let own = run.threads.contains { $0.role == .sampler }
    chapter.sentences = [
      roles.isEmpty
        ? "No thread was recorded."
        : "\(Numerals.plural(run.threads.count, "thread")): \(roles.joined(separator: ", "))."
          + (own ? " The samplers are the tool’s own and not in the books." : ""),
      RunWords.closure(of: run),
    ]
    let caption = "Shares of each thread’s wall time by category."
    chapter.chapterFigures = [RunFigures.threads(run, caption: caption), RunFigures.barriers(run)]
      .compactMap(\.self)
    if !run.threads.isEmpty {
      chapter.chapterTables = [
        TitledTable(tableTitle: "Thread by thread", titledTable: SystemTestTables.threadTimes(run))
      ]
    }
    return true
  }

  private static func phases(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let sweep = test.sweep else { return false }
    chapter.sentences = [
      "\(Phrases.blocks(sweep)), in \(Numerals.duration(sweep.elapsedNs)), on \(sweep.corpus). Each phase keeps the settings of those before it."
    ]
    if let place = test.parts.first(where: { $0.kind == .phases })?.directory {
      let excluded =
        sweep.excluded.isEmpty ? "" : ", and of what was excluded the reasons"
      chapter.sentences.append("All of the sweep\(excluded): \(place)/report.html.")
    }
    chapter.chapterFigures = [SystemTestTables.phaseFigure(sweep)].compactMap(\.self)
    guard let phases = test.phases else {
      chapter.sentences.append(SystemTestWords.missing(.phases, test))
      return true
    }
    chapter.chapterFigures += ComparisonTables.figures(phases)
    chapter.chapterTables = ComparisonTables.tables(phases)
    chapter.sentences.append("Results: " + ComparisonWords.losses(phases.rows) + ".")
    return true
  }

  private static func memory(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let run = test.training else { return false }
    chapter.chapterFigures = [RunFigures.memory(run), RunFigures.memoryParts(run)].compactMap(\.self)
    chapter.chapterFacts = MemoryWords.facts(of: run.memory)
    return true
  }

  private static func training(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let run = test.training else { return false }
    chapter.sentences = [RunWords.headline(of: run), RunVerdict.sentence(of: run)].compactMap(\.self)
    if let loss = run.loss, let first = loss.train.first, let last = loss.train.last {
      chapter.sentences.append(
        "The training loss went from \(LossWords.value(first.value)) at step \(first.step) to"
          + " \(LossWords.value(last.value)) at step \(last.step), in nats per token\(LossWords.validation(loss))"
          + SystemTestWords.sampled(run) + "."
      )
    } else {
      chapter.sentences.append("No loss was noted.")
    }
    chapter.chapterFigures = [RunFigures.steps(run), RunFigures.loss(run)].compactMap(\.self)
    return true
  }

  private static func inference(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let inference = test.inference, let slowest = inference.rates.first,
      let fastest = inference.rates.last
    else { return false }
    chapter.sentences = [
      "\(Numerals.plural(inference.rates.count, "text")) of \(Numerals.plural(inference.tokens, "token")) were written on one thread, without a prompt: the middle one at \(Numerals.rounded(SystemTestWords.median(inference.rates))) tokens/s, all between \(Numerals.rounded(slowest)) and \(Numerals.rounded(fastest)). Every token is computed anew from its whole context."
    ]
    if let quality = test.quality, quality.elapsedNs.count > 0 {
      chapter.sentences.append(
        "Reading is faster: the held-out text went through the model at \(Numerals.rounded(Double(quality.tokens) / quality.elapsedNs.seconds)) tokens/s, on one thread."
      )
    }
    chapter.chapterFacts = [FactView(factName: "What it wrote", fact: inference.text)]
    return true
  }

  private static func quality(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let quality = test.quality else { return false }
    chapter.sentences = [
      "Over all \(Numerals.plural(quality.tokens, "token")) of the held-out text.",
      SystemTestWords.judgement(of: quality),
    ]
    chapter.chapterTables = [
      TitledTable(tableTitle: "", titledTable: SystemTestTables.losses(quality))
    ]
    return true
  }

  private static func findings(_ test: SystemTest, into chapter: inout Chapter) -> Bool {
    guard let run = test.training else { return false }
    chapter.sentences =
      run.findings.isEmpty
      ? ["No cause of lost time stands out above 2 % of the wall time."]
      : run.findings.map { finding in
        "\(Phrases.title(ofCause: finding.cause)), \(finding.scope): \(Phrases.saving(finding)); \(Phrases.word(finding.status)). \(finding.statement) Change: \(finding.change)."
      }
    return true
  }
}
