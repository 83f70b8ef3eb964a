import CHeadwayLinux
import Glibc
import HeadwayTrace

/// One counter of one thread: a file descriptor of perf_event_open(2), counting from its opening on.
///
/// The thread that it counts opens it; any thread of the process may read and close it. Whoever holds it closes
/// it once.
package struct EventCounter: Sendable {
  /// Open files that the counters leave to the program.
  private static let reservedFiles: UInt64 = 64

  private let descriptor: Int32

  /// Opens a counter of the calling thread.
  ///
  /// - Parameters:
  ///   - kind: What to count.
  ///   - leader: A counter of the same thread to share the CPU's time with, so that the quotient of the two is of
  ///     the same stretches.
  /// - Throws: ``CounterRefusal`` with the kernel's errno.
  package init(opening kind: CounterKind, with leader: EventCounter? = nil) throws(CounterRefusal) {
    let result = headway_perf_open(
      kind.eventType, kind.event, leader?.descriptor ?? -1, kind.isCountedInKernel)
    guard result >= 0 else { throw CounterRefusal(code: -result) }
    // Descriptors are given out from below: a high one means that few are left, and the program comes first.
    guard UInt64(result) + Self.reservedFiles < headway_open_file_limit() else {
      _ = Glibc.close(result)
      throw CounterRefusal(code: EMFILE)
    }
    descriptor = result
  }

  /// What it has counted so far, and the times in which it could and did count.
  ///
  /// - Throws: ``CounterRefusal`` with the errno of the reading.
  package func read() throws(CounterRefusal) -> headway_perf_reading {
    var reading = headway_perf_reading()
    let code = headway_perf_read(descriptor, &reading)
    guard code == 0 else { throw CounterRefusal(code: code) }
    return reading
  }

  /// Stops counting.
  package func close() { _ = Glibc.close(descriptor) }
}

extension CounterKind {
  /// The kernel's type of event.
  fileprivate var eventType: UInt32 {
    isHardware ? UInt32(PERF_TYPE_HARDWARE.rawValue) : UInt32(PERF_TYPE_SOFTWARE.rawValue)
  }

  /// The kernel's number of the event.
  fileprivate var event: UInt64 {
    switch self {
    case .cycles: UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue)
    case .instructions: UInt64(PERF_COUNT_HW_INSTRUCTIONS.rawValue)
    case .cacheReferences: UInt64(PERF_COUNT_HW_CACHE_REFERENCES.rawValue)
    case .cacheMisses: UInt64(PERF_COUNT_HW_CACHE_MISSES.rawValue)
    case .branchMisses: UInt64(PERF_COUNT_HW_BRANCH_MISSES.rawValue)
    case .taskClock: UInt64(PERF_COUNT_SW_TASK_CLOCK.rawValue)
    case .contextSwitches: UInt64(PERF_COUNT_SW_CONTEXT_SWITCHES.rawValue)
    case .migrations: UInt64(PERF_COUNT_SW_CPU_MIGRATIONS.rawValue)
    case .pageFaults: UInt64(PERF_COUNT_SW_PAGE_FAULTS.rawValue)
    }
  }

  /// Whether the event happens in the kernel only. Without the kernel it could be opened by anybody and would
  /// stay at zero.
  fileprivate var isCountedInKernel: Bool { self == .contextSwitches || self == .migrations }
}
