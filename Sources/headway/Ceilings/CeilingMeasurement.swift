import HeadwayEngine
import HeadwayKernels
import HeadwayProbes
import HeadwayStatistics
import HeadwayThreads
import HeadwayTrace

/// Measures every ceiling at every number of threads, in rounds: each round has each of them once, in a
/// seeded order that balances their positions, so that a disturbance falls on all alike.
struct CeilingMeasurement {
  /// Which ceiling, and on how many threads.
  struct Arm {
    let kind: MachineCeiling.Kind
    let team: Int
  }

  private let works: [CeilingWork]
  private let teams: [WorkerTeam<NullProbe, CeilingWork>]
  private let memory: CeilingMemory
  private let arms: [Arm]
  private let main = NullProbe.Handle()

  init(_ configuration: RunConfiguration, threads: [Int], caches: CacheSizes) throws(InputError) {
    let step = CeilingStep(configuration)
    let memory = try CeilingMemory(threads: threads.max() ?? 1, caches: caches, products: step.products)
    var works: [CeilingWork] = []
    var teams: [WorkerTeam<NullProbe, CeilingWork>] = []
    for count in threads {
      let work = CeilingWork(threads: count, step: step, memory: memory)
      works.append(work)
      teams.append(
        try WorkerTeam(
          threads: count, scheduling: .barrier, barrier: .futex, queueCapacity: count, probe: NullProbe(),
          work: work))
    }
    self.memory = memory
    self.works = works
    self.teams = teams
    arms = threads.indices.flatMap { team in
      MachineCeiling.Kind.allCases.map { Arm(kind: $0, team: team) }
    }
  }

  /// Measures.
  ///
  /// - Parameters:
  ///   - rounds: Samples of each ceiling, at least 1.
  ///   - sampleSeconds: What one sample should take.
  ///   - progress: Called with the share that is done.
  /// - Returns: The samples of each arm in the order of the rounds, in 10⁹ per second.
  func run(
    rounds: Int, sampleSeconds: Double, progress: (Double) -> Void
  ) throws(InputError) -> [(arm: Arm, work: CeilingWork, rates: [Double])] {
    for team in teams { try team.start(probe: main) }
    defer { for team in teams { team.stop(probe: main) } }
    let repetitions = arms.map { calibrate($0, to: sampleSeconds) }
    var rates = arms.map { _ in [Double]() }
    let order = BlockOrder(arms: arms.count, seed: 1)
    for round in 0..<rounds {
      for index in order.arms(inBlock: round) {
        let arm = arms[index]
        let seconds = time(arm, repetitions: repetitions[index])
        rates[index].append(works[arm.team].amount(of: arm.kind) * Double(repetitions[index]) / seconds)
      }
      progress(Double(round + 1) / Double(rounds))
    }
    return arms.indices.map { (arms[$0], works[arms[$0].team], rates[$0]) }
  }

  /// Whether the multiply-add loop does what it is counted for: its first and last lane have the bits that a
  /// scalar loop gives.
  func multiplyAddsAreReal() throws(InputError) -> Bool {
    guard let team = teams.first, let work = works.first else { return false }
    try team.start(probe: main)
    defer { team.stop(probe: main) }
    memory.resetLanes()
    work.repetitions = 16
    team.run(Self.phase(.multiplyAdd), count: work.threads, probe: main)
    let rounds = 16 * CeilingWork.roundsPerRepetition
    return (0..<work.threads).allSatisfy { part in
      [0, MultiplyAddPeak.lanes - 1].allSatisfy { lane in
        let start = MultiplyAddPeak.start(lane: lane)
        return memory.lanes(part)[lane] == MultiplyAddPeak.reference(start: start, rounds: rounds)
      }
    }
  }

  private static func phase(_ kind: MachineCeiling.Kind) -> WorkPhase {
    WorkPhase(UInt16(MachineCeiling.Kind.allCases.firstIndex(of: kind) ?? 0))
  }

  /// How many repetitions take about `seconds`, after a first one that warms caches and pages.
  private func calibrate(_ arm: Arm, to seconds: Double) -> Int {
    _ = time(arm, repetitions: 1)
    var repetitions = 1
    var taken = time(arm, repetitions: repetitions)
    while taken < seconds / 8, repetitions < 1 << 24 {
      repetitions *= 2
      taken = time(arm, repetitions: repetitions)
    }
    return max(1, Int((Double(repetitions) * seconds / taken).rounded()))
  }

  /// Seconds in which all threads of the arm's team did their part.
  private func time(_ arm: Arm, repetitions: Int) -> Double {
    let work = works[arm.team]
    work.repetitions = repetitions
    let clock = SuspendingClock()
    let duration = clock.measure {
      teams[arm.team].run(Self.phase(arm.kind), count: work.threads, probe: main)
    }
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
