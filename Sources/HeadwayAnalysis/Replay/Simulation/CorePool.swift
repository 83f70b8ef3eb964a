import Foundation
import HeadwayStatistics

/// The cores of a simulated machine, and the threads that want them.
///
/// Each core has a queue of threads, of which the first computes; at the end of its slice the core turns to the next
/// (``TimeSlices``). So work that is shorter than a slice is done in one piece, as a kernel does it, and long work in
/// equal shares. A thread that becomes ready goes to an idle core; if there is none, to the one with the fewest threads,
/// of equals the one that it had last, behind those that wait there.
///
/// A core that is left with two threads fewer than another may take the one from it that is next, when a thread leaves
/// it and at a tick. Whether a kernel does that depends on what it makes of the price: Linux looks for a thread only when
/// it expects to be idle for longer than looking takes, and not for one that has just run. Nothing here knows that, so it
/// is left to chance, which is ``TimeSlices/taking`` for each thread that waits there. The numbers drawn are the same
/// every time.
///
/// A core that turns from one large thread to another finds none of its data in its own cache, and takes
/// ``RefillCost/coreNs`` longer.
///
/// Speed is common to all cores at any instant: it falls with the number of busy ones, and when their traffic passes
/// the machine's bandwidth. So one virtual clock, in nanoseconds of one core at its full speed, orders all ends of
/// work, and a change of speed moves no event.
///
/// Complexity: O(log cores + threads of the core) for each start, end and slice of work; looking for a core to take a
/// thread from is O(cores), only while threads wait.
struct CorePool {
  /// How fast a core is when `busy` cores compute, as a share of its speed when alone: index busy − 1.
  /// Beyond the last one, the last counts.
  let speeds: [Double]
  /// Bytes per nanosecond that all cores together can move; `nil` does not limit.
  let bandwidth: Double?
  /// When a core turns to the next of its threads.
  let slices: TimeSlices
  /// What it costs to turn to another large thread.
  let refill: RefillCost

  /// What happens next.
  enum Event {
    /// A thread's work ends.
    case end(thread: Int)
    /// A core's thread has had its slice: call ``turn(_:)``.
    case slice(core: Int)
  }

  private struct Member {
    var thread: Int
    /// Virtual nanoseconds of work that are left.
    var work: Double
    var traffic: Double
    /// Nanoseconds for which it has had the core since its work began.
    var occupied = 0.0
  }

  private struct Core {
    /// The first computes, the others wait.
    var members: [Member] = []
    /// When the first one got the core.
    var began = 0.0
    /// The pool's virtual clock and the time at which the first member was brought up to date.
    var seen = (clock: 0.0, time: 0.0)
    var stamp = 0
    /// The large thread whose data its cache holds.
    var warm: Int?
    /// Bytes per virtual nanosecond.
    var traffic = 0.0
  }

  private var cores: [Core]
  /// The core that a thread has, and the one that it had last.
  private var place: [Int?]
  private var last: [Int?]
  private var idle: [Int]
  /// Ends of work, on the virtual clock.
  private var ends = EventHeap()
  /// Ends of slices on cores for which threads wait, in time.
  private var sliceEnds = EventHeap()
  /// The pool's virtual clock.
  private var clock = 0.0
  private var now = 0.0
  private var rate = 1.0
  private var traffic = 0.0
  private var ready = 0
  private var turns = 0
  /// The tick at which a core last looked for a thread to take.
  private var tick = 0.0
  private var chance = SplitMix64(seed: 0x5EED)

  init(
    cores: Int, threads: Int, speeds: [Double], bandwidth: Double?, slices: TimeSlices,
    refill: RefillCost = .none
  ) {
    precondition(cores > 0, "a machine has a core")
    self.cores = Array(repeating: Core(), count: cores)
    self.speeds = speeds.isEmpty ? [1] : speeds
    self.bandwidth = bandwidth
    self.slices = slices
    self.refill = refill
    place = Array(repeating: nil, count: threads)
    last = place
    idle = Array((0..<cores).reversed())
  }

  /// What happens next if nothing changes before, and when.
  mutating func next() -> (time: Double, event: Event)? {
    while let first = ends.first, cores[first.subject].stamp != first.stamp { ends.removeFirst() }
    while let first = sliceEnds.first, cores[first.subject].stamp != first.stamp { sliceEnds.removeFirst() }
    let end = ends.first.flatMap { event in
      cores[event.subject].members.first.map { (now + max(event.time - clock, 0) / rate, $0.thread) }
    }
    if let slice = sliceEnds.first, slice.time < end?.0 ?? .infinity {
      return (max(slice.time, now), .slice(core: slice.subject))
    }
    return end.map { ($0.0, .end(thread: $0.1)) }
  }

  /// Lets time pass; not beyond what happens next.
  mutating func advance(to time: Double) {
    clock += (time - now) * rate
    now = time
  }

  /// Lets a core turn to the next of its threads.
  mutating func turn(_ core: Int) {
    touch(core)
    if cores[core].members.count > 1 {
      cores[core].members.append(cores[core].members.removeFirst())
      cores[core].began = now
    }
    settle(core)
    lookAtTick()
  }

  /// Gives a thread work: nanoseconds of a core at full speed, and the bytes per nanosecond that it moves
  /// meanwhile. A thread that has a core keeps it.
  mutating func start(_ thread: Int, work: Double, traffic: Double) {
    let member = Member(thread: thread, work: work, traffic: traffic)
    let core: Int
    if let own = place[thread], let seat = cores[own].members.firstIndex(where: { $0.thread == thread }) {
      core = own
      touch(core)
      cores[core].members[seat] = member
    } else {
      core = choose(for: thread)
      touch(core)
      (place[thread], last[thread]) = (core, core)
      ready += 1
      if cores[core].members.isEmpty { cores[core].began = now }
      cores[core].members.append(member)
    }
    settle(core)
  }

  /// For how long a thread has had a core since its work began.
  mutating func occupancy(of thread: Int) -> Double {
    guard let core = place[thread] else { return 0 }
    touch(core)
    return cores[core].members.first { $0.thread == thread }?.occupied ?? 0
  }

  /// Takes a thread off its core, if it has one.
  mutating func stop(_ thread: Int) {
    guard let core = place[thread] else { return }
    touch(core)
    if cores[core].members.first?.thread == thread { cores[core].began = now }
    cores[core].members.removeAll { $0.thread == thread }
    place[thread] = nil
    ready -= 1
    let busy = self.cores.count - idle.count
    if ready >= busy, ready > 1 { relieve(into: core) }
    if cores[core].members.isEmpty { idle.append(core) }
    settle(core)
  }

  private mutating func choose(for thread: Int) -> Int {
    if let own = last[thread], let seat = idle.firstIndex(of: own) { return idle.remove(at: seat) }
    if let free = idle.popLast() { return free }
    // From the last one, or a place that moves on, so that equals take turns.
    turns += 1
    var best = last[thread] ?? turns % cores.count
    for offset in 0..<cores.count {
      let core = (turns + offset) % cores.count
      if cores[core].members.count < cores[best].members.count { best = core }
    }
    return best
  }

  /// Looks once a tick whether a core can take a thread from a fuller one: an idle one first.
  private mutating func lookAtTick() {
    let current = (now / slices.tickNs).rounded(.down)
    guard current > tick else { return }
    tick = current
    let emptiest = idle.last ?? cores.indices.min { cores[$0].members.count < cores[$1].members.count } ?? 0
    touch(emptiest)
    relieve(into: emptiest)
    if !cores[emptiest].members.isEmpty { idle.removeAll { $0 == emptiest } }
    settle(emptiest)
  }

  /// Moves the next waiting thread to `core` from the fullest one, if that has at least two more, and by chance.
  private mutating func relieve(into core: Int) {
    var fullest = core
    for other in cores.indices where cores[other].members.count > cores[fullest].members.count {
      fullest = other
    }
    let count = cores[fullest].members.count
    guard count >= cores[core].members.count + 2, isTaken(oneOf: count - 1)
    else { return }
    touch(fullest)
    let member = cores[fullest].members.remove(at: 1)
    (place[member.thread], last[member.thread]) = (core, core)
    if cores[core].members.isEmpty { cores[core].began = now }
    cores[core].members.append(member)
    settle(fullest)
  }

  /// Whether one of some waiting threads is taken.
  private mutating func isTaken(oneOf waiting: Int) -> Bool {
    let drawn = Double(chance.next() >> 11) * 0x1p-53
    return drawn >= pow(1 - slices.taking, Double(waiting))
  }

  /// Brings what a core's first thread has had up to date.
  private mutating func touch(_ core: Int) {
    if !cores[core].members.isEmpty {
      cores[core].members[0].work -= clock - cores[core].seen.clock
      cores[core].members[0].occupied += now - cores[core].seen.time
    }
    cores[core].seen = (clock, now)
  }

  /// Lets the thread that a core turns to fetch its data, if it is a large one and another one's are there.
  private mutating func warm(_ core: Int) {
    guard refill.coreNs > 0, let thread = cores[core].members.first?.thread, refill.threads.contains(thread)
    else { return }
    let isCold = cores[core].warm.map { $0 != thread } ?? false
    cores[core].warm = thread
    if isCold { cores[core].members[0].work += refill.coreNs }
  }

  /// Plans the next events on a core that was just brought up to date, and the speed of all.
  private mutating func settle(_ core: Int) {
    cores[core].stamp += 1
    warm(core)
    let first = cores[core].members.first
    let moved = first?.traffic ?? 0
    traffic += moved - cores[core].traffic
    cores[core].traffic = moved
    if let first {
      ends.add(
        EventHeap.Event(time: clock + max(first.work, 0), subject: core, stamp: cores[core].stamp))
    }
    if cores[core].members.count > 1 {
      let end = max(cores[core].began + slices.sliceNs, now)
      sliceEnds.add(EventHeap.Event(time: end, subject: core, stamp: cores[core].stamp))
    }
    let busy = cores.count - idle.count
    rate = speeds[min(max(busy, 1), speeds.count) - 1]
    if let bandwidth, traffic * rate > bandwidth { rate = bandwidth / traffic }
  }
}
