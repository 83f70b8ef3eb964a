import CHeadwayLinux
import HeadwayTrace

/// What the counters of one row of the books have counted inside the measured window, over all threads that
/// filled the row one after another.
///
/// Under the registry's lock. ``take(_:isCounting:)`` begins a stretch and ``giveBack(isCounting:)`` ends it;
/// ``begin()`` and ``end()`` are the window's.
struct CounterLedger {
  /// One kind of counter.
  fileprivate struct Account {
    var count: UInt64 = 0
    var enabledNs: UInt64 = 0
    var runningNs: UInt64 = 0
    /// The reading from which it counts now; `nil` while it does not.
    var base: headway_perf_reading?
    /// Why there is no count, once there is a reason.
    var absence: CounterAbsence?
  }

  private var accounts = Array(repeating: Account(), count: CounterKind.allCases.count)
  private var open: ThreadCounters?
  private var openingTicks: UInt64 = 0
  /// Whether any thread of the row had counters.
  private(set) var isUsed = false

  /// Takes over the counters of a thread that fills the row from now on.
  mutating func take(_ counters: ThreadCounters, isCounting: Bool) {
    isUsed = true
    open = counters
    openingTicks += counters.openingTicks
    for (index, counter) in counters.counters.enumerated() {
      if case .failure(let refusal) = counter { accounts[index].absence = CounterAbsence(refusal) }
    }
    if isCounting { begin() }
  }

  /// Counts from now on.
  mutating func begin() {
    forEachOpen { account, counter in account.base = account.read(counter) }
  }

  /// Adds what has been counted, and stops.
  mutating func end() {
    forEachOpen { account, counter in
      account.add(counter)
      account.base = nil
    }
  }

  /// Ends the stretch of the row's thread. The caller closes what it gets, outside of the lock.
  mutating func giveBack(isCounting: Bool) -> ThreadCounters? {
    if isCounting { end() }
    defer { open = nil }
    return open
  }

  /// The readings so far; of a ledger that still counts, up to now.
  func readings(rate: ClockRate) -> CounterReadings {
    var settled = self
    settled.forEachOpen { account, counter in account.add(counter) }
    var readings = CounterReadings(openingNs: rate.nanoseconds(ofTicks: openingTicks))
    for (kind, account) in zip(CounterKind.allCases, settled.accounts) {
      switch account.absence.map(CountedEvents.absent)
        ?? CountedEvents(count: account.count, enabledNs: account.enabledNs, runningNs: account.runningNs)
      {
      case .counted(let value): readings.counts[kind.rawValue] = value
      case .absent(let absence): readings.absent[kind.rawValue] = absence
      }
    }
    return readings
  }

  private mutating func forEachOpen(_ body: (inout Account, EventCounter) -> Void) {
    guard let open else { return }
    for (index, counter) in open.counters.enumerated() {
      if case .success(let counter) = counter { body(&accounts[index], counter) }
    }
  }
}

extension CounterLedger.Account {
  /// A reading; a failure is kept as the reason why there is no count.
  fileprivate mutating func read(_ counter: EventCounter) -> headway_perf_reading? {
    do throws(CounterRefusal) {
      return try counter.read()
    } catch {
      absence = CounterAbsence(
        reason: .unreadable, detail: "it could not be read (\(error.sentence(what: "it", paranoia: nil)))")
      return nil
    }
  }

  /// Adds what has been counted since ``base``, where it counts.
  fileprivate mutating func add(_ counter: EventCounter) {
    guard let base, let now = read(counter) else { return }
    count += now.value - min(now.value, base.value)
    enabledNs += now.enabled_ns - min(now.enabled_ns, base.enabled_ns)
    runningNs += now.running_ns - min(now.running_ns, base.running_ns)
  }
}
