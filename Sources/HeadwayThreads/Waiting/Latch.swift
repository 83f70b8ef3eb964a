import HeadwayProbes
import Synchronization

/// A count of tasks that one thread waits for, used again for each batch of tasks.
///
/// The waiting thread arms it before it hands out the first task of the batch and waits once after the
/// last; between the two every task counts down exactly once.
public final class Latch: @unchecked Sendable {
  // @unchecked Sendable: constant pointers to atomics in `lines`; the order of calls above is the caller's.
  @usableFromInline let lines = CacheLines(2)
  @usableFromInline let remaining: AtomicCounter
  @usableFromInline let gate: Gate
  /// How long the waiting thread polls, at a site where it may.
  public let polling: Polling

  /// Makes a latch.
  public init(polling: Polling) {
    remaining = lines.counter(line: 0)
    gate = Gate(lines.word(line: 1))
    self.polling = polling
  }

  /// Expects `count` tasks, at least 1. Relaxed: handing out the tasks publishes it.
  @inlinable public func arm(count: Int) {
    remaining.pointee.store(UInt64(count), ordering: .relaxed)
  }

  /// Says that one task is done. Acquiring and releasing: the last one gathers what all tasks wrote, and
  /// the gate's release hands it to the waiting thread.
  @inlinable public func countDown() {
    guard remaining.pointee.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
    gate.open(to: gate.generation &+ 1)
  }

  /// Returns when all tasks are done. `generation` is that of the gate when the latch was armed.
  @inlinable
  public func wait(past generation: UInt32, at site: WaitSite, probe: some ThreadProbe) {
    if gate.hasPassed(generation) { return }
    // The times are read inside the states, so that a wait does not contain what the probe itself costs.
    let mayPoll = polling.polls && site.polls
    probe.enter(mayPoll ? site.spinning : site.blocked)
    let start = probe.now()
    if !(mayPoll && polling.until({ gate.hasPassed(generation) })) {
      if mayPoll {
        probe.leave()
        probe.enter(site.blocked)
      }
      gate.sleep(past: generation)
    }
    let end = probe.now()
    probe.leave()
    probe.waited(site.site, from: start, to: end)
  }

  /// The generation that the next batch will end; read it when arming.
  @inlinable public var generation: UInt32 { gate.generation }
}
