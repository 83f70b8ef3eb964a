import HeadwayProbes
import HeadwayTrace
import Synchronization

/// A barrier of the engine's own, made visible: who came when, who was last, how far apart they came.
///
///     stepEnd.cross(me) { pthread_barrier_wait(&barrier) }
///
/// It waits for nobody; the engine's barrier does. It relies on what a barrier is: nobody passes before all
/// `participants` have arrived. So the k-th arrival belongs to episode k / n, nobody arrives at g + 1 before
/// everybody has arrived at g, and whoever makes the n-th arrival of an episode is its last.
///
/// Memory orders: every arrival is an acquiring and releasing addition to one counter, so the last arriver
/// sees the first arrivals that the others put down before it, and the release that it puts down is read
/// with an acquiring load by those that the engine's barrier has let go.
public final class RunBarrier: Sendable {
  /// The site's name.
  public let name: String
  /// How many threads meet here.
  public let participants: Int
  private let run: EngineRun
  private let site: SiteID
  private let state: StateID
  /// Arrivals so far, of all episodes.
  private let arrivals = Atomic<UInt64>(0)
  /// Episodes that have been released.
  private let released = Atomic<UInt64>(0)
  // Invariant: eight atomics, allocated in `init` and freed in `deinit`; only accessed as atomics.
  /// The first arrivals of four episodes, by generation modulo 4, then the releases of four.
  private nonisolated(unsafe) let slots: UnsafeMutablePointer<Atomic<UInt64>>

  /// Later than any arrival. Not `UInt64.max`: the standard library's atomic minimum compares as if signed.
  private static let never = UInt64(Int64.max)

  init(_ name: String, participants: Int, run: EngineRun) {
    self.name = name
    self.participants = max(participants, 1)
    self.run = run
    site = run.probe.site(SiteDefinition(name: name, kind: .barrier))
    state = run.state(StateDefinition(name: "barrier." + name, category: .blocked, site: name))
    slots = .allocate(capacity: 8)
    for slot in 0..<8 { (slots + slot).initialize(to: Atomic(slot < 4 ? Self.never : 0)) }
  }

  deinit { slots.deallocate() }

  /// Crosses the barrier: `wait` is the engine's own waiting.
  public func cross<Failure: Error>(
    _ thread: RunThread, _ wait: () throws(Failure) -> Void
  ) throws(Failure) {
    let arrival = arrive(thread)
    do throws(Failure) { try wait() } catch {
      thread.leave()
      throw error
    }
    _ = depart(thread, arrival)
  }

  /// The arrival of one thread, to be handed to ``depart(_:_:)``.
  package struct Arrival {
    let generation: UInt64
    let time: Ticks
    let isLast: Bool
  }

  /// Notes an arrival; the thread is in the barrier's state from here on.
  package func arrive(_ thread: RunThread) -> Arrival {
    thread.enter(state)
    let time = thread.handle.now()
    let count = UInt64(participants)
    let generation = arrivals.load(ordering: .acquiring) / count
    (slots + Int(generation & 3)).pointee.min(time.rawValue, ordering: .relaxed)
    let order = arrivals.add(1, ordering: .acquiringAndReleasing).oldValue
    guard order % count == count - 1 else {
      return Arrival(generation: generation, time: time, isLast: false)
    }
    // Read after the addition: later than every other arrival, whoever was held up in between.
    let release = thread.handle.now()
    let first = (slots + Int(generation & 3)).pointee.load(ordering: .relaxed)
    (slots + Int((generation + 2) & 3)).pointee.store(Self.never, ordering: .relaxed)
    (slots + 4 + Int(generation & 3)).pointee.store(release.rawValue, ordering: .relaxed)
    released.store(generation + 1, ordering: .releasing)
    thread.handle.spread(site, from: Ticks(min(first, release.rawValue)), to: release)
    return Arrival(generation: generation, time: release, isLast: true)
  }

  /// Notes a departure.
  ///
  /// - Returns: Whether the barrier was one: `false`, with a warning in the report, where the thread left
  ///   before everybody had arrived.
  package func depart(_ thread: RunThread, _ arrival: Arrival) -> Bool {
    let departure = thread.handle.now()
    thread.leave()
    let isReleased = released.load(ordering: .acquiring) > arrival.generation
    let slot = (slots + 4 + Int(arrival.generation & 3)).pointee.load(ordering: .relaxed)
    if !isReleased {
      run.warn("a thread left the barrier \(name) before its \(participants) participants had arrived")
    }
    let release = isReleased ? max(Ticks(slot), arrival.time) : departure
    thread.handle.crossed(
      site, generation: UInt32(truncatingIfNeeded: arrival.generation), arrival: arrival.time,
      release: min(release, max(departure, arrival.time)), departure: max(departure, arrival.time),
      wasLast: arrival.isLast)
    return isReleased
  }
}

extension EngineRun {
  /// Registers a barrier at which `participants` threads meet, at least 1.
  public func barrier(_ name: String, participants: Int) -> RunBarrier {
    RunBarrier(name, participants: participants, run: self)
  }
}
