import CHeadwayLinux
import CHeadwaySampler
import Glibc
import HeadwayTrace
import Synchronization

/// Samples the call stacks of attached threads.
///
///     let sampler = try StackSampler(StackSampler.Configuration(mode: .cpu, frequencyHz: 99))
///     let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, stacks: sampler)
///     try sampler.start(probe: probe)
///     let me = probe.register(name: "main", role: .main)  // Attaches the thread.
///     …
///     probe.retire(me)                                    // Detaches it.
///     let profile = sampler.stop()
///
/// A timer interrupts each attached thread. The signal handler copies the registers and a piece of the stack;
/// the sampler's own thread, `stack-sampler` in the books, unwinds the copies; names are looked up at the
/// end. In `cpu` mode the timers count each thread's CPU time. The kernel looks at that clock at its tick
/// only, so above the tick's frequency `cpu` mode takes wall-clock timers and drops the samples of threads
/// that sleep.
///
/// System calls that a signal interrupts are restarted, except those that never are (`nanosleep`, `poll` and
/// others, see signal(7)): these return early with `EINTR`.
///
/// A sampler is started and stopped once, by the thread that owns it; ``attach(name:role:label:)`` and
/// ``detach()`` may be called by any thread for itself. One sampler can have a thread at a time.
public final class StackSampler: Sendable {
  /// What is sampled, and how often.
  public struct Configuration: Sendable {
    /// What the timers count.
    public var mode: StackSamplingMode
    /// Samples of each thread in a second, 1 … 4000.
    public var frequencyHz: Int
    /// The largest piece of stack that a sample copies: what is there, if it is less.
    public var stackBytes = 32 << 10
    /// Memory for the samples of one thread that have not been unwound yet; a power of two.
    public var ringBytes = 256 << 10
    /// Describes a sampler.
    public init(mode: StackSamplingMode = .cpu, frequencyHz: Int = 99) {
      self.mode = mode
      self.frequencyHz = frequencyHz
    }
  }

  /// What this sampler was asked for.
  public let configuration: Configuration
  let shared: Mutex<SamplerState>
  /// The futex word that wakes the sampler's thread.
  // Invariant: allocated in `init`, freed in `deinit`, when every ring has been detached; only read and
  // written atomically: by the handler and the methods below with release, paired with the system call.
  nonisolated(unsafe) let wakeWord: UnsafeMutablePointer<UInt32>
  /// Whether the thread is to end. Release in `stop()`, acquire in the thread: what was attached before the
  /// stop is seen by the last pass.
  let isStopping = Atomic(false)

  /// Describes a sampler; nothing is sampled before ``start(probe:)``.
  ///
  /// - Throws: ``InputError`` for a frequency or a size out of range.
  public init(_ configuration: Configuration) throws(InputError) {
    guard (1...4_000).contains(configuration.frequencyHz) else {
      throw InputError(
        "stack_sampling_hz", problem: "got \(configuration.frequencyHz), expected 1 to 4000",
        remedy: "correct the value", isUsage: true)
    }
    let (stack, ring) = (configuration.stackBytes, configuration.ringBytes)
    guard stack % 16 == 0, (0...1 << 20).contains(stack), (4096...1 << 26).contains(ring),
      ring & (ring - 1) == 0, ring >= 2 * Self.recordBytes(stack)
    else {
      throw InputError(
        "stack sampler", problem: "a ring of \(ring) bytes cannot hold stacks of \(stack)",
        remedy: "use a multiple of 16 for stacks, and a power of two that holds two for the ring",
        isUsage: true)
    }
    self.configuration = configuration
    shared = Mutex(SamplerState())
    wakeWord = .allocate(capacity: 1)
    wakeWord.initialize(to: 0)
  }

  deinit {
    shared.withLock { $0.detachAll() }
    wakeWord.deallocate()
  }

  /// The most bytes that a sample takes: its head, 64 links and the piece of stack.
  static func recordBytes(_ stackBytes: Int) -> Int {
    MemoryLayout<headway_sample>.size + 64 * MemoryLayout<headway_sample_link>.stride + stackBytes
  }

  /// Begins to sample the calling thread until it calls ``detach()``; it must do so before it ends.
  ///
  /// Does nothing before ``start(probe:)`` and after ``stop(states:window:)``. A thread that cannot be attached becomes a
  /// warning of the profile.
  ///
  /// - Parameters:
  ///   - name: The thread's name in the profile.
  ///   - role: What it is for.
  ///   - label: A word that this thread itself writes and that every sample keeps, such as its state. Must
  ///     stay valid until the thread has been detached or the sampler stopped.
  public func attach(name: String, role: ThreadRole, label: UnsafePointer<Int>? = nil) {
    let thread = ThreadID(headway_gettid())
    let number = shared.withLock { state -> Int? in
      guard state.isRunning else { return nil }
      state.attached += 1
      return state.attached
    }
    guard let number else { return }
    do throws(AttachFailure) {
      let ring = try SampleRing(
        name: name, role: role, threadID: thread, settings: settings(number: number, label: label))
      let isRunning = shared.withLock { state in
        if state.isRunning {
          state.live.append(ring)
          state.fresh.append(ring)
        }
        return state.isRunning
      }
      if !isRunning { ring.detach() }
    } catch {
      shared.withLock { $0.warnings.append("\(name) was not sampled: \(error.reason)") }
    }
  }

  /// Ends the sampling of the calling thread; does nothing when it is not attached.
  public func detach() {
    let thread = ThreadID(headway_gettid())
    shared.withLock { state in
      guard let index = state.live.lastIndex(where: { $0.threadID == thread }) else { return }
      state.live[index].detach()
      state.detached.append(state.live.remove(at: index))
    }
  }

  /// Frequencies above which the kernel does not look at CPU clocks: that of its tick.
  static var tickFrequencyHz: Int {
    var resolution = timespec()
    guard clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) == 0, resolution.tv_nsec > 0 else { return 100 }
    return 1_000_000_000 / resolution.tv_nsec
  }

  private func settings(number: Int, label: UnsafePointer<Int>?) -> headway_sampler_settings {
    let period = UInt64(1_000_000_000 / configuration.frequencyHz)
    let countsCPU = configuration.mode == .cpu && configuration.frequencyHz <= Self.tickFrequencyHz
    // Multiples of the golden ratio spread any number of threads evenly over a period.
    let phase = (Double(number) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    return headway_sampler_settings(
      period_ns: period, first_ns: 1 + UInt64(Double(period) * phase), counts_cpu_time: countsCPU ? 1 : 0,
      keeps_sleeping: configuration.mode == .wall ? 1 : 0,
      ticks_are_monotonic_ns: UInt32(headway_clock_is_monotonic()),
      stack_bytes: UInt32(configuration.stackBytes), ring_bytes: UInt32(configuration.ringBytes),
      label: label.map { UnsafeRawPointer($0).assumingMemoryBound(to: Int64.self) }, wake: wakeWord)
  }
}
