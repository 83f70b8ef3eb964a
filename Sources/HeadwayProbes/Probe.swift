import HeadwayTrace

/// Raw readings of the run's fast monotonic clock: the time-stamp counter where it is invariant,
/// `CLOCK_MONOTONIC` nanoseconds elsewhere. Only the clock that made them can turn them into time.
public struct Ticks: Hashable, Comparable, Sendable {
  /// The counter's value.
  public var rawValue: UInt64
  /// Wraps a counter value.
  @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }
  /// Orders readings in time.
  @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What instruments a run: the null probe, which compiles away, or the recording probe.
///
/// A program is generic over its probe, so that the choice costs nothing at run time:
///
///     func work<P: Probe>(_ probe: P) { let me = probe.register(name: "worker-0", role: .worker) … }
public protocol Probe: Sendable {
  /// What one thread records through.
  associatedtype Handle: ThreadProbe

  /// `CLOCK_MONOTONIC` at the origin of the run's clock, in nanoseconds: what a probe with another clock
  /// subtracts; 0 where nothing is recorded.
  var clockOriginNs: UInt64 { get }

  /// Bytes that the probe has taken from the heap.
  var heapBytes: Int { get }

  /// The run's status file, if it has one.
  var live: LiveFile? { get }

  /// Registers a state before the run's window opens; the same name gives the same number.
  func state(_ definition: StateDefinition) -> StateID
  /// Registers a waiting site before the run's window opens; the same name gives the same number.
  func site(_ definition: SiteDefinition) -> SiteID
  /// Registers an operation before the run's window opens; the same name gives the same number.
  func operation(_ name: String) -> OperationID
  /// Registers the calling thread. A name that was retired is taken up again: its row goes on, and the
  /// gap counts as lifecycle. Call on the thread itself.
  func register(name: String, role: ThreadRole) -> Handle
  /// Ends the calling thread's row; its states must all have been left. Call on the thread itself.
  func retire(_ handle: Handle)
  /// Opens the measured window now. Call while every other thread waits.
  func openWindow()
  /// Closes the measured window now. Call while every other thread waits.
  func closeWindow()
}

/// What one thread records through. Owned by the thread that registered it; never shared.
public protocol ThreadProbe {
  /// Whether anything is kept of what is recorded. `false` lets a caller skip work, such as agreeing on who
  /// came last, that would only feed the record; a constant, so that the skipped code compiles away.
  static var isRecording: Bool { get }
  /// Now, on the fast clock; a constant with the null probe.
  func now() -> Ticks
  /// Enters a state: the state around it stops counting until ``leave()``.
  func enter(_ state: StateID)
  /// Leaves the innermost state.
  func leave()
  /// Notes one crossing of a barrier by this thread; call directly after the ``leave()`` of its wait.
  func crossed(
    _ site: SiteID, generation: UInt32, arrival: Ticks, release: Ticks, departure: Ticks, wasLast: Bool)
  /// Notes how far apart the first arrival and the release of a barrier's episode lay. Called by the
  /// participant that is the last of the episode, once an episode.
  func spread(_ site: SiteID, from first: Ticks, to release: Ticks)
  /// Notes one wait at a site that is no barrier; call directly after the ``leave()`` of it.
  func waited(_ site: SiteID, from start: Ticks, to end: Ticks)
  /// Counts completed work: the progress beside the activity.
  func complete(tasks: Int, tokens: Int)
  /// Counts something completed that is no whole task: a pass of one through the model, a batch assembled, a
  /// group of held-out windows evaluated, a segment reduced. Where nobody completes anything, tasks
  /// included, the run has stalled; so call it at least every few seconds of sound work.
  func advance()
  /// Notes how many items a queue held when this thread used it. Kept is what each thread saw last, for
  /// whoever follows the run while it goes on.
  func queued(_ site: SiteID, items: Int)
  /// Notes that an optimizer step took from `start` until now.
  func step(_ index: Int, from start: Ticks)
  /// The start of an operation too short for a state; a constant with the null probe.
  func begin() -> Ticks
  /// Notes that an operation took from `start` until now: one event, no CPU clock, and no effect on the
  /// states' times.
  func span(_ state: StateID, from start: Ticks)
  /// Notes that an operation inside the innermost state has ended: it gets the time since the operation before
  /// it, or since the state was entered or an inner one left. One reading of the clock and no event; a branch
  /// where operations are not timed.
  func ended(_ operation: OperationID)
}

extension Probe {
  /// A constant: nothing is timed unless the probe does.
  public func operation(_ name: String) -> OperationID { OperationID(0) }
  /// No origin.
  public var clockOriginNs: UInt64 { 0 }
  /// None.
  public var heapBytes: Int { 0 }
  /// None.
  public var live: LiveFile? { nil }
}

extension ThreadProbe {
  /// A probe records unless it says otherwise.
  @inlinable public static var isRecording: Bool { true }
  /// Nothing, unless a probe keeps it.
  @inlinable public func queued(_ site: SiteID, items: Int) {}
  /// Counts nothing unless the probe does.
  @inlinable public func advance() {}
  /// Times nothing unless the probe does.
  @inlinable public func ended(_ operation: OperationID) {}
  /// Nothing, unless a probe keeps it.
  @inlinable public func spread(_ site: SiteID, from first: Ticks, to release: Ticks) {}
}
