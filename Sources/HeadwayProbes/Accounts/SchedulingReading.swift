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
  ///
  /// The kernel books a running thread's time when it switches or at the tick, so what stands in the file may be
  /// milliseconds old; a question for the thread's CPU clock makes it book.
  ///
  /// Allocates nothing, because threads that end within the measured steps are read there.
  package static func read(_ thread: ThreadID) -> SchedulingReading? {
    _ = headway_cpu_ns_of(thread.rawValue)
    return ProcBytes.read("/proc/self/task/", thread.rawValue, "/schedstat", parse)
  }

  /// Parses `on-cpu run-delay timeslices`, in nanoseconds.
  package static func parse(_ text: String) -> SchedulingReading? {
    var text = text
    return text.withUTF8(parse)
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> SchedulingReading? {
    guard let first = bytes.first, (0x30...0x39).contains(first),
      let onCpu = ProcBytes.number(in: bytes, from: 0), onCpu.end < bytes.count,
      bytes[onCpu.end] == 0x20, let delay = ProcBytes.number(in: bytes, from: onCpu.end),
      delay.end == bytes.count || bytes[delay.end] == 0x20 || bytes[delay.end] == 0x0A
    else { return nil }
    return SchedulingReading(onCpuNs: onCpu.value, runDelayNs: delay.value)
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
