import HeadwayTrace

// Literals of the contracts, so that a test names only what it is about.

extension StateDefinition {
  /// A state of useful work.
  public static func useful(_ name: String) -> Self { Self(name: name, category: .useful) }
  /// A state of waiting at a site.
  public static func blocked(_ name: String, site: String) -> Self {
    Self(name: name, category: .blocked, site: site)
  }
  /// A state of polling at a site.
  public static func spin(_ name: String, site: String) -> Self {
    Self(name: name, category: .spin, site: site)
  }
}

extension ThreadAccounts {
  /// The accounts of a thread in milliseconds: each state's wall and CPU time. What is left of `presentMs`
  /// is unattributed.
  public static func literal(
    _ name: String, role: ThreadRole = .worker, presentMs: Int64,
    states: [(definition: StateDefinition, wallMs: Int64, cpuMs: Int64)] = [], runDelayMs: Int64? = 0,
    tasks: Int = 0, tokens: Int = 0, barriers: [String: BarrierAccount] = [:],
    waits: [String: WaitAccount] = [:]
  ) -> Self {
    var table: [String: StateAccount] = [:]
    for state in states {
      table[state.definition.name] = StateAccount(
        definition: state.definition, wallNs: .milliseconds(state.wallMs), cpuNs: .milliseconds(state.cpuMs),
        count: 1)
    }
    let rest = presentMs - states.reduce(0) { $0 + $1.wallMs }
    if rest > 0 {
      table[unattributedState] = StateAccount(
        definition: StateDefinition(name: unattributedState, category: .unknown),
        wallNs: .milliseconds(rest), cpuNs: .zero, count: 0)
    }
    return ThreadAccounts(
      name: name, role: role, threadID: ThreadID(1), presentNs: .milliseconds(presentMs), states: table,
      cpuNs: .milliseconds(states.reduce(0) { $0 + $1.cpuMs }),
      runDelayNs: runDelayMs.map(Nanoseconds.milliseconds), tasks: tasks, tokens: tokens,
      barriers: barriers, waits: waits)
  }
}

extension RunAccounts {
  /// The accounts of a run over a window in milliseconds, with nothing lost.
  public static func literal(windowMs: Int64, threads: [ThreadAccounts]) -> Self {
    RunAccounts(
      windowNs: .milliseconds(windowMs), threads: threads,
      losses: RecordLosses(eventsDropped: 0, readingsFailed: 0))
  }
}

extension Nanoseconds {
  /// A whole number of milliseconds.
  public static func milliseconds(_ count: Int64) -> Self { Self(count * 1_000_000) }
}

extension RunSummary {
  /// The summary of a completed run without books, threads or findings; fill in what a test is about.
  public static func literal(
    configuration: RunConfiguration = RunConfiguration(), tokensPerSecond: Double = 1_000,
    stepMs: Int64 = 10, steps: Int = 10
  ) -> Self {
    let step = Nanoseconds.milliseconds(stepMs)
    return RunSummary(
      configuration: configuration, completed: true,
      throughput: Throughput(
        tokensPerSecond: tokensPerSecond, stepNs: Quartiles(lower: step, median: step, upper: step),
        stepsNs: Array(repeating: step, count: steps), warmupSteps: 0, steps: steps,
        tokens: steps * configuration.tokensPerStep),
      books: nil, threads: [], barriers: [], waits: [],
      memory: MemorySummary(peakRssBytes: nil, components: [:]),
      loss: LossCurve(
        train: (1...max(1, steps)).map { LossPoint(step: $0, value: 5 / Float($0)) }, validation: [],
        trainBitsHash: "0", weightBitsHash: "0"),
      losses: RecordLosses(eventsDropped: 0, readingsFailed: 0), findings: [], warnings: [])
  }
}

extension MachineFacts {
  /// A two-core machine that exists nowhere.
  public static let literal = MachineFacts(
    processor: "Test CPU", architecture: "x86_64", onlineCpus: 2, usableCpus: 2,
    memoryBytes: 8 << 30, kernel: "6.1", hypervisor: nil, clockSource: "tsc",
    vectorExtensions: ["avx2", "fma"])
}
