import CHeadwayLinux
import Glibc
import HeadwayTrace

/// What the kernel's scheduler knows of one thread: `/proc/self/task/TID/schedstat`.
package struct SchedulingReading: Equatable {
  /// Time on a CPU since the thread began.
  package var onCpuNs: UInt64
  /// Time ready but not running since the thread began.
  package var runDelayNs: UInt64

  /// Reads the statistics of one thread of this process; `nil` where the kernel does not keep them.
  package static func read(_ thread: ThreadID) -> SchedulingReading? {
    guard let text = ProcFile.read("/proc/self/task/\(thread.rawValue)/schedstat") else { return nil }
    return parse(text)
  }

  /// Parses `on-cpu run-delay timeslices`, in nanoseconds.
  package static func parse(_ text: String) -> SchedulingReading? {
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count >= 2, let onCpu = UInt64(fields[0]), let delay = UInt64(fields[1]) else { return nil }
    return SchedulingReading(onCpuNs: onCpu, runDelayNs: delay)
  }
}

/// Switches of a thread off the CPU.
struct SwitchCounts: Equatable {
  var voluntary: Int
  var involuntary: Int

  /// The calling thread's switches since it began; `nil` when the kernel refuses.
  static func read() -> SwitchCounts? {
    var voluntary: Int64 = 0
    var involuntary: Int64 = 0
    guard headway_thread_switches(&voluntary, &involuntary) == 0 else { return nil }
    return SwitchCounts(voluntary: Int(voluntary), involuntary: Int(involuntary))
  }

  static func - (left: Self, right: Self) -> Self {
    Self(voluntary: left.voluntary - right.voluntary, involuntary: left.involuntary - right.involuntary)
  }
  static func + (left: Self, right: Self) -> Self {
    Self(voluntary: left.voluntary + right.voluntary, involuntary: left.involuntary + right.involuntary)
  }
}
