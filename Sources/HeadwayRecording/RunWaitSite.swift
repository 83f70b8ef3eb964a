import Glibc
import HeadwayProbes
import HeadwayTrace
import Synchronization

/// A place of the engine's own where threads wait: an empty or a full queue, input that is not ready, a lock.
///
///     let empty = run.waitSite("jobs", kind: .queueEmpty)
///     guard let job = queue.tryPop() ?? empty.wait(me, { queue.pop() }) else { … }
///
/// Wrap only what may wait: a pop that finds its item at once is no wait.
public struct RunWaitSite: Sendable {
  /// The site's name.
  public let name: String
  let site: SiteID
  let state: StateID

  init(_ name: String, kind: SiteKind, run: EngineRun) {
    self.name = name
    site = run.probe.site(SiteDefinition(name: name, kind: kind))
    state = run.state(
      StateDefinition(name: "\(Self.family(of: kind)).\(name)", category: .blocked, site: name))
  }

  /// Waits: `body` is the engine's own waiting.
  public func wait<Outcome, Failure: Error>(
    _ thread: RunThread, _ body: () throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    let start = begin(thread)
    defer { end(thread, from: start) }
    return try body()
  }

  package func begin(_ thread: RunThread) -> Ticks {
    thread.enter(state)
    return thread.handle.now()
  }

  package func end(_ thread: RunThread, from start: Ticks) {
    let end = thread.handle.now()
    thread.leave()
    thread.handle.waited(site, from: start, to: end)
  }

  private static func family(of kind: SiteKind) -> String {
    switch kind {
    case .barrier: "barrier"
    case .queueEmpty: "queue.empty"
    case .queueFull: "queue.full"
    case .prefetchNotReady: "prefetch.not_ready"
    case .latch: "latch"
    case .lock: "lock"
    }
  }
}

/// A lock whose contention is recorded: an uncontended turn costs next to nothing and is no wait.
///
/// Beside the waits, a turn that others wait for is recorded as an operation `held.NAME`: who held the lock
/// meanwhile is who the waits are blamed on.
public final class RunLock: @unchecked Sendable {
  // @unchecked Sendable: `mutex` is made for sharing; initialised before anybody sees this object, destroyed
  // when no reference, hence no holder, is left.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let site: RunWaitSite
  private let held: StateID
  /// Threads that wait for the lock.
  private let waiting = Atomic<Int>(0)

  init(_ name: String, run: EngineRun) {
    site = RunWaitSite(name, kind: .lock, run: run)
    held = run.state(StateDefinition(name: "held." + name, category: .useful, site: name))
    mutex = .allocate(capacity: 1)
    let status = pthread_mutex_init(mutex, nil)
    precondition(status == 0, "pthread_mutex_init: \(String(cString: strerror(status)))")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Does something while no other thread does; the lock is not recursive.
  public func withLock<Outcome, Failure: Error>(
    _ thread: RunThread, _ body: () throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    if pthread_mutex_trylock(mutex) != 0 {
      // Relaxed: it only says whether a turn is worth an event and publishes nothing.
      waiting.add(1, ordering: .relaxed)
      site.wait(thread) { _ = pthread_mutex_lock(mutex) }
      waiting.subtract(1, ordering: .relaxed)
    }
    let start = thread.handle.begin()
    defer {
      if waiting.load(ordering: .relaxed) > 0 { thread.handle.span(held, from: start) }
      pthread_mutex_unlock(mutex)
    }
    return try body()
  }
}

extension EngineRun {
  /// Registers a place where threads wait.
  public func waitSite(_ name: String, kind: SiteKind) -> RunWaitSite {
    RunWaitSite(name, kind: kind, run: self)
  }

  /// Makes a lock whose contention is recorded.
  public func lock(_ name: String) -> RunLock { RunLock(name, run: self) }
}
