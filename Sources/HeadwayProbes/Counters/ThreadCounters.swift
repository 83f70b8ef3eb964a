import CHeadwayLinux
import HeadwayTrace

/// The counters of one thread, all kinds: those that the kernel gave, and why it refused the others.
///
/// Opened by the thread itself. Hardware counters are scheduled in pairs whose quotients are of interest; the
/// rest alone, so that a CPU with few registers still counts some of them.
struct ThreadCounters: Sendable {
  /// A counter that was opened, or why it was not.
  typealias Opened = Result<EventCounter, CounterRefusal>

  /// In the order of `CounterKind.allCases`.
  let counters: [Opened]
  /// What the opening took.
  let openingTicks: UInt64

  /// Opens the counters of the calling thread.
  static func open() -> ThreadCounters {
    let start = headway_ticks()
    var opened: [CounterKind: EventCounter] = [:]
    let counters = CounterKind.allCases.map { kind -> Opened in
      do throws(CounterRefusal) {
        let counter = try EventCounter(opening: kind, with: kind.leader.flatMap { opened[$0] })
        opened[kind] = counter
        return .success(counter)
      } catch {
        return .failure(error)
      }
    }
    return ThreadCounters(counters: counters, openingTicks: headway_ticks() - start)
  }

  /// Closes what is open.
  func close() {
    for case .success(let counter) in counters { counter.close() }
  }
}

extension CounterKind {
  /// The counter that this one is scheduled with.
  fileprivate var leader: CounterKind? {
    switch self {
    case .instructions: .cycles
    case .cacheMisses: .cacheReferences
    default: nil
    }
  }
}
