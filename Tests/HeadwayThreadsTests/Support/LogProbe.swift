import Glibc
import HeadwayProbes
import HeadwayTrace
import Synchronization

/// A probe that keeps everything, and whose clock the test chooses.
final class LogProbe: Probe {
  /// What the threads' clocks show.
  enum Clock {
    /// A counter shared by all threads: every reading is later than all readings before it.
    case logical
    /// Always the same: every reading ties with every other.
    case constant
    /// The logical clock, but each thread's is some readings behind the one registered before it.
    case skewed
  }

  /// What one registered thread left behind.
  struct ThreadLog: Sendable {
    var name: String
    var role: ThreadRole
    var entered: [String] = []
    var crossings: [Crossing] = []
    var waits: [(site: String, length: UInt64)] = []
    var spreads: [(first: Ticks, release: Ticks)] = []
  }

  struct Crossing: Sendable {
    var site: String
    var generation: UInt32
    var arrival: Ticks
    var release: Ticks
    var departure: Ticks
    var wasLast: Bool
  }

  struct Books {
    var states: [StateDefinition] = []
    var sites: [SiteDefinition] = []
    var registrations = 0
    var retired: [ThreadLog] = []
    var threads: [Registered] = []
  }

  /// A thread that registered, and its CPU clock, which may be read while it lives.
  struct Registered: Sendable {
    var name: String
    var role: ThreadRole
    var cpuClock: clockid_t
  }

  let clock: Clock
  let reading = Atomic<UInt64>(1 << 40)
  let books = Mutex(Books())
  /// Called by every thread right after it entered a state.
  let onEnter: @Sendable (String) -> Void

  init(clock: Clock = .logical, onEnter: @escaping @Sendable (String) -> Void = { _ in }) {
    self.clock = clock
    self.onEnter = onEnter
  }

  func state(_ definition: StateDefinition) -> StateID {
    books.withLock { books in
      if let known = books.states.firstIndex(of: definition) { return StateID(UInt16(known)) }
      books.states.append(definition)
      return StateID(UInt16(books.states.count - 1))
    }
  }

  func site(_ definition: SiteDefinition) -> SiteID {
    books.withLock { books in
      if let known = books.sites.firstIndex(of: definition) { return SiteID(UInt16(known)) }
      books.sites.append(definition)
      return SiteID(UInt16(books.sites.count - 1))
    }
  }

  func register(name: String, role: ThreadRole) -> LogHandle {
    let number = books.withLock { books in
      books.registrations += 1
      books.threads.append(Registered(name: name, role: role, cpuClock: ownCPUClock()))
      return books.registrations
    }
    return LogHandle(self, lag: clock == .skewed ? UInt64(number) * 50 : 0, name: name, role: role)
  }

  func retire(_ handle: LogHandle) {
    precondition(handle.depth == 0, "retired inside a state")
    books.withLock { $0.retired.append(handle.log) }
  }

  func openWindow() {}
  func closeWindow() {}

  /// The logs of all retired threads.
  var logs: [ThreadLog] { books.withLock { $0.retired } }
  /// How many threads have registered so far.
  var registrations: Int { books.withLock { $0.registrations } }
  /// All registrations so far.
  var threads: [Registered] { books.withLock { $0.threads } }
}

final class LogHandle: ThreadProbe {
  private let probe: LogProbe
  private let lag: UInt64
  private var stateNames: [String] = []
  private var siteNames: [String] = []
  private(set) var log: LogProbe.ThreadLog
  private(set) var depth = 0

  init(_ probe: LogProbe, lag: UInt64, name: String, role: ThreadRole) {
    self.probe = probe
    self.lag = lag
    log = LogProbe.ThreadLog(name: name, role: role)
  }

  func now() -> Ticks {
    guard probe.clock != .constant else { return Ticks(7) }
    return Ticks(probe.reading.add(1, ordering: .sequentiallyConsistent).newValue - lag)
  }

  func enter(_ state: StateID) {
    depth += 1
    if state.rawValue >= stateNames.count { refreshNames() }
    let name = stateNames[Int(state.rawValue)]
    log.entered.append(name)
    probe.onEnter(name)
  }

  func leave() {
    depth -= 1
    precondition(depth >= 0, "left more states than entered")
  }

  func crossed(
    _ site: SiteID, generation: UInt32, arrival: Ticks, release: Ticks, departure: Ticks, wasLast: Bool
  ) {
    if site.rawValue >= siteNames.count { refreshNames() }
    log.crossings.append(
      .init(
        site: siteNames[Int(site.rawValue)], generation: generation, arrival: arrival, release: release,
        departure: departure, wasLast: wasLast))
  }

  func waited(_ site: SiteID, from start: Ticks, to end: Ticks) {
    if site.rawValue >= siteNames.count { refreshNames() }
    log.waits.append((siteNames[Int(site.rawValue)], end.rawValue - start.rawValue))
  }

  func spread(_ site: SiteID, from first: Ticks, to release: Ticks) { log.spreads.append((first, release)) }

  /// Copies the names, so that recording needs no lock.
  private func refreshNames() {
    (stateNames, siteNames) = probe.books.withLock { ($0.states.map(\.name), $0.sites.map(\.name)) }
  }

  func complete(tasks: Int, tokens: Int) {}
  func step(_ index: Int, from start: Ticks) {}
  func begin() -> Ticks { now() }
  func span(_ state: StateID, from start: Ticks) {}
}
