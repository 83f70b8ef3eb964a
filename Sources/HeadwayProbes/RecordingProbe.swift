import CHeadwayLinux
import HeadwayTrace
import Synchronization

/// The probe that measures: exact accumulators for every registered thread and, at level `.events`, a trace.
///
///     let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
///     let forward = probe.state(StateDefinition(name: "forward", category: .useful))
///     let me = probe.register(name: "main", role: .main)
///     probe.openWindow()
///     me.enter(forward); work(); me.leave()
///     probe.closeWindow()
///     let accounts = probe.accounts()
///     try probe.finish()
///
/// The probe must outlive its handles.
public final class RecordingProbe: Probe {
  /// What this probe records.
  public let level: ProbeLevel
  /// Protects the registrations. The rows that they point to belong to their threads.
  let registry: Mutex<Registry>
  // Invariant: allocated in `init`, freed in `deinit`, only its atomics are ever written. Safe to share for
  // that reason, which the compiler cannot see through a pointer.
  nonisolated(unsafe) let window: UnsafeMutablePointer<WindowBounds>
  /// The trace at level `.events`; keeps the memory mapped that the rows write to.
  let trace: TraceFileWriter?
  /// The run's status file, in whose memory the rows lie; kept as long as they are used.
  public let live: LiveFile?
  /// Samples the stacks of every registered thread; absent when nobody asked for it.
  let stacks: StackSampler?
  /// Whether the kernel's performance events are counted for every registered thread.
  let countsEvents: Bool
  /// Whether the operations inside the states are timed.
  let timesOperations: Bool
  /// What a transition costs on this machine.
  let transitionCost: TransitionCost

  /// Starts a probe; takes about a millisecond to measure its clock.
  ///
  /// - Parameters:
  ///   - level: `.counters` or `.events`.
  ///   - traceURL: Path of the trace file that events go to.
  ///   - budgetBytes: Bytes of trace after which events are counted as lost.
  ///   - stacks: Attached to every thread that registers, once it has been started.
  ///   - counters: Whether to count the kernel's performance events (``CounterKind``) for every thread that
  ///     registers: nine file descriptors each, until it retires or the window closes.
  ///   - operations: Whether to time the operations that the threads say to have ended: 34 KB more for each.
  ///   - live: The run's status file, through which others follow it while it goes on; the caller ends it.
  /// - Throws: ``InputError`` when the trace cannot be written.
  public convenience init(
    level: ProbeLevel, traceURL path: String?, budgetBytes: Int, stacks: StackSampler? = nil,
    counters: Bool = false, operations: Bool = false, live: LiveFile? = nil
  ) throws(InputError) {
    try self.init(
      level: level, tracePath: path, budgetBytes: budgetBytes, chunkBytes: TraceFormat.chunkBytes,
      stacks: stacks, counters: counters, operations: operations, live: live)
  }

  /// The same with another size of chunk.
  package init(
    level: ProbeLevel, tracePath: String?, budgetBytes: Int, chunkBytes: Int, stacks: StackSampler? = nil,
    counters: Bool = false, operations: Bool = false, live: LiveFile? = nil
  ) throws(InputError) {
    self.level = level
    self.live = live
    self.stacks = stacks
    countsEvents = counters
    timesOperations = operations
    let clock = FastClock()
    switch (level, tracePath) {
    case (.events, let path?):
      trace = try TraceFileWriter(
        path: path, budgetBytes: budgetBytes, chunkBytes: chunkBytes, clock: clock)
    case (.events, nil):
      throw InputError(
        "probe", field: "events", problem: "no file for the trace was named",
        remedy: "name one, or record with probe: counters", isUsage: true)
    default:
      trace = nil
    }
    window = .allocate(capacity: 1)
    window.initialize(to: WindowBounds())
    transitionCost = Self.measureTransition(window, rate: clock.rate)
    // Of a run that is killed nobody knows how often the clock was asked: taken for every second time.
    trace?.store(transitionCost.mean(of: 2, asked: 1), at: TraceHeader.Offset.transitionTicks)
    registry = Mutex(Registry(clock: clock, trace: trace, live: live, timesOperations: operations))
  }

  deinit {
    registry.withLock { registry in
      registry.closeCounters()
      for entry in registry.entries { ThreadRow.deallocate(entry.row) }
    }
    window.deinitialize(count: 1)
    window.deallocate()
  }

  /// Registers a state; the same name gives the same number. The 65th and later ones share the books of
  /// `unattributed`, and a warning says so.
  public func state(_ definition: StateDefinition) -> StateID {
    registry.withLock { registry in
      StateID(UInt16(clamping: registry.number(of: definition)))
    }
  }

  /// Registers a waiting site; the same name gives the same number. Crossings of the 33rd and later ones
  /// are dropped, and a warning says so.
  public func site(_ definition: SiteDefinition) -> SiteID {
    registry.withLock { registry in
      SiteID(UInt16(clamping: registry.number(of: definition)))
    }
  }

  /// Registers an operation; the same name gives the same number. The 33rd and later ones share one account.
  public func operation(_ name: String) -> OperationID {
    registry.withLock { registry in
      OperationID(UInt16(clamping: registry.operations.number(of: name, named: name)))
    }
  }

  /// Opens the measured window, as soon as the kernel's statistics have been read: in a fraction of a millisecond. Call
  /// once, while every other thread waits.
  ///
  /// The begin is announced a little ahead and the call returns when it has come, so that a thread that
  /// is about to book has seen it. Should the announcement come late (the caller lost its CPU in
  /// between), time that another thread booked as outside the window becomes `unattributed`.
  public func openWindow() {
    registry.withLock { registry in
      registry.activityBase = SystemActivity.read()
      registry.openCounters()
      registry.openScheduling()
      let begin = headway_ticks() + registry.announcementTicks
      window.pointee.begin.store(begin, ordering: .sequentiallyConsistent)
      trace?.store(begin, at: TraceHeader.Offset.windowBegin)
      live?.store(begin, at: LiveFormat.Header.windowBegin)
      while headway_ticks() < begin { headway_pause() }
    }
  }

  /// Closes the measured window now. Call once, while every other thread waits.
  public func closeWindow() {
    registry.withLock { registry in
      // Announced ahead, and again if the announcement came late, so that no thread books beyond it.
      var end: UInt64
      repeat {
        end = headway_ticks() + registry.announcementTicks
        window.pointee.end.store(end, ordering: .sequentiallyConsistent)
      } while headway_ticks() >= end
      trace?.store(end, at: TraceHeader.Offset.windowEnd)
      live?.store(end, at: LiveFormat.Header.windowEnd)
      while headway_ticks() <= end { headway_pause() }
      registry.closeScheduling(at: end)
      registry.closeCounters()
      registry.foreign = SystemActivity.foreign(from: registry.activityBase, to: SystemActivity.read())
      registry.clock.calibrate()
    }
  }

  /// `CLOCK_MONOTONIC` at the origin of the clock.
  public var clockOriginNs: UInt64 { registry.withLock { $0.clock.origin.monotonicNs } }

  /// Bytes that the rows of the books and the trace's writer take on the heap.
  public var heapBytes: Int {
    registry.withLock { registry in
      registry.entries.reduce(0) {
        $0 + ThreadRow.heapBytes(isLive: $1.isLive, timesOperations: timesOperations)
      }
    } + (trace?.heapBytes ?? 0)
  }

  /// Bytes of the trace so far; 0 without one.
  public var traceBytes: Int { trace?.usedBytes ?? 0 }

  /// Ends the trace: no further event is recorded, the file is cut to what is used and written to the disk.
  /// The accumulators go on. Call when every other thread has been retired or waits.
  ///
  /// - Throws: ``InputError`` naming the trace when it could not be written.
  public func finish() throws(InputError) {
    guard let trace else { return }
    let isFirst = registry.withLock { registry in
      defer { registry.isTraceOpen = false }
      for entry in registry.entries { entry.row.pointee.sink.close() }
      if registry.isTraceOpen {
        trace.store(registry.mean(transitionCost), at: TraceHeader.Offset.transitionTicks)
      }
      return registry.isTraceOpen
    }
    if isFirst { try trace.finish(at: FastClock.synchronize()) }
  }

  /// What an enter or leave costs.
  private static func measureTransition(
    _ window: UnsafeMutablePointer<WindowBounds>, rate: ClockRate
  ) -> TransitionCost {
    TransitionCost(
      askedTicks: measureTransition(window, rate, asksClock: true),
      plainTicks: measureTransition(window, rate, asksClock: false))
  }

  /// The median cost of an enter or leave, over a few batches on a row of its own.
  private static func measureTransition(
    _ window: UnsafeMutablePointer<WindowBounds>, _ rate: ClockRate, asksClock: Bool
  ) -> UInt64 {
    let row = ThreadRow.allocate(window: UnsafePointer(window), rate: rate, alwaysAsksClock: asksClock)
    defer { ThreadRow.deallocate(row) }
    _ = row.pointee.begin()
    defer { row.pointee.end() }
    let handle = RecordingHandle(row: row)
    let batches = (0..<9).map { _ in
      let start = headway_ticks()
      for _ in 0..<16 {
        handle.enter(StateID(0))
        handle.leave()
      }
      return (headway_ticks() - start) / 32
    }
    return batches.sorted()[4]
  }
}

extension RecordingProbe {
  /// The names of the states that are kept apart, by their numbers.
  public var stateNames: [String] {
    registry.withLock { $0.states.definitions.prefix(ExclusiveTimer.stateCapacity).map(\.name) }
  }

  /// The measured window in ticks; `nil` before it has been closed.
  public var windowTicks: SampleWindow? {
    let begin = window.pointee.begin.load(ordering: .relaxed)
    let end = window.pointee.end.load(ordering: .relaxed)
    return begin < .max && end < .max ? SampleWindow(begin: begin, end: end) : nil
  }
}
