import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

extension StackSampler {
  /// How long the sampler's thread sleeps at most: short enough that a full ring is the exception, long
  /// enough that its waking is not to be noticed.
  private static let sleepNs: Int64 = 50_000_000

  /// Starts the sampler's thread, which registers with the probe as `stack-sampler`; threads can be attached
  /// from now on. Once.
  ///
  /// - Throws: ``InputError`` when the kernel refuses the thread.
  public func start<P: Probe>(probe: P) throws(InputError) {
    let clock = FastClock()
    shared.withLock { $0.clock = clock }
    let wait = probe.state(StateDefinition(name: "stacks.wait", category: .blocked))
    let unwind = probe.state(StateDefinition(name: "stacks.unwind", category: .selfCost))
    let thread = try OSThread(
      name: "stack-sampler", purpose: .measuring, key: "stack_sampling_hz",
      remedy: "raise the limit on processes (ulimit -u), or set stack_sampling_hz to 0"
    ) { [self] in
      let me = probe.register(name: "stack-sampler", role: .sampler)
      serve(me, wait: wait, unwind: unwind)
      probe.retire(me)
    }
    shared.withLock { state in
      state.thread = thread
      state.isRunning = true
    }
  }

  private func serve(_ me: some ThreadProbe, wait: StateID, unwind: StateID) {
    let collector = StackCollector(recordBytes: Self.recordBytes(configuration.stackBytes))
    var isLast = false
    while !isLast {
      me.enter(wait)
      if !isStopping.load(ordering: .acquiring) { _ = headway_futex_wait(wakeWord, 0, Self.sleepNs) }
      me.leave()
      me.enter(unwind)
      headway_store_release_u32(wakeWord, 0)
      // Looked at before the pass: the one after the stop sees every ring, with all that it will hold.
      isLast = isStopping.load(ordering: .acquiring)
      pass(collector)
      me.leave()
    }
    let box = CollectorBox(collector)
    shared.withLock { $0.outcome = box }
  }

  /// Unwinds what the rings hold.
  private func pass(_ collector: StackCollector) {
    let (fresh, ended) = shared.withLock { state in
      defer { (state.fresh, state.detached) = ([], []) }
      return (state.fresh, state.detached)
    }
    for ring in fresh { collector.add(ring) }
    collector.collect()
    for ring in ended { collector.close(ring) }
    let progress = collector.progress
    shared.withLock { $0.progress = progress }
  }

  /// Samples unwound so far: of the threads of a name, or of all.
  package func sampleCount(of thread: String? = nil) -> Int {
    shared.withLock { state in
      thread.map { state.progress[$0] ?? 0 } ?? state.progress.values.reduce(0, +)
    }
  }

  /// Waits until so many samples have been unwound: what a test waits for.
  package func awaitSamples(_ count: Int, of thread: String? = nil) {
    while sampleCount(of: thread) < count {
      // Asks for a pass, and leaves the CPU to it.
      wake()
      headway_yield()
    }
  }

  private func wake() {
    headway_store_release_u32(wakeWord, 1)
    _ = headway_futex_wake(wakeWord, 1)
  }

  /// Ends the sampling of every thread, names what was seen, and returns it; after ``start(probe:)``. A second
  /// call returns the same.
  ///
  /// The sampler's thread has then ended. Naming takes a fraction of a second for a large program: call
  /// outside the measured window.
  ///
  /// - Parameters:
  ///   - states: The names of the states, by the number that the labels hold.
  ///   - window: The measured window in ticks.
  public func stop(states: [String] = [], window: SampleWindow? = nil) -> StackProfile {
    let thread = shared.withLock { state in
      state.isRunning = false
      state.detachAll()
      defer { state.thread = nil }
      return state.thread
    }
    isStopping.store(true, ordering: .releasing)
    wake()
    thread?.join()
    let (collector, clock, warnings) = shared.withLock { state in
      (state.outcome, state.clock, state.warnings)
    }
    var latest = clock ?? FastClock()
    latest.calibrate()
    var profile = StackProfile(
      mode: configuration.mode, frequencyHz: configuration.frequencyHz,
      clock: SampleClock(
        ticksPerSecond: latest.rate.ticksPerSecond, originTicks: latest.origin.ticks,
        originMonotonicNs: latest.origin.monotonicNs))
    profile.states = states
    profile.window = window
    profile.warnings = warnings
    guard let collector = collector?.collector else { return profile }
    var builder = ProfileBuilder(profile, files: collector.images.files)
    return builder.build(collector, rate: latest.rate)
  }
}
