import Dispatch
import HeadwayTrace
import Synchronization

/// A thread of the probe that notices when a run stands still, and says what every thread was doing.
///
///     let watchdog = Watchdog(over: probe, period: .seconds(30)) { report in show(report) }
///     try watchdog.start()
///     train()
///     let stalls = watchdog.stop()
///
/// It sleeps except for a look every quarter of the period, which reads a few atomics of each row. Only when
/// nothing was completed between two looks does it ask the kernel about the threads; see ``StallReport`` for
/// what counts as completed. It is armed while the measured window is open, so setup, the last evaluation and
/// saving are no stalls, and not while a thread is in a state of the tool's own.
///
/// It registers with the role `sampler`, and all of its time is booked to the tool itself.
public final class Watchdog: Sendable {
  /// The frames of a thread of this process, innermost first; `nil` when they could not be taken.
  public typealias StackReader = @Sendable (ThreadID) -> [String]?

  /// Stalls of a run that are reported; of a run that stalls again and again these say enough.
  public static let limit = 16

  private let probe: RecordingProbe
  private let pace: any WatchPace
  private let stacks: StackReader?
  private let onStall: @Sendable (StallReport) -> Void
  private let state = Mutex(State())

  private struct State {
    var thread: OSThread?
    var reports: [StallReport] = []
  }

  /// Describes a watchdog; its thread starts with ``start()``.
  ///
  /// - Parameters:
  ///   - probe: What it watches; must outlive it.
  ///   - period: The time without progress that makes a stall.
  ///   - stacks: How to take a thread's stack; `nil` without a stack sampler.
  ///   - onStall: Called on the watchdog's thread when a stall is seen, and again with ``StallReport/lastedNs``
  ///     when it is over.
  public convenience init(
    over probe: RecordingProbe, period: Nanoseconds, stacks: StackReader? = nil,
    onStall: @escaping @Sendable (StallReport) -> Void
  ) {
    let interval = Nanoseconds(period.count / Int64(StallDetector.looksPerPeriod))
    self.init(over: probe, pace: RegularPace(interval: interval), stacks: stacks, onStall: onStall)
  }

  /// The same with looks at a pace of the caller's.
  package init(
    over probe: RecordingProbe, pace: any WatchPace, stacks: StackReader? = nil,
    onStall: @escaping @Sendable (StallReport) -> Void
  ) {
    self.probe = probe
    self.pace = pace
    self.stacks = stacks
    self.onStall = onStall
  }

  /// Starts looking; returns when the thread has registered. Call once, before the window opens.
  ///
  /// - Throws: ``InputError`` when the kernel refuses the thread.
  public func start() throws(InputError) {
    let own = probe.state(StateDefinition(name: "watchdog", category: .selfCost))
    let registered = DispatchSemaphore(value: 0)
    let thread = try OSThread(
      name: "watchdog", purpose: .measuring,
      remedy: "raise the limit on processes and memory (ulimit -u, ulimit -v), or set watchdog_seconds: 0"
    ) { [self] in
      let me = probe.register(name: "watchdog", role: .sampler)
      me.enter(own)
      registered.signal()
      watch()
      me.leave()
      probe.retire(me)
    }
    state.withLock { $0.thread = thread }
    registered.wait()
  }

  /// Ends the thread and joins it. Call before the probe's accounts are read.
  ///
  /// - Returns: The run's stalls in order, each as long as it lasted.
  @discardableResult
  public func stop() -> [StallReport] {
    pace.end()
    let thread = state.withLock { state in
      defer { state.thread = nil }
      return state.thread
    }
    thread?.join()
    return state.withLock { $0.reports }
  }

  private func watch() {
    var detector = StallDetector()
    var first: (threads: [ThreadLook], at: Nanoseconds)?
    var stalledAt = Nanoseconds.zero
    while pace.awaitLook() {
      switch detector.see(probe.progress()) {
      case .moving: first = nil
      case .firstQuiet: first = (probe.look(), pace.now())
      case .quiet, .stillStalled: break
      case .stalled:
        guard let first else { break }
        stalledAt = first.at
        report(first: first.threads, observed: pace.now() - first.at)
      case .resumed:
        first = nil
        close(after: pace.now() - stalledAt)
      }
    }
  }

  private func report(first: [ThreadLook], observed: Nanoseconds) {
    let number = state.withLock { $0.reports.count } + 1
    guard number <= Self.limit else { return }
    let threads = probe.look()
    // A run in which nothing was ever completed has been silent for at least as long as it was observed.
    let silent = threads.compactMap(\.lastProgressNs).min() ?? observed
    let report = StallReport(
      number: number, silentNs: max(silent, observed), before: first, after: threads, observedNs: observed,
      stacks: stacks)
    state.withLock { $0.reports.append(report) }
    onStall(report)
  }

  private func close(after duration: Nanoseconds) {
    let closed = state.withLock { state -> StallReport? in
      guard let last = state.reports.indices.last, state.reports[last].lastedNs == nil else { return nil }
      let before = state.reports[last].silentNs - state.reports[last].observedNs
      state.reports[last].lastedNs = duration + before
      return state.reports[last]
    }
    if let closed { onStall(closed) }
  }
}
