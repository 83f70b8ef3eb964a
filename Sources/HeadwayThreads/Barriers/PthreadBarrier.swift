import Glibc

/// The C library's barrier, `pthread_barrier_t`, behind the same record of arrivals.
public final class PthreadBarrier: Barrier, @unchecked Sendable {
  // @unchecked Sendable: `barrier` is made for sharing; it is initialised before any thread can see this
  // object and destroyed when no reference, hence no waiter, is left.
  /// How many threads meet here.
  public let participants: Int
  /// The record of arrivals.
  public let arrivals: BarrierArrivals
  private let lines: CacheLines
  private let barrier: UnsafeMutablePointer<pthread_barrier_t>

  /// Makes a barrier; `participants` must be at least 1.
  public init(participants: Int) {
    precondition(participants > 0, "a barrier needs a participant")
    self.participants = participants
    lines = CacheLines(1 + participants)
    arrivals = BarrierArrivals(
      ledger: ArrivalLedger(lines, shared: 0, firstParticipant: 1, participants: participants))
    barrier = .allocate(capacity: 1)
    let status = pthread_barrier_init(barrier, nil, UInt32(participants))
    precondition(status == 0, "pthread_barrier_init: \(String(cString: strerror(status)))")
  }

  deinit {
    pthread_barrier_destroy(barrier)
    barrier.deallocate()
  }

  /// Never: the C library decides.
  public var polls: Bool { false }

  /// Arrives, and returns once everybody has. POSIX makes it order memory both ways.
  public func meet(generation: UInt32, mayPoll: Bool, willSleep: () -> Void) { pthread_barrier_wait(barrier) }
}
