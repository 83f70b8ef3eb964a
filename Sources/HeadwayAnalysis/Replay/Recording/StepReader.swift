import HeadwayStatistics
import HeadwayTrace

/// Reads the steps of a trace one by one.
///
/// The main thread's `dispatch` spans are the phases of a step, in the engine's order: the tasks, the phases
/// of the reduction, the update. What the workers did inside one belongs to its phase.
struct StepReader {
  let events: [ThreadEvents]
  private let main: Int
  private let workers: [Int]
  private let marks: [StepMark]
  private let configuration: RunConfiguration
  private let shape: StepShape
  private let assembled: [MeasuredWork]
  private let usualGap: Double
  /// CPU time in forward passes and in all passes so far.
  private var passes = (forward: 0.0, all: 0.0)
  private var taskGaps: [Double] = []
  private var phaseGaps: [Double] = []
  private var openGaps: [Double] = []

  init(_ source: ReplaySource, main: Int, marks: [StepMark]) {
    let trace = source.trace
    events = trace.eventsByThread()
    self.main = main
    self.marks = marks
    configuration = source.configuration
    shape = StepShape(source.configuration)
    workers = trace.threads.indices.filter { trace.threads[$0].role == .worker }.sorted {
      (trace.threads[$0].name.count, trace.threads[$0].name)
        < (trace.threads[$1].name.count, trace.threads[$1].name)
    }
    let feeder = trace.threads.firstIndex { $0.role == .prefetch } ?? main
    assembled = events[feeder].spans.filter { $0.state == .assemble }.map(\.work)
    let gaps = zip(marks, marks.dropFirst()).map { Double(($1.start - $0.end).count) }
    usualGap = max(Quantiles.median(of: gaps) ?? 0, 0)
  }

  /// What lies between waits and work, over the steps read so far.
  var overhead: RecordedOverhead {
    func typical(_ gaps: [Double]) -> Double { max(Quantiles.median(of: gaps) ?? 0, 0) }
    return RecordedOverhead(
      taskNs: typical(taskGaps), phaseNs: typical(phaseGaps), openNs: typical(openGaps))
  }

  /// The share of the tasks' CPU time that the forward passes take.
  var forwardShare: Double { passes.all > 0 ? passes.forward / passes.all : 0 }

  /// The step with a place among the marks; `nil` when its events are not all there.
  mutating func step(_ index: Int) -> RecordedStep? {
    let mark = marks[index]
    let spans = events[main].spans(from: mark.start.ns, to: mark.end.ns)
    let phases = spans.filter { $0.state == .dispatch }
    let own = spans.filter { $0.state == .optimize }
    guard phases.count == shape.phaseCount, let first = phases.first, let norm = own.first else {
      return nil
    }
    guard let tasks = tasks(in: first) else { return nil }
    var reduction: [[MeasuredWork]] = []
    var update: [MeasuredWork] = []
    if configuration.reduction == .serial {
      reduction = [spans.filter { $0.state == .reduce }.map(\.work)]
    }
    for (number, phase) in phases.enumerated().dropFirst() {
      let isUpdate = number > shape.reductionPhases
      let pieces = pieces(of: isUpdate ? .optimize : .reduce, in: phase)
      if isUpdate { update = pieces } else { reduction.append(pieces) }
      guard !pieces.isEmpty else { return nil }
    }
    if configuration.optimizer == .serial { update = own.dropFirst().map(\.work) }
    guard !update.isEmpty, reduction.allSatisfy({ !$0.isEmpty }) else { return nil }
    for phase in phases { note(handingOut: phase) }
    let length = Double((mark.end - mark.start).count)
    let gap = index + 1 < marks.count ? Double((marks[index + 1].start - mark.end).count) : usualGap
    return RecordedStep(
      lengthNs: length, gapNs: gap > 20 * usualGap + 1e6 ? usualGap : max(gap, 0),
      assemble: assembly(index, among: spans), tasks: tasks, reduction: reduction, norm: norm.work,
      update: update, restNs: max(length - spans.reduce(0) { $0 + $1.end - $1.start }, 0))
  }

  /// The assembly of a step's batches: on the main thread inside the step, or the prefetch thread's of the
  /// same number.
  private func assembly(_ index: Int, among spans: ArraySlice<ThreadEvents.Span>) -> MeasuredWork {
    if configuration.prefetch == 0 {
      return spans.filter { $0.state == .assemble }.map(\.work).reduce(.none, +)
    }
    if index < assembled.count { return assembled[index] }
    return assembled.last ?? .none
  }

  /// The tasks of a step, workers' passes put together; `nil` when they are not all there.
  private mutating func tasks(in phase: ThreadEvents.Span) -> [MeasuredWork]? {
    var found: [(order: Double, work: MeasuredWork)] = []
    for (position, worker) in workers.enumerated() {
      let computed = events[worker].spans(from: phase.start, to: phase.end).filter {
        $0.state == .forward || $0.state == .backward
      }
      guard computed.count.isMultiple(of: shape.spansPerTask) else { return nil }
      for span in computed {
        passes.forward += span.state == .forward ? span.cpuNs : 0
        passes.all += span.cpuNs
      }
      var previous: Double?
      for number in 0..<(computed.count / shape.spansPerTask) {
        let spans = computed[number * shape.spansPerTask..<(number + 1) * shape.spansPerTask]
        guard let start = spans.first?.start, let end = spans.last?.end else { return nil }
        // What lies between the passes is the thread's own.
        let between = (end - start) - spans.reduce(0) { $0 + $1.end - $1.start }
        let work = MeasuredWork(
          wallNs: end - start, cpuNs: spans.reduce(0) { $0 + $1.cpuNs } + max(between, 0))
        // At barriers the place tells the task; at a queue only the time does.
        let order = configuration.scheduling == .barrier ? Double(position + number * workers.count) : start
        found.append((order, work))
        if let before = previous ?? events[worker].pause(endingBefore: start)?.end {
          taskGaps.append(start - before)
        }
        previous = end
      }
      if let previous, let next = events[worker].pause(startingAfter: previous) {
        phaseGaps.append(next.start - previous)
      }
    }
    guard found.count == shape.tasks else { return nil }
    return found.sorted { $0.order < $1.order }.map(\.work)
  }

  private func pieces(of state: StepState, in phase: ThreadEvents.Span) -> [MeasuredWork] {
    workers.flatMap { worker in
      events[worker].spans(from: phase.start, to: phase.end).filter { $0.state == state }.map(\.work)
    }
  }

  /// Notes what a phase took of the main thread beside its waits; not that a worker which it woke took its
  /// core.
  private mutating func note(handingOut phase: ThreadEvents.Span) {
    var rest = phase.end - phase.start
    var time = phase.start
    while let pause = events[main].pause(startingAfter: time), pause.end <= phase.end {
      rest -= pause.end - pause.start
      time = max(pause.end, pause.start + 1)
    }
    openGaps.append(min(rest, phase.cpuNs))
  }
}

/// How the steps of a configuration are cut: what must be found of each in its trace.
struct StepShape {
  /// Tasks of a step, each with a gradient slot of its own.
  let tasks: Int
  /// Spans that a task leaves: a forward and a backward one for each pass.
  let spansPerTask: Int
  /// Phases that the reduction hands to the team.
  let reductionPhases: Int
  /// All phases that the team is handed in a step.
  let phaseCount: Int

  init(_ configuration: RunConfiguration) {
    let sequences = configuration.grain == .batch ? configuration.batchSize : 1
    tasks = configuration.stepBatches * (configuration.batchSize / sequences)
    // As the engine cuts them: whole sequences of about 256 tokens go through the model together.
    let perPass = min(sequences, max(1, 256 / configuration.sequenceLength))
    spansPerTask = 2 * ((sequences + perPass - 1) / perPass)
    switch configuration.reduction {
    case .serial: reductionPhases = 0
    case .segmented: reductionPhases = 1
    case .tree: reductionPhases = Self.levels(slots: tasks) + 1
    }
    phaseCount = 1 + reductionPhases + (configuration.optimizer == .segmented ? 1 : 0)
  }

  /// Levels of a binary tree over some slots.
  static func levels(slots: Int) -> Int {
    slots < 2 ? 0 : Int.bitWidth - (slots - 1).leadingZeroBitCount
  }

  /// Additions at a level of the tree.
  static func pairs(slots: Int, level: Int) -> Int {
    let stride = 1 << level
    return max(0, (slots - stride + 2 * stride - 1) / (2 * stride))
  }
}
