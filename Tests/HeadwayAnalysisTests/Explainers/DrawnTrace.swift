import HeadwayAnalysis
import HeadwayTrace

/// A trace drawn as one line a thread, one character a millisecond, and the barriers that opened:
///
///     worker-0  ffffEEEESS
///     worker-1  ffffffffSS      work_end opened at 8
///
/// Lower case works on a CPU, `F` works without one. `S` and `E` wait at the barriers work_start and work_end, `X`
/// and `Y` at two more, `Q` for an item of the queue, `L` for the latch, `P` for input, `U` for a free slot of the
/// prefetcher, `K` for a lock, `e` polls at work_end. A dot is a registered thread in no state, a blank one that
/// does not exist.
struct DrawnTrace {
  /// A barrier that opened, and who took part; everybody in the drawing where nobody is named.
  struct Opening {
    var site: String
    var at: Int
    var threads: [String]?

    init(_ site: String, at: Int, of threads: [String]? = nil) {
      self.site = site
      self.at = at
      self.threads = threads
    }
  }

  static let states: [(letter: Character, definition: StateDefinition)] = [
    ("f", StateDefinition(name: "forward", category: .useful)),
    ("b", StateDefinition(name: "backward", category: .useful)),
    ("r", StateDefinition(name: "reduce", category: .useful)),
    ("o", StateDefinition(name: "optimize", category: .useful)),
    ("a", StateDefinition(name: "batch.assemble", category: .useful)),
    ("d", StateDefinition(name: "dispatch", category: .useful)),
    ("S", StateDefinition(name: "barrier.work_start", category: .blocked, site: "work_start")),
    ("E", StateDefinition(name: "barrier.work_end", category: .blocked, site: "work_end")),
    ("e", StateDefinition(name: "barrier.work_end.spin", category: .spin, site: "work_end")),
    ("X", StateDefinition(name: "barrier.x", category: .blocked, site: "x")),
    ("Y", StateDefinition(name: "barrier.y", category: .blocked, site: "y")),
    ("Q", StateDefinition(name: "queue.empty", category: .blocked, site: "work_queue")),
    ("L", StateDefinition(name: "latch.step_done", category: .blocked, site: "step_done")),
    ("P", StateDefinition(name: "prefetch.not_ready", category: .blocked, site: "prefetch")),
    ("U", StateDefinition(name: "prefetch.full", category: .blocked, site: "prefetch_slots")),
    ("K", StateDefinition(name: "lock.sums", category: .blocked, site: "sums")),
    ("I", StateDefinition(name: "io", category: .blocked)),
    ("F", StateDefinition(name: "forward", category: .useful)),
  ]
  static let sites = [
    SiteDefinition(name: "work_start", kind: .barrier), SiteDefinition(name: "work_end", kind: .barrier),
    SiteDefinition(name: "x", kind: .barrier), SiteDefinition(name: "y", kind: .barrier),
    SiteDefinition(name: "work_queue", kind: .queueEmpty), SiteDefinition(name: "step_done", kind: .latch),
    SiteDefinition(name: "prefetch", kind: .prefetchNotReady),
    SiteDefinition(name: "prefetch_slots", kind: .queueFull), SiteDefinition(name: "sums", kind: .lock),
  ]

  var rows: [(name: String, role: ThreadRole, states: String)] = []
  var openings: [Opening] = []
  /// The window's end in milliseconds; that of the drawing where absent.
  var windowEnd: Int?
  var steps: [StepMark] = []

  init(main: String? = nil, workers: [String] = [], prefetch: String? = nil, _ openings: Opening...) {
    if let main { rows.append(("main", .main, main)) }
    rows += workers.enumerated().map { ("worker-\($0.offset)", .worker, $0.element) }
    if let prefetch { rows.append(("prefetch", .prefetch, prefetch)) }
    self.openings = openings
  }

  /// Adds steps of the main thread that end at these milliseconds, the first from 0.
  mutating func addSteps(endingAt ends: [Int]) {
    var start = 0
    for (index, end) in ends.enumerated() {
      steps.append(StepMark(thread: 0, index: index + 1, start: at(start), end: at(end)))
      start = end
    }
  }

  var trace: RecordedTrace {
    var trace = RecordedTrace(
      threads: rows.enumerated().map {
        RecordedThread(
          name: $0.element.name, role: $0.element.role, processID: 1, threadID: ThreadID(Int32($0.offset + 1))
        )
      }, states: Self.states.dropLast().map(\.definition), sites: Self.sites, steps: steps)
    for (thread, row) in rows.enumerated() {
      let letters = Array(row.states)
      for run in runs(letters) {
        if run.letter == " " { continue }
        if trace.stretches.last?.thread != thread || trace.stretches.last?.ended == at(run.from) {
          if trace.stretches.last?.thread != thread || letters[max(run.from - 1, 0)] == " " {
            trace.stretches.append(
              ThreadStretch(thread: thread, threadID: ThreadID(1), began: at(run.from), ended: nil))
          }
        }
        let index = trace.stretches.count - 1
        trace.stretches[index].ended = run.to == letters.count ? nil : at(run.to)
        guard run.letter != ".", let state = state(run.letter) else { continue }
        let wall = at(run.to) - at(run.from)
        trace.spans.append(
          StateSpan(
            thread: thread, state: state, start: at(run.from), end: at(run.to),
            cpuNs: run.letter.isLowercase ? wall : .zero, depth: 0))
        if let site = Self.sites.firstIndex(where: { $0.name == trace.states[state].site }),
          Self.sites[site].kind != .barrier
        {
          trace.waits.append(Wait(thread: thread, site: site, start: at(run.from), end: at(run.to)))
        }
      }
    }
    for (number, opening) in openings.enumerated() { add(opening, number: number, to: &trace) }
    trace.crossings.sort { ($0.arrival, $0.thread) < ($1.arrival, $1.thread) }
    let end = windowEnd ?? rows.map(\.states.count).max() ?? 0
    trace.window = TraceWindow(begin: at(0), end: at(end))
    return trace
  }

  var timeline: Timeline {
    get throws { try Timeline(trace) }
  }

  var explanation: RunExplanation {
    get throws { try RunAnalysis.explain(trace: trace) }
  }

  private func at(_ milliseconds: Int) -> Instant { Instant(ms(milliseconds)) }

  private func state(_ letter: Character) -> Int? {
    Self.states.firstIndex { $0.letter == (letter == "F" ? "f" : letter) }
  }

  private func runs(_ letters: [Character]) -> [(letter: Character, from: Int, to: Int)] {
    var runs: [(letter: Character, from: Int, to: Int)] = []
    for (index, letter) in letters.enumerated() {
      if let last = runs.indices.last, runs[last].letter == letter {
        runs[last].to = index + 1
      } else {
        runs.append((letter, index, index + 1))
      }
    }
    return runs
  }

  /// A participant that does not wait before the opening was the last to come.
  private func add(_ opening: Opening, number: Int, to trace: inout RecordedTrace) {
    guard let site = Self.sites.firstIndex(where: { $0.name == opening.site }) else { return }
    var hasLast = false
    for (thread, row) in rows.enumerated() {
      if let threads = opening.threads, !threads.contains(row.name) { continue }
      let letters = Array(row.states)
      func waits(_ index: Int) -> Bool {
        guard letters.indices.contains(index), let state = state(letters[index]) else { return false }
        return trace.states[state].site == opening.site
      }
      var arrival = opening.at
      while waits(arrival - 1) { arrival -= 1 }
      var departure = opening.at
      while waits(departure) { departure += 1 }
      let isLast = arrival == opening.at && !hasLast
      hasLast = hasLast || isLast
      trace.crossings.append(
        BarrierCrossing(
          thread: thread, site: site, generation: UInt32(number), arrival: at(arrival),
          release: at(opening.at), departure: at(departure), wasLast: isLast))
    }
  }
}

extension RunExplanation {
  /// A cause's row, which must exist.
  func cause(_ thread: String, _ context: String) -> ExplainedCause? {
    causes.first { $0.thread == thread && $0.context == context }
  }

  /// A part of the losses.
  func loss(_ part: LossShare.Part) -> Nanoseconds? { losses.first { $0.part == part }?.timeNs }
}
