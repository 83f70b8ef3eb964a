import HeadwayAnalysis
import HeadwayTrace

/// A run drawn as one line a thread, one character a millisecond:
///
///     main      dEEEEEEEEr
///     worker-0  SfffffffES
///
/// Lower case is on a CPU, upper case is not. See ``legend`` for the letters; `R` is forward while ready
/// without a CPU, `X` forward off the CPU for no reason that the kernel knows, `Y` a wait at work_start
/// after the thread was woken but before it ran. A blank is a thread that is not registered, a dot a
/// registered thread in no state.
struct DrawnTimeline {
  static let millisecond: Int64 = 1_000_000

  static let legend: [Character: (name: String, category: StateCategory)] = [
    "f": ("forward", .useful), "R": ("forward", .useful), "X": ("forward", .useful),
    "b": ("backward", .useful), "r": ("reduce", .useful), "o": ("optimize", .useful),
    "a": ("batch.assemble", .useful), "d": ("dispatch", .useful), "S": ("barrier.work_start", .blocked),
    "Y": ("barrier.work_start", .blocked), "E": ("barrier.work_end", .blocked),
    "s": ("barrier.work_start.spin", .spin), "e": ("barrier.work_end.spin", .spin),
    "Q": ("queue.empty", .blocked), "L": ("latch.step_done", .blocked), "P": ("prefetch.not_ready", .blocked),
    "C": ("thread.create", .lifecycle), ".": (ThreadAccounts.unattributedState, .unknown),
  ]

  var rows: [(name: String, role: ThreadRole, states: String)] = []
  var tasks: [String: Int] = [:]
  var barriers: [String: [String: BarrierAccount]] = [:]
  var hasRunDelay = true
  /// What others took of the CPUs; not known where absent.
  var foreign: ForeignTime?

  init(main: String, workers: [String], prefetch: String? = nil) {
    rows = [("main", .main, main)]
    rows += workers.enumerated().map { ("worker-\($0.offset)", .worker, $0.element) }
    if let prefetch { rows.append(("prefetch", .prefetch, prefetch)) }
    for row in rows where row.role == .worker { tasks[row.name] = row.states.contains("f") ? 1 : 0 }
  }

  var accounts: RunAccounts {
    let window = Int64(rows.map(\.states.count).max() ?? 0) * Self.millisecond
    return RunAccounts(
      windowNs: Nanoseconds(window), threads: rows.map(account),
      losses: RecordLosses(eventsDropped: 0, readingsFailed: 0), foreign: foreign)
  }

  func summary(
    _ configuration: RunConfiguration = RunConfiguration(), usableCpus: Double? = nil
  ) -> RunSummary {
    var configuration = configuration
    configuration.threads = rows.count { $0.role == .worker }
    return summarize(configuration, accounts: accounts, usableCpus: usableCpus)
  }

  private func account(_ row: (name: String, role: ThreadRole, states: String)) -> ThreadAccounts {
    var states: [String: StateAccount] = [:]
    var (present, cpu, delay): (Int64, Int64, Int64) = (0, 0, 0)
    for letter in row.states {
      guard let state = Self.legend[letter] else { continue }
      let running = letter.isLowercase ? Self.millisecond : 0
      present += Self.millisecond
      cpu += running
      delay += "RY".contains(letter) ? Self.millisecond : 0
      let definition = StateDefinition(name: state.name, category: state.category)
      var entry =
        states[state.name] ?? StateAccount(definition: definition, wallNs: .zero, cpuNs: .zero, count: 0)
      entry.wallNs += Nanoseconds(Self.millisecond)
      entry.cpuNs += Nanoseconds(running)
      entry.count += 1
      states[state.name] = entry
    }
    return ThreadAccounts(
      name: row.name, role: row.role, threadID: ThreadID(1), presentNs: Nanoseconds(present), states: states,
      cpuNs: Nanoseconds(cpu), runDelayNs: hasRunDelay ? Nanoseconds(delay) : nil,
      tasks: tasks[row.name] ?? 0, barriers: barriers[row.name] ?? [:])
  }
}

/// Summarizes accounts with twenty equal steps and nothing else.
func summarize(
  _ configuration: RunConfiguration, accounts: RunAccounts?,
  steps: [Nanoseconds] = [Nanoseconds](repeating: Nanoseconds(1_000_000), count: 20),
  usableCpus: Double? = nil
) -> RunSummary {
  RunAnalysis.summarize(
    configuration: configuration, completed: true, accounts: accounts, stepDurations: steps,
    loss: LossCurve(train: [], validation: [], trainBitsHash: "", weightBitsHash: ""),
    memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [], usableCpus: usableCpus)
}

/// Milliseconds as the contracts hold them.
func ms(_ count: Int) -> Nanoseconds { Nanoseconds(Int64(count) * DrawnTimeline.millisecond) }
