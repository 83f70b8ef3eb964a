/// The cores of a simulated machine, and the threads that want them.
///
/// Each core has a queue of threads that it serves in equal shares. A thread that becomes ready goes to the
/// core with the fewest; a core that is left with two threads fewer than another takes one from it. That is
/// what a fair scheduler does over more than a few of its slices; slices themselves are not modelled.
///
/// Speed is common to all cores at any instant: it falls with the number of busy ones, and when their
/// traffic passes the machine's bandwidth. So one virtual clock, in nanoseconds of one core at its full
/// speed, orders all ends of work, and a change of speed moves no event.
///
/// Complexity: O(log cores + threads of the core) for each start and end of work; looking for a core to take
/// a thread from is O(cores), only while threads wait.
struct CorePool {
  /// How fast a core is when `busy` cores compute, as a share of its speed when alone: index busy − 1.
  /// Beyond the last one, the last counts.
  let speeds: [Double]
  /// Bytes per nanosecond that all cores together can move; `nil` does not limit.
  let bandwidth: Double?

  private struct Member {
    var thread: Int
    /// The core's clock at which its work ends.
    var end: Double
    var traffic: Double
    /// The core's ``Core/occupied`` when its work began.
    var since: Double
  }

  private struct Core {
    var members: [Member] = []
    /// Virtual nanoseconds that each member has had.
    var clock = 0.0
    /// Nanoseconds that each member has had the core for.
    var occupied = 0.0
    /// The pool's virtual clock and the time at which the two were brought up to date.
    var seen = (clock: 0.0, time: 0.0)
    var stamp = 0
    /// Bytes per virtual nanosecond.
    var traffic = 0.0
  }

  private var cores: [Core]
  private var place: [Int?]
  private var idle: [Int]
  private var ends = EventHeap()
  /// The pool's virtual clock.
  private var clock = 0.0
  private var now = 0.0
  private var rate = 1.0
  private var traffic = 0.0
  private var ready = 0
  private var turn = 0

  init(cores: Int, threads: Int, speeds: [Double], bandwidth: Double?) {
    precondition(cores > 0, "a machine has a core")
    self.cores = Array(repeating: Core(), count: cores)
    self.speeds = speeds.isEmpty ? [1] : speeds
    self.bandwidth = bandwidth
    place = Array(repeating: nil, count: threads)
    idle = Array((0..<cores).reversed())
  }

  /// When the next work ends if nothing changes before, and whose.
  mutating func next() -> (time: Double, thread: Int)? {
    while let event = ends.first {
      let core = cores[event.subject]
      if core.stamp == event.stamp, let member = core.members.min(by: { $0.end < $1.end }) {
        return (now + max(event.time - clock, 0) / rate, member.thread)
      }
      ends.removeFirst()
    }
    return nil
  }

  /// Lets time pass; not beyond the end of the next work.
  mutating func advance(to time: Double) {
    clock += (time - now) * rate
    now = time
  }

  /// Gives a thread work: nanoseconds of a core at full speed, and the bytes per nanosecond that it moves
  /// meanwhile. A thread that has a core keeps it.
  mutating func start(_ thread: Int, work: Double, traffic: Double) {
    let core: Int
    if let own = place[thread] {
      core = own
      touch(core)
      cores[core].members.removeAll { $0.thread == thread }
    } else {
      core = choose()
      touch(core)
      place[thread] = core
      ready += 1
    }
    cores[core].members.append(
      Member(
        thread: thread, end: cores[core].clock + work, traffic: traffic, since: cores[core].occupied))
    settle(core)
  }

  /// For how long a thread has had a core since its work began.
  mutating func occupancy(of thread: Int) -> Double {
    guard let core = place[thread] else { return 0 }
    touch(core)
    guard let member = cores[core].members.first(where: { $0.thread == thread }) else { return 0 }
    return cores[core].occupied - member.since
  }

  /// Takes a thread off its core, if it has one.
  mutating func stop(_ thread: Int) {
    guard let core = place[thread] else { return }
    touch(core)
    cores[core].members.removeAll { $0.thread == thread }
    place[thread] = nil
    ready -= 1
    let busy = self.cores.count - idle.count
    if ready >= busy, ready > 1 { relieve(into: core) }
    if cores[core].members.isEmpty { idle.append(core) }
    settle(core)
  }

  private mutating func choose() -> Int {
    if let free = idle.popLast() { return free }
    // From a place that moves on, so that equals take turns.
    turn += 1
    var best = turn % cores.count
    for offset in 1..<max(cores.count, 1) {
      let core = (turn + offset) % cores.count
      if cores[core].members.count < cores[best].members.count { best = core }
    }
    return best
  }

  /// Moves a thread to `core` from the fullest one, if that has at least two more.
  private mutating func relieve(into core: Int) {
    var fullest = core
    for other in cores.indices where cores[other].members.count > cores[fullest].members.count {
      fullest = other
    }
    guard cores[fullest].members.count >= cores[core].members.count + 2 else { return }
    touch(fullest)
    var member = cores[fullest].members.removeLast()
    member.end += cores[core].clock - cores[fullest].clock
    member.since += cores[core].occupied - cores[fullest].occupied
    place[member.thread] = core
    cores[core].members.append(member)
    settle(fullest)
  }

  /// Brings a core's clock up to date.
  private mutating func touch(_ core: Int) {
    let count = Double(cores[core].members.count)
    if count > 0 {
      cores[core].clock += (clock - cores[core].seen.clock) / count
      cores[core].occupied += (now - cores[core].seen.time) / count
    }
    cores[core].seen = (clock, now)
  }

  /// Plans the next end of work on a core, and the speed of all.
  private mutating func settle(_ core: Int) {
    cores[core].stamp += 1
    let members = cores[core].members
    let moved = members.isEmpty ? 0 : members.reduce(0) { $0 + $1.traffic } / Double(members.count)
    traffic += moved - cores[core].traffic
    cores[core].traffic = moved
    if let first = members.min(by: { $0.end < $1.end }) {
      let wait = max(first.end - cores[core].clock, 0) * Double(members.count)
      ends.add(EventHeap.Event(time: clock + wait, subject: core, stamp: cores[core].stamp))
    }
    let busy = cores.count - idle.count
    rate = speeds[min(max(busy, 1), speeds.count) - 1]
    if let bandwidth, traffic * rate > bandwidth { rate = bandwidth / traffic }
  }
}
