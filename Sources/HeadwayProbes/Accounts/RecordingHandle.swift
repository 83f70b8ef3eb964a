import CHeadwayLinux
import HeadwayTrace

/// What one thread of a ``RecordingProbe`` records through: a pointer to its own row.
///
/// Owned by the thread that registered it and invalid once its probe is gone. Nothing here allocates,
/// locks or counts references; ``enter(_:)`` and ``leave()`` ask the thread's CPU clock, a system call, when
/// the thread may have lost its CPU since it was asked last.
public struct RecordingHandle: ThreadProbe {
  // Invariant: valid while the probe lives, and touched by no other thread while this one is registered,
  // except where `RecordingProbe.accounts()` documents that the thread must be waiting.
  @usableFromInline let row: UnsafeMutablePointer<ThreadRow>

  init(row: UnsafeMutablePointer<ThreadRow>) { self.row = row }

  /// Now, on the fast clock.
  @inlinable
  public func now() -> Ticks { Ticks(headway_ticks()) }

  /// Enters a state: the state around it stops counting until ``leave()``.
  @inlinable
  public func enter(_ state: StateID) {
    let reading = row.pointee.read()
    if row.pointee.timer.depth > row.pointee.announced && row.pointee.sink.isOpen {
      row.pointee.announceInnermost()
    }
    let slot = min(Int(state.rawValue), ExclusiveTimer.unattributed)
    row.pointee.timer.enter(slot, at: reading)
    row.pointee.operations?.begin(at: row.pointee.timer.lastTicks)
    row.pointee.open.enter(
      slot: slot, depth: row.pointee.timer.depth &- 1, ticks: row.pointee.timer.lastTicks)
    row.pointee.open.changed(at: row.pointee.timer.lastTicks)
    row.pointee.showInnermost()
  }

  /// Leaves the innermost state.
  @inlinable
  public func leave() {
    let reading = row.pointee.read()
    let left = row.pointee.timer.leave(at: reading)
    row.pointee.operations?.begin(at: row.pointee.timer.lastTicks)
    row.pointee.open.leave(depth: row.pointee.timer.depth)
    row.pointee.open.changed(at: row.pointee.timer.lastTicks)
    defer { row.pointee.showInnermost() }
    guard let open = left, row.pointee.sink.isOpen else { return }
    guard open.slot < ExclusiveTimer.unattributed else {
      row.pointee.sink.drop()
      return
    }
    row.pointee.append(row.pointee.record(of: open))
  }

  /// Notes one crossing of a barrier by this thread.
  @inlinable
  public func crossed(
    _ site: SiteID, generation: UInt32, arrival: Ticks, release: Ticks, departure: Ticks, wasLast: Bool
  ) {
    let totals = row.pointee.sites + ThreadRow.index(of: site)
    totals.pointee.count &+= 1
    totals.pointee.windowTicks &+= row.pointee.ticksInWindow(from: arrival, to: departure)
    totals.pointee.leavingTicks &+= row.pointee.ticksInWindow(
      from: departure, to: Ticks(row.pointee.timer.lastTicks))
    totals.pointee.lastArrivals &+= wasLast ? 1 : 0
    totals.pointee.imbalanceTicks &+= Self.ticks(from: arrival, to: release)
    totals.pointee.wakeupTicks &+= Self.ticks(from: release, to: departure)
    guard row.pointee.sink.isOpen else { return }
    row.pointee.append(
      TraceRecord(
        start: arrival.rawValue, duration: Self.ticks(from: arrival, to: departure), kind: .crossing,
        detail: wasLast ? 1 : 0, code: site.rawValue, argument: UInt64(generation)),
      TraceRecord(
        start: release.rawValue, kind: .release, code: site.rawValue, argument: UInt64(generation)))
  }

  /// Notes one wait at a site that is no barrier.
  @inlinable
  public func waited(_ site: SiteID, from start: Ticks, to end: Ticks) {
    let index = ThreadRow.index(of: site)
    let length = Self.ticks(from: start, to: end)
    let totals = row.pointee.sites + index
    totals.pointee.count &+= 1
    totals.pointee.waitTicks &+= length
    totals.pointee.windowTicks &+= row.pointee.ticksInWindow(from: start, to: end)
    totals.pointee.leavingTicks &+= row.pointee.ticksInWindow(
      from: end, to: Ticks(row.pointee.timer.lastTicks))
    row.pointee.count(length, at: index)
    guard row.pointee.sink.isOpen else { return }
    row.pointee.append(
      TraceRecord(
        start: start.rawValue, duration: length, kind: .wait,
        code: site.rawValue))
  }

  /// Notes how far apart the arrivals of an episode lay. No event: the crossings of the trace tell it.
  @inlinable
  public func spread(_ site: SiteID, from first: Ticks, to release: Ticks) {
    row.pointee.count(Self.ticks(from: first, to: release), at: ThreadRow.index(of: site))
  }

  /// Counts completed work.
  @inlinable
  public func complete(tasks: Int, tokens: Int) {
    row.pointee.complete(tasks: tasks, tokens: tokens)
    guard row.pointee.sink.isOpen else { return }
    row.pointee.append(
      TraceRecord(
        start: headway_ticks(), duration: UInt64(clamping: tokens), kind: .completed,
        argument: UInt64(clamping: tasks)))
  }

  /// Notes how many items a queue held when this thread used it, for whoever follows the run.
  @inlinable
  public func queued(_ site: SiteID, items: Int) {
    guard let word = row.pointee.depthWord(of: site) else { return }
    headway_store_release_u64(word, LiveFormat.depthWord(items: items, at: headway_ticks()))
  }

  /// Counts something completed that is no whole task.
  @inlinable
  public func advance() { row.pointee.published.pointee.advance(at: headway_ticks()) }

  /// Notes that an optimizer step took from `start` until now.
  @inlinable
  public func step(_ index: Int, from start: Ticks) {
    row.pointee.published.pointee.step(at: headway_ticks())
    guard row.pointee.sink.isOpen else { return }
    row.pointee.append(
      TraceRecord(
        start: start.rawValue, duration: Self.ticks(from: start, to: now()), kind: .step,
        argument: UInt64(truncatingIfNeeded: index)))
  }

  /// The start of an operation too short for a state.
  @inlinable
  public func begin() -> Ticks { now() }

  /// Notes that an operation took from `start` until now, where events are recorded.
  @inlinable
  public func span(_ state: StateID, from start: Ticks) {
    guard row.pointee.sink.isOpen else { return }
    row.pointee.append(
      TraceRecord(
        start: start.rawValue, duration: headway_ticks() &- start.rawValue, kind: .operation,
        code: state.rawValue))
  }

  /// Notes that an operation inside the innermost state has ended, where operations are timed.
  @inlinable
  public func ended(_ operation: OperationID) {
    guard row.pointee.operations != nil else { return }
    row.pointee.end(operation)
  }

  /// The length of an interval; zero when the counters of two cores disagree about its direction.
  @inlinable
  static func ticks(from start: Ticks, to end: Ticks) -> UInt64 {
    end.rawValue > start.rawValue ? end.rawValue - start.rawValue : 0
  }
}
