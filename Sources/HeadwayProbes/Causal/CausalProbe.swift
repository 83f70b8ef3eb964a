import CHeadwayLinux
import HeadwayTrace
import Synchronization

/// The probe that experiments instead of recording: it shows what a faster region would bring, without
/// anybody making it faster.
///
///     let probe = CausalProbe(experiments: plan, stepsPerExperiment: 4, warmupSteps: 8)
///     try train(probe)
///     let measurements = probe.measurements()
///
/// When a thread leaves the region of the current experiment after a time d, it is credited with s · d, and
/// every other thread pays as much at its next change of state: it waits. To the threads it looks as if the
/// region had taken s less. A thread that has waited for another one (at a barrier, a queue, an input) owes
/// nothing of that time, because whoever let it go had paid. The steps are the progress points: the time of
/// an experiment's steps, less all that was credited, is what they would have taken.
///
/// Experiments change when the main thread notes the end of a step; of each experiment the first step is
/// dropped, because tasks of the one before may still be running in it.
///
/// Source: C. Curtsinger and E. Berger, "Coz: finding code that counts with causal profiling", 2015, with
/// regions in the place of lines.
public final class CausalProbe: Probe, @unchecked Sendable {
  // @unchecked Sendable: the atomics are shared as such; `names`, `rows` are under the lock; `isWait` is
  // written under the lock before the number of a state is known to any thread, and read by those that know
  // it; `progress` belongs to the main thread until the other threads have ended.

  /// What one thread experiments through.
  public struct Handle: ThreadProbe {
    // Invariant: the probe keeps the row and outlives its threads; only the registered thread uses it.
    fileprivate let row: UnsafeMutablePointer<CausalRow>
    fileprivate let probe: Unmanaged<CausalProbe>
  }

  /// States that can be told apart.
  private static let stateCapacity = 1_024
  /// No state.
  private static let noState = UInt64(UInt16.max)

  private let registry = Mutex(Registry())
  // Invariant: `stateCapacity` flags, allocated and freed with the probe.
  private let isWait: UnsafeMutablePointer<Bool>
  private let experiments: [CausalExperiment]
  private let stepsPerExperiment: Int
  private let warmupSteps: Int
  /// The clock's rate as first measured.
  private let rate: ClockRate
  private var progress: Progress

  /// The region's state in the low 16 bits, s in thousandths above. Relaxed: a thread that sees a change
  /// late credits a region to the experiment before, in the step that is dropped.
  private let current = Atomic<UInt64>(CausalProbe.noState)
  /// Ticks credited so far. Relaxed: what a thread owes may be seen a little late, and is then paid later.
  private let credited = Atomic<UInt64>(0)

  private struct Registry {
    var names: [String: UInt16] = [:]
    // Invariant: allocated at registration, freed with the probe.
    var rows: [UnsafeMutablePointer<CausalRow>] = []
    var sites = 0
  }

  private struct Progress {
    var clock: FastClock
    /// Steps since the start, then since the experiment began.
    var steps = 0
    var isWarm = false
    /// The running experiment.
    var experiment = 0
    var startTicks: UInt64 = 0
    var startCredit: UInt64 = 0
    /// Ticks and credits of the experiments that are over.
    var done: [(ticks: UInt64, credit: UInt64)] = []
  }

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - experiments: In the order in which they are to be done; a run that has too few steps for all of
  ///     them does the first ones.
  ///   - stepsPerExperiment: Measured steps of each; one more is dropped.
  ///   - warmupSteps: Steps before the first.
  public init(experiments: [CausalExperiment], stepsPerExperiment: Int, warmupSteps: Int) {
    self.experiments = experiments
    self.stepsPerExperiment = max(stepsPerExperiment, 1)
    self.warmupSteps = max(warmupSteps, 0)
    isWait = .allocate(capacity: Self.stateCapacity)
    isWait.initialize(repeating: false, count: Self.stateCapacity)
    let clock = FastClock()
    rate = clock.rate
    progress = Progress(clock: clock)
    progress.done.reserveCapacity(experiments.count)
  }

  deinit {
    for row in registry.withLock({ $0.rows }) { CausalRow.deallocate(row) }
    isWait.deallocate()
  }

  /// The steps that a run needs for all experiments of a plan.
  public static func stepsNeeded(experiments: Int, stepsPerExperiment: Int, warmupSteps: Int) -> Int {
    warmupSteps + 1 + experiments * (max(stepsPerExperiment, 1) + 1)
  }

  /// Registers a state.
  public func state(_ definition: StateDefinition) -> StateID {
    registry.withLock { registry in
      if let known = registry.names[definition.name] { return StateID(known) }
      // Further states share the last number, which belongs to no region.
      let number = UInt16(min(registry.names.count, Self.stateCapacity - 1))
      registry.names[definition.name] = number
      isWait[Int(number)] = definition.category == .blocked || definition.category == .spin
      return StateID(number)
    }
  }

  /// Numbers a site; nothing is kept of it.
  public func site(_ definition: SiteDefinition) -> SiteID {
    registry.withLock { registry in
      defer { registry.sites += 1 }
      return SiteID(UInt16(clamping: registry.sites))
    }
  }

  /// Registers the calling thread. It owes nothing of what was credited before.
  public func register(name: String, role: ThreadRole) -> Handle {
    let row = CausalRow.allocate()
    row.pointee.paid = credited.load(ordering: .relaxed)
    let address = UInt(bitPattern: row)
    registry.withLock { registry in
      if let row = UnsafeMutablePointer<CausalRow>(bitPattern: address) { registry.rows.append(row) }
    }
    return Handle(row: row, probe: .passUnretained(self))
  }

  /// Ends a thread's part.
  public func retire(_ handle: Handle) {}
  /// Nothing: the experiments are their own window.
  public func openWindow() {}
  /// Nothing.
  public func closeWindow() {}

  /// What was measured, in the order of the plan; the experiment that was running at the end is left out.
  /// Call when the run is over.
  ///
  /// - Parameter blockLength: Experiments of a block of the plan.
  public func measurements(blockLength: Int) -> [CausalMeasurement] {
    progress.clock.calibrate()
    let rate = progress.clock.rate
    return progress.done.enumerated().map { index, spent in
      CausalMeasurement(
        experiment: experiments[index], block: index / max(blockLength, 1), steps: stepsPerExperiment,
        wallNs: rate.nanoseconds(ofTicks: spent.ticks), insertedNs: rate.nanoseconds(ofTicks: spent.credit))
    }
  }

  /// Ends a step of the main thread: closes an experiment when it has had its steps, and begins the next.
  fileprivate func stepEnded() {
    progress.steps += 1
    if !progress.isWarm {
      guard progress.steps > warmupSteps else { return }
      progress.isWarm = true
      begin(0)
      return
    }
    guard progress.experiment < experiments.count else { return }
    if progress.steps == 1 {
      progress.startTicks = headway_ticks()
      progress.startCredit = credited.load(ordering: .relaxed)
    } else if progress.steps == stepsPerExperiment + 1 {
      progress.done.append(
        (
          headway_ticks() &- progress.startTicks,
          credited.load(ordering: .relaxed) &- progress.startCredit
        ))
      begin(progress.experiment + 1)
    }
  }

  private func begin(_ index: Int) {
    progress.experiment = index
    progress.steps = 0
    guard index < experiments.count else {
      current.store(Self.noState, ordering: .relaxed)
      return
    }
    let experiment = experiments[index]
    let number = registry.withLock { registry in experiment.region.flatMap { registry.names[$0] } }
    let thousandths = UInt64(min(max(experiment.speedup, 0), 1) * 1_000 + 0.5)
    current.store(
      number.map { UInt64($0) | thousandths << 16 } ?? Self.noState, ordering: .relaxed)
  }

  // MARK: the threads' side

  /// Credits the thread with its share of the time in the current region, if that is where it was.
  @inline(__always)
  private func bank(_ row: UnsafeMutablePointer<CausalRow>, at now: UInt64) {
    guard let state = row.pointee.innermost, now > row.pointee.since else { return }
    let target = current.load(ordering: .relaxed)
    guard target & 0xFFFF == UInt64(state) else { return }
    let saved = (now - row.pointee.since) * (target >> 16) / 1_000
    row.pointee.paid &+= saved
    credited.add(saved, ordering: .relaxed)
  }

  /// Waits for what the thread owes.
  @inline(__always)
  private func settle(_ row: UnsafeMutablePointer<CausalRow>) {
    let all = credited.load(ordering: .relaxed)
    guard all > row.pointee.paid else { return }
    pay(row, all - row.pointee.paid)
  }

  /// Long waits sleep, so that they take no CPU from others; what was slept too long counts as paid in
  /// advance.
  @inline(never)
  private func pay(_ row: UnsafeMutablePointer<CausalRow>, _ owed: UInt64) {
    let start = headway_ticks()
    let length = rate.nanoseconds(ofTicks: owed).count
    if length > Self.longestPollNs {
      // Nobody wakes this word: the call ends when the time is over, or earlier, and the rest is polled.
      var word: UInt32 = 0
      _ = headway_futex_wait(&word, 0, length - Self.longestPollNs / 2)
    }
    while headway_ticks() &- start < owed { headway_pause() }
    row.pointee.paid &+= headway_ticks() &- start
  }

  /// Waits longer than this are slept: several times what a sleep overshoots.
  private static let longestPollNs: Int64 = 200_000

  fileprivate func enter(_ state: StateID, _ row: UnsafeMutablePointer<CausalRow>) {
    bank(row, at: headway_ticks())
    settle(row)
    row.pointee.push(state.rawValue)
    row.pointee.since = headway_ticks()
  }

  fileprivate func leave(_ row: UnsafeMutablePointer<CausalRow>) {
    bank(row, at: headway_ticks())
    let left = row.pointee.innermost
    row.pointee.pop()
    if let left, isWait[Int(left)] {
      // Whoever ended the wait has paid meanwhile.
      row.pointee.paid = max(row.pointee.paid, credited.load(ordering: .relaxed))
    } else {
      settle(row)
    }
    row.pointee.since = headway_ticks()
  }
}

extension CausalProbe.Handle {
  /// Nothing is kept of single events.
  public static var isRecording: Bool { false }
  /// Now, on the fast clock.
  public func now() -> Ticks { Ticks(headway_ticks()) }
  /// Enters a state, after paying.
  public func enter(_ state: StateID) { probe._withUnsafeGuaranteedRef { $0.enter(state, row) } }
  /// Leaves the innermost state; pays unless it was a wait.
  public func leave() { probe._withUnsafeGuaranteedRef { $0.leave(row) } }
  /// Nothing.
  public func crossed(
    _ site: SiteID, generation: UInt32, arrival: Ticks, release: Ticks, departure: Ticks, wasLast: Bool
  ) {}
  /// Nothing.
  public func waited(_ site: SiteID, from start: Ticks, to end: Ticks) {}
  /// Nothing.
  public func complete(tasks: Int, tokens: Int) {}
  /// A progress point: the main thread's steps.
  public func step(_ index: Int, from start: Ticks) { probe._withUnsafeGuaranteedRef { $0.stepEnded() } }
  /// A constant.
  public func begin() -> Ticks { Ticks(0) }
  /// Nothing.
  public func span(_ state: StateID, from start: Ticks) {}
}
