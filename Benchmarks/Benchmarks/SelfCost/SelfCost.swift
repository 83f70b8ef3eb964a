import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwayStatistics
import HeadwayTrace

/// What the probes cost a training engine, to a fraction of a per cent.
///
/// Three runs of one configuration, without probes, with timers, and with everything, train in one process and take
/// turns of a few steps, in an order drawn for each round. While one has its turn, the threads of the others sleep at their
/// barriers. Turns are so short that what else happens to the machine happens to all three alike, and each round gives
/// one ratio: of far less noise than processes that run one after the other.
@main
struct SelfCost: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "self-cost", abstract: "Measure what the probes cost, with three runs that take turns.")

  @Argument(help: "The configuration: S or F of docs/benchmarks.md.")
  var model: Model

  @Option(help: "Rounds; a turn is some 100 ms of S and four seconds of F.")
  var rounds: Int?

  @Flag(help: "Compare three runs without probes: what the comparison itself makes of nothing.")
  var null = false

  /// The configurations.
  enum Model: String, ExpressibleByArgument, CaseIterable {
    case S, F

    /// Steps of a turn, of which the first only finds the caches as the others left them.
    var stepsOfTurn: Int { self == .S ? 21 : 5 }
    var rounds: Int { self == .S ? 400 : 24 }

    func configuration(steps: Int) -> RunConfiguration {
      var configuration = RunConfiguration()
      let shape = self == .S ? (128, 2, 4) : (256, 4, 8)
      (configuration.width, configuration.layers, configuration.heads) = shape
      (configuration.batchSize, configuration.sequenceLength) = self == .S ? (2, 32) : (16, 128)
      configuration.batchesPerStep = 2
      configuration.threads = 2
      configuration.steps = steps
      configuration.evaluationBatches = 0
      configuration.watchdogSeconds = 0
      return configuration
    }
  }

  func validate() throws {
    if let rounds, !(6...2_000).contains(rounds) {
      throw ValidationError("--rounds is 6 to 2000: an interval takes six")
    }
  }

  func run() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let corpus = try Corpus.openOrBuild(
      from: [root.appending(path: "Sources").path], options: CorpusOptions(),
      cache: root.appending(path: "Benchmarks/.build/corpus").path)
    let scratch = FileManager.default.temporaryDirectory.appending(path: "headway-self-cost-\(getpid())")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let rounds = rounds ?? model.rounds
    let table = TurnTable(arms: Arm.allCases.count, rounds: rounds, stepsOfTurn: model.stepsOfTurn)
    let results = ArmResults()
    let arms = null ? Arm.allCases.map { _ in Arm.bare } : Arm.allCases
    let threads = arms.enumerated().map { number, arm in
      let configuration = arm.configuration(of: model.configuration(steps: table.stepsOfRun))
      let trace = scratch.appending(path: "\(arm.rawValue).hwtrace").path
      let thread = Thread {
        let outcome = Result {
          try TrainingRun.run(
            configuration: configuration, corpus: corpus, tracePath: arm == .everything ? trace : nil,
            resumeFrom: nil, observer: TurnTaker(arm: number, table: table))
        }
        // A run that failed must not keep the others waiting for its turn.
        if case .failure = outcome { table.abandon() }
        results.put(outcome, of: number)
      }
      thread.stackSize = 8 << 20
      thread.start()
      return thread
    }
    let outcomes = try threads.indices.map { try results.take($0) }
    guard !table.isAbandoned else { throw CleanExit.message("a run failed") }
    report(table, arms, outcomes)
  }

  /// Prints the ratios; the time of a turn is without its first step.
  private func report(_ table: TurnTable, _ arms: [Arm], _ outcomes: [TrainingOutcome]) {
    let bits = Set(outcomes.map(\.loss.trainBitsHash))
    print("\(model.rawValue): \(table.rounds) rounds, \(table.stepsOfTurn - 1) timed steps a turn, 2 threads")
    print(bits.count == 1 ? "the losses of all three are bitwise the same" : "! the losses differ")
    for (number, arm) in arms.enumerated().dropFirst() {
      // Rounds are gathered to blocks, for which the exact interval is known.
      let logs = Self.blocks(
        zip(table.seconds[0], table.seconds[number]).map { log($0 / $1) }, count: min(table.rounds, 100))
      guard let centre = HodgesLehmann(logs), let interval = centre.interval() else { continue }
      let share = Self.samplerShare(outcomes[number])
      let (value, lower, upper) = (exp(centre.estimate), exp(interval.lower), exp(interval.upper))
      print(
        String(
          format: "%@: tokens/s %.4f [%.4f, %.4f] of those without; sampling threads took %.3f %%"
            + " of the CPUs, so %.4f", arm.rawValue, value, lower, upper, 100 * share, value * (1 - share)))
      if null { continue }
      print(
        "  at least \(arm.target): "
          + (lower - share >= arm.target ? "met" : upper - share < arm.target ? "missed" : "open"))
    }
  }

  /// Means of neighbouring values.
  private static func blocks(_ values: [Double], count: Int) -> [Double] {
    (0..<count).map { block in
      let part = values[values.count * block / count..<values.count * (block + 1) / count]
      return part.reduce(0, +) / Double(part.count)
    }
  }

  /// The CPU time of the tool's own threads, which work in everybody's turns, over that of two CPUs.
  private static func samplerShare(_ outcome: TrainingOutcome) -> Double {
    guard let accounts = outcome.accounts else { return 0 }
    let cpu = accounts.threads.filter { $0.role == .sampler }.reduce(0.0) { $0 + $1.cpuNs.seconds }
    return cpu / (2 * accounts.windowNs.seconds)
  }
}

/// What is compared.
enum Arm: String, CaseIterable {
  case bare, counters, everything

  func configuration(of base: RunConfiguration) -> RunConfiguration {
    var configuration = base
    switch self {
    case .bare: configuration.probe = .off
    case .counters: configuration.probe = .counters
    case .everything:
      configuration.probe = .events
      configuration.stackSamplingHz = 99
    }
    return configuration
  }

  /// The share of the bare run's tokens/s that is to be left.
  var target: Double { self == .counters ? 0.995 : 0.99 }
}

/// Whose turn it is, and how long each turn took.
final class TurnTable: @unchecked Sendable {
  // @unchecked Sendable: everything that changes is read and written under `condition`.
  let rounds: Int
  let stepsOfTurn: Int
  private let condition = NSCondition()
  private var arrived = 0
  private let order: [Int]
  private var turn = -1
  private var hasFailed = false
  private var times: [[Double]]

  /// Draws the order of every round.
  init(arms: Int, rounds: Int, stepsOfTurn: Int) {
    self.rounds = rounds
    self.stepsOfTurn = stepsOfTurn
    var generator = SplitMix64(seed: 1)
    // The first round is a rehearsal: memory is touched and code is read for the first time.
    order = (0...rounds).flatMap { _ -> [Int] in
      var left = Array(0..<arms)
      return (0..<arms).map { _ in left.remove(at: generator.below(left.count)) }
    }
    times = Array(repeating: [], count: arms)
  }

  /// Steps that every run makes.
  var stepsOfRun: Int { (rounds + 1) * stepsOfTurn }

  /// Seconds of every arm's turns, without the rehearsal.
  var seconds: [[Double]] { condition.withLock { times.map { Array($0.dropFirst()) } } }

  var isAbandoned: Bool { condition.withLock { hasFailed } }

  /// Waits until it is the arm's turn; `false` when there will be none.
  func wait(arm: Int) -> Bool {
    condition.withLock {
      if turn < 0 {
        arrived += 1
        if arrived == times.count { advance() }
      }
      while !hasFailed, turn < order.count, turn < 0 || order[turn] != arm { condition.wait() }
      return !hasFailed && turn < order.count
    }
  }

  /// Ends the arm's turn.
  func end(arm: Int, seconds: Double) {
    condition.withLock {
      times[arm].append(seconds)
      advance()
    }
  }

  /// Ends everybody's waiting.
  func abandon() {
    condition.withLock {
      hasFailed = true
      condition.broadcast()
    }
  }

  private func advance() {
    turn += 1
    condition.broadcast()
  }
}

/// Makes a run wait for its turns.
final class TurnTaker: TrainingObserver {
  private let arm: Int
  private let table: TurnTable
  private var began = ContinuousClock.now

  init(arm: Int, table: TurnTable) {
    self.arm = arm
    self.table = table
  }

  func trainingStarted(_ plan: TrainingPlan) { _ = table.wait(arm: arm) }

  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    let place = (step - 1) % table.stepsOfTurn
    if place == 0 { began = .now }
    guard place == table.stepsOfTurn - 1 else { return .proceed }
    let parts = (ContinuousClock.now - began).components
    table.end(arm: arm, seconds: Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    if step == table.stepsOfRun { return .proceed }
    return table.wait(arm: arm) ? .proceed : .stop
  }
}

/// The outcomes, handed from the runs' threads to the main thread.
final class ArmResults: @unchecked Sendable {
  // @unchecked Sendable: `outcomes` is read and written under `condition`.
  private let condition = NSCondition()
  private var outcomes: [Int: Result<TrainingOutcome, any Error>] = [:]

  func put(_ outcome: Result<TrainingOutcome, any Error>, of arm: Int) {
    condition.withLock {
      outcomes[arm] = outcome
      condition.broadcast()
    }
  }

  /// Waits for an arm's outcome.
  func take(_ arm: Int) throws -> TrainingOutcome {
    let outcome = condition.withLock {
      while outcomes[arm] == nil { condition.wait() }
      return outcomes[arm]
    }
    guard let outcome else { fatalError("a wait for an outcome ended without one") }
    return try outcome.get()
  }
}
