import ArgumentParser
import BenchmarkInputs
import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwayStatistics
import HeadwayTrace

/// What the probes cost a training engine, to a fraction of a per cent.
///
/// Runs of one configuration, without probes, with timers, and with everything, train in one process and take turns of a
/// few steps, in an order drawn for each round. While one has its turn, the threads of the others sleep at their barriers.
/// A round gives one ratio for each: of the median step of the two turns, because on a shared machine a neighbour makes
/// some steps half as long again, and a mean is then of the neighbour.
///
/// Where in memory a run lies makes it faster or slower than the others for as long as it lasts. So the runs are made
/// anew for each *group* of rounds; the centre of a group's ratios is one sample, and the interval is over groups.
@main
struct SelfCost: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "self-cost", abstract: "Measure what the probes cost, with runs that take turns.")

  @Argument(help: "The configuration: S or F of docs/benchmarks.md.")
  var model: BenchmarkModel

  @Option(help: "Groups of rounds, each with runs of its own.")
  var groups: Int?

  @Option(help: "Rounds of a group.")
  var rounds: Int?

  @Option(
    help: """
      What is compared, the first with each of the others, separated by commas, of bare, counters, stacks, events and \
      everything; bare,bare is nothing with nothing.
      """,
    transform: Arm.list)
  var arms: [Arm] = Arm.usual

  func validate() throws {
    if let groups, !(6...1_000).contains(groups) {
      throw ValidationError("--groups is 6 to 1000: an interval takes six")
    }
    if let rounds, !(1...1_000).contains(rounds) { throw ValidationError("--rounds is 1 to 1000") }
    guard (2...6).contains(arms.count) else { throw ValidationError("--arms takes two to six") }
  }

  func run() throws {
    let corpus = try BenchmarkInputs.corpus()
    let scratch = FileManager.default.temporaryDirectory.appending(path: "headway-self-cost-\(getpid())")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (groups, rounds) = (groups ?? model.groups, rounds ?? model.rounds)
    var generator = SplitMix64(seed: 1)
    var ratios = arms.map { _ in Ratios() }
    var bits: Set<String> = []
    let progress = Progress(of: groups)
    for group in 0..<groups {
      let table = TurnTable(
        arms: arms.count, rounds: rounds, stepsOfTurn: model.stepsOfTurn, seed: generator.next())
      let outcomes = try train(
        table, corpus: corpus, scratch: scratch, order: arms.indices.shuffled(using: &generator))
      bits.formUnion(outcomes.map(\.loss.trainBitsHash))
      for number in arms.indices { ratios[number].add(table.turns[0], table.turns[number]) }
      progress.show(done: group + 1)
    }
    print(
      "\(model.rawValue): \(groups) groups of \(rounds) rounds, \(model.stepsOfTurn - 1) timed steps a turn,"
        + " 2 threads, beside \(arms[0].rawValue)")
    print(bits.count == 1 ? "the losses of all are bitwise the same" : "! the losses differ")
    for (arm, ratios) in zip(arms, ratios).dropFirst() {
      report(arm, ratios, samplerShare: try samplerShare(of: arm, corpus: corpus, scratch: scratch))
    }
  }

  /// The CPU time of the tool's own threads over that of two CPUs, in a run that is alone in its process: beside others
  /// they work in everybody's turns and read everybody's memory.
  private func samplerShare(of arm: Arm, corpus: Corpus, scratch: URL) throws -> Double {
    let outcome = try TrainingRun.run(
      configuration: arm.configuration(of: model.configuration(steps: model.stepsAlone)), corpus: corpus,
      tracePath: arm.recordsEvents ? scratch.appending(path: "alone.hwtrace").path : nil, resumeFrom: nil,
      observer: SilentObserver())
    guard let accounts = outcome.accounts else { return 0 }
    let cpu = accounts.threads.filter { $0.role == .sampler }.reduce(0) { $0 + $1.cpuNs.seconds }
    return cpu / (2 * accounts.windowNs.seconds)
  }

  /// Trains one run of every arm, started in the given order.
  private func train(
    _ table: TurnTable, corpus: Corpus, scratch: URL, order: [Int]
  ) throws -> [TrainingOutcome] {
    let results = ArmResults()
    for number in order {
      let arm = arms[number]
      let configuration = arm.configuration(of: model.configuration(steps: table.stepsOfRun))
      let trace = arm.recordsEvents ? scratch.appending(path: "\(number).hwtrace").path : nil
      let thread = Thread {
        let outcome = Result {
          try TrainingRun.run(
            configuration: configuration, corpus: corpus, tracePath: trace, resumeFrom: nil,
            observer: TurnTaker(arm: number, table: table))
        }
        // A run that failed must not keep the others waiting for its turn.
        if case .failure = outcome { table.abandon() }
        results.put(outcome, of: number)
      }
      thread.stackSize = 8 << 20
      thread.start()
      table.awaitArrival(of: number)
    }
    return try results.take(count: arms.count)
  }

  private func report(_ arm: Arm, _ ratios: Ratios, samplerShare share: Double) {
    guard let speed = Estimate(ratios.speed), let cpu = Estimate(ratios.cpuTime) else { return }
    print(
      "\(arm.rawValue): tokens/s \(speed) of those of \(arms[0].rawValue), CPU time \(cpu); sampling threads took"
        + String(format: " %.3f %% of the CPUs, so %.4f", 100 * share, speed.centre * (1 - share)))
    guard let target = arm.target, arms[0] == .bare else { return }
    let (lower, upper) = (speed.lower * (1 - share), speed.upper * (1 - share))
    print("  at least \(target): " + (lower >= target ? "met" : upper < target ? "missed" : "open"))
  }
}

/// How far the groups are: in place on a terminal, in ten lines elsewhere.
struct Progress {
  private let total: Int
  private let began = ContinuousClock.now

  init(of total: Int) { self.total = total }

  func show(done: Int) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    guard isTerminal || done * 10 / total > (done - 1) * 10 / total else { return }
    let left = (ContinuousClock.now - began) / .seconds(1) * Double(total - done) / Double(done)
    let filled = String(repeating: "█", count: 30 * done / total)
    let bar = filled.padding(toLength: 30, withPad: "░", startingAt: 0)
    let line = "group \(done) of \(total), " + String(format: "%.1f minutes left", left / 60)
    let clear = "\r\u{1b}[K"
    let text = isTerminal ? "\(clear)\(bar) \(line)" + (done == total ? clear : "") : line + "\n"
    FileHandle.standardError.write(Data(text.utf8))
  }
}

extension BenchmarkModel: ExpressibleByArgument {
  /// Steps of a turn, of which the first only finds the caches as the others left them.
  var stepsOfTurn: Int { self == .S ? 21 : 5 }
  var groups: Int { self == .S ? 60 : 16 }
  var rounds: Int { self == .S ? 20 : 8 }
  /// Steps of a run without others: some seconds.
  var stepsAlone: Int { self == .S ? 1_500 : 20 }
}

/// What is compared.
enum Arm: String, CaseIterable {
  /// No probes.
  case bare
  /// The timers, and the memory ten times a second.
  case counters
  /// The timers and 99 stacks a second of every thread.
  case stacks
  /// The timers and every event.
  case events
  /// All of it.
  case everything

  /// What is compared unless the command says otherwise.
  static let usual = [Arm.bare, .counters, .everything]
  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  static func list(_ text: String) throws -> [Arm] {
    try text.split(separator: ",").map { name in
      guard let arm = Arm(rawValue: String(name)) else {
        throw ValidationError("--arms are of \(names), not \(name)")
      }
      return arm
    }
  }

  func configuration(of base: RunConfiguration) -> RunConfiguration {
    var configuration = base
    switch self {
    case .bare: configuration.probe = .off
    case .counters, .stacks: configuration.probe = .counters
    case .events, .everything: configuration.probe = .events
    }
    if self == .stacks || self == .everything { configuration.stackSamplingHz = 99 }
    return configuration
  }

  /// Whether there is a trace.
  var recordsEvents: Bool { self == .events || self == .everything }

  /// The share of the bare run's tokens/s that is to be left.
  var target: Double? {
    switch self {
    case .counters: 0.995
    case .everything: 0.99
    case .bare, .stacks, .events: nil
    }
  }
}

/// One arm beside the first, a sample for each group.
struct Ratios {
  /// Logarithms of the ratios of tokens/s.
  private(set) var speed: [Double] = []
  /// Logarithms of the ratios of the process's CPU time in their turns.
  private(set) var cpuTime: [Double] = []

  mutating func add(_ first: [Turn], _ own: [Turn]) {
    let pairs = zip(first, own)
    speed += [HodgesLehmann(pairs.map { log($0.medianStep / $1.medianStep) })?.estimate].compactMap(\.self)
    cpuTime += [HodgesLehmann(pairs.map { log($1.cpuSeconds / $0.cpuSeconds) })?.estimate].compactMap(\.self)
  }
}

/// The centre of some ratios, given as logarithms, and its interval at 95 %.
struct Estimate: CustomStringConvertible {
  let centre: Double
  let lower: Double
  let upper: Double

  init?(_ logarithms: [Double]) {
    guard let estimate = HodgesLehmann(logarithms), let interval = estimate.interval() else { return nil }
    (centre, lower, upper) = (exp(estimate.estimate), exp(interval.lower), exp(interval.upper))
  }

  var description: String { String(format: "%.4f [%.4f, %.4f]", centre, lower, upper) }
}

/// What a turn took, without its first step.
struct Turn {
  /// Seconds of the median step.
  let medianStep: Double
  /// CPU time of the whole process.
  let cpuSeconds: Double

  init(steps: [Double], cpuSeconds: Double) {
    medianStep = Quantiles.quantile(0.5, of: steps) ?? .nan
    self.cpuSeconds = cpuSeconds
  }
}

/// Whose turn it is, and how long each turn took.
final class TurnTable: @unchecked Sendable {
  // @unchecked Sendable: everything that changes is read and written under `condition`.
  let rounds: Int
  let stepsOfTurn: Int
  private let condition = NSCondition()
  private var arrived: Set<Int> = []
  private let order: [Int]
  private var turn = -1
  private var hasFailed = false
  private var times: [[Turn]]

  /// Draws the order of every round.
  init(arms: Int, rounds: Int, stepsOfTurn: Int, seed: UInt64) {
    self.rounds = rounds
    self.stepsOfTurn = stepsOfTurn
    var generator = SplitMix64(seed: seed)
    // The first round is a rehearsal: memory is touched and code is read for the first time.
    order = (0...rounds).flatMap { _ in (0..<arms).shuffled(using: &generator) }
    times = Array(repeating: [], count: arms)
  }

  /// Steps that every run makes.
  var stepsOfRun: Int { (rounds + 1) * stepsOfTurn }

  /// Every arm's turns, without the rehearsal.
  var turns: [[Turn]] { condition.withLock { times.map { Array($0.dropFirst()) } } }

  /// Waits until an arm is ready for its first turn, so that the arms' memory is laid out one after another.
  func awaitArrival(of arm: Int) {
    condition.withLock { while !arrived.contains(arm), !hasFailed { condition.wait() } }
  }

  /// Waits until it is the arm's turn; `false` when there will be none.
  func wait(arm: Int) -> Bool {
    condition.withLock {
      if turn < 0 {
        arrived.insert(arm)
        condition.broadcast()
        if arrived.count == times.count { advance() }
      }
      while !hasFailed, turn < order.count, turn < 0 || order[turn] != arm { condition.wait() }
      return !hasFailed && turn < order.count
    }
  }

  /// Ends the arm's turn.
  func end(arm: Int, _ time: Turn) {
    condition.withLock {
      times[arm].append(time)
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

/// Makes a run wait for its turns, and times them.
final class TurnTaker: TrainingObserver {
  private let arm: Int
  private let table: TurnTable
  private var steps: [Double] = []
  private var lastEnd = ContinuousClock.now
  private var cpuSecondsBefore = 0.0

  init(arm: Int, table: TurnTable) {
    self.arm = arm
    self.table = table
    steps.reserveCapacity(table.stepsOfTurn)
  }

  func trainingStarted(_ plan: TrainingPlan) { _ = table.wait(arm: arm) }

  func stepFinished(step: Int, loss: Float, tokens: Int, elapsed: Nanoseconds) -> Continuation {
    let place = (step - 1) % table.stepsOfTurn
    // From the end of one step to that of the next, so that what the probes do between two steps is in it.
    let end = ContinuousClock.now
    defer { lastEnd = .now }
    if place == 0 {
      cpuSecondsBefore = Self.cpuSeconds()
      return .proceed
    }
    steps.append((end - lastEnd) / .seconds(1))
    guard place == table.stepsOfTurn - 1 else { return .proceed }
    table.end(arm: arm, Turn(steps: steps, cpuSeconds: Self.cpuSeconds() - cpuSecondsBefore))
    steps.removeAll(keepingCapacity: true)
    if step == table.stepsOfRun { return .proceed }
    return table.wait(arm: arm) ? .proceed : .stop
  }

  /// The process's CPU clock.
  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
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

  /// Waits for all outcomes; throws what the first run that failed did.
  func take(count: Int) throws -> [TrainingOutcome] {
    let all = condition.withLock {
      while outcomes.count < count { condition.wait() }
      return outcomes
    }
    return try all.sorted { $0.key < $1.key }.map { try $0.value.get() }
  }
}
