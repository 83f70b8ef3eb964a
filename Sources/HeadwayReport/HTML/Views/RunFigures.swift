import HeadwayTrace

/// The critical path of an excerpt in words.
enum PathWords {
  /// Where most of it lies, in a sentence that begins with a blank; empty where it was not followed.
  static func sentence(of excerpt: TimelineExcerpt) -> String {
    struct Place: Hashable {
      var row: Int
      var state: String
    }
    var sums: [Place: Nanoseconds] = [:]
    for piece in excerpt.path {
      sums[Place(row: piece.row, state: piece.state), default: .zero] += piece.time.end - piece.time.begin
    }
    guard !sums.isEmpty, excerpt.lengthNs > .zero else { return "" }
    let most = sums.sorted { ($1.value, $0.key.row, $0.key.state) < ($0.value, $1.key.row, $1.key.state) }
      .prefix(3)
    let words = most.map { place, time in
      "for \(Numerals.share(time / excerpt.lengthNs)) on \(excerpt.rows[place.row].name) in \(place.state)"
    }
    return " The critical path, which decided how long this took, is the band along the rows: it lies"
      + " \(words.joined(separator: ", "))."
  }
}

/// The drawings of a run's page with their captions and tables.
enum RunFigures {
  /// The threads' time; the caption is that the books close, unless that is said elsewhere.
  static func threads(_ run: RunSummary, caption: String? = nil) -> FigureView? {
    FigureView(
      "threads", caption: (caption ?? RunWords.closure(of: run)) + ThreadFigure.note(run),
      table: SweepTables.threads(run)
    ) { ThreadFigure.document(run: run, form: $0) }
  }

  static func barriers(_ run: RunSummary, words: String = "") -> FigureView? {
    FigureView(
      "barriers",
      caption: words
        + "Imbalance is the wait for the last to arrive, wake-up the time from the release to the departure; the"
        + " spread is the time between an episode’s first and last arrival, on a logarithmic axis."
        + BarrierFigure.note(run), table: SweepTables.barriers(run)
    ) { BarrierFigure.document(run: run, form: $0) }
  }

  static func waits(_ run: RunSummary) -> FigureView? {
    FigureView(
      "waits", caption: "The lengths of single waits are on a logarithmic axis.",
      table: SweepTables.waits(run)
    ) { WaitFigure.document(run: run, form: $0) }
  }

  static func timeline(_ excerpt: TimelineExcerpt) -> FigureView? {
    let omissions =
      excerpt.omissions.isEmpty ? "" : " " + excerpt.omissions.map(sentence).joined(separator: " ")
    let narrow = excerpt.steps.count > 1 ? " A narrow page shows the middle step only." : ""
    return FigureView(
      "timeline",
      caption: excerpt.words
        + ". The height of a working span’s colour is the share of its time on a CPU; grey ground is time in no"
        + " state." + PathWords.sentence(of: excerpt) + omissions + narrow, table: RunTables.timeline(excerpt)
    ) { TimelineFigure.document(excerpt: excerpt, form: $0) }
  }

  static func flames(_ profile: StackProfile) -> [RunPage.FlameView] {
    let kinds: [(FlameTree.Kind, String, String)] = [
      (.running, "flame", profile.mode == .cpu ? "On a CPU" : "Running or ready to run"),
      (.sleeping, "flame-asleep", "Asleep, off the CPU"),
    ]
    return kinds.compactMap { kind, id, title in
      guard let tree = FlameTree(profile, kind: kind) else { return nil }
      let caption =
        "\(Numerals.plural(tree.periods, "period")) of the timer at \(profile.frequencyHz) Hz. Callers are above what"
        + " they call, and a function is as wide as its share of the samples; from left to right there is no time."
        + FlameFigure.note(tree)
      return FigureView(id, caption: caption, table: RunTables.flame(tree)) {
        FlameFigure.document(tree: tree, name: title, form: $0)
      }.map { .init(flameTitle: title, flame: $0) }
    }
  }

  static func steps(_ run: RunSummary) -> FigureView? {
    let caption =
      run.throughput.warmupSteps > 0
      ? "Shaded: the warm-up, which the figures leave out."
      : "No step counts as warm-up: the figures are of all."
    return FigureView(
      "steps", caption: caption, table: RunTables.steps(run)
    ) { StepFigure.document(run: run, form: $0) }
  }

  static func memory(_ run: RunSummary) -> FigureView? {
    let layers = MemoryLayers(run.memory)
    let taken = run.memory.samples?.taken ?? 0
    let drawn = layers.points.count
    let share =
      drawn == taken
      ? "all \(Numerals.plural(taken, "sample")) are drawn."
      : "\(Numerals.plural(taken, "sample")) were taken; \(Numerals.count(drawn)) are kept and drawn, and the highest."
    let missing =
      layers.unreadable > 0
      ? " \(Numerals.plural(layers.unreadable, "sample")) could not be read and are left out." : ""
    return FigureView(
      "memory",
      caption:
        "Resident bytes; \(share) The peak below is the kernel’s, of the process from its start to its end."
        + missing, table: RunTables.memory(run)
    ) { MemoryFigure.document(run: run, form: $0) }
  }

  static func memoryParts(_ run: RunSummary, words: String = "") -> FigureView? {
    FigureView(
      "memory-parts",
      caption: words + "What the program accounts for, component by component, and what is left of the peak.",
      table: RunTables.components(run)
    ) { MemoryPartsFigure.document(run: run, form: $0) }
  }

  static func loss(_ run: RunSummary, words: String = "Nats per token.") -> FigureView? {
    FigureView("loss", caption: words, table: SweepTables.loss(run)) {
      LossFigure.document(run: run, form: $0)
    }
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
