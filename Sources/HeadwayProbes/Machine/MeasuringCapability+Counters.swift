import CHeadwayLinux
import Glibc

extension MeasuringCapability {
  static func hardwareCounters() -> Self {
    counters(
      "hardware counters", type: UInt32(PERF_TYPE_HARDWARE.rawValue),
      event: UInt64(PERF_COUNT_HW_CPU_CYCLES.rawValue), what: "CPU cycles",
      without: "work on bare metal, or on a virtual machine that passes the counters on")
  }

  static func softwareCounters() -> Self {
    counters(
      "software counters", type: UInt32(PERF_TYPE_SOFTWARE.rawValue),
      event: UInt64(PERF_COUNT_SW_TASK_CLOCK.rawValue), what: "the task clock",
      without: "use a kernel with CONFIG_PERF_EVENTS")
  }

  /// Opens a counter on the calling thread, lets it count, and explains what happened.
  private static func counters(
    _ name: String, type: UInt32, event: UInt64, what: String, without remedy: String
  ) -> Self {
    let descriptor = headway_perf_open(type, event)
    guard descriptor >= 0 else {
      return explain(
        name, what: what, code: -descriptor, remedy: remedy,
        paranoia: ProcFile.value("/proc/sys/kernel/perf_event_paranoid"))
    }
    defer { close(descriptor) }
    var sum: UInt64 = 0
    for value in UInt64(0)..<100_000 { sum ^= value &* 0x9E37_79B9_7F4A_7C15 }
    var count: UInt64 = 0
    let got = read(descriptor, &count, 8)
    guard got == 8, count > 0 else {
      return Self(
        name: name, state: .unavailable,
        detail: "\(what) can be opened and do not count (\(sum == 0 ? 0 : count))", remedy: remedy)
    }
    return Self(name: name, state: .available, detail: "\(what) counted \(count)")
  }

  /// Says why the kernel refused a counter.
  package static func explain(_ name: String, what: String, code: Int32, remedy: String, paranoia: String?)
    -> Self
  {
    let reason = String(cString: strerror(code))
    let setting =
      paranoia.map { "kernel.perf_event_paranoid is \($0)" } ?? "perf_event_paranoid is not visible"
    switch code {
    case EACCES, EPERM:
      return Self(
        name: name, state: .unavailable,
        detail: "the kernel refuses \(what) to this user (\(reason); \(setting))",
        remedy: "sudo sysctl kernel.perf_event_paranoid=1, or grant CAP_PERFMON; in a container also allow "
          + "perf_event_open")
    case ENOENT, ENODEV, EOPNOTSUPP:
      return Self(
        name: name, state: .unavailable,
        detail: "this CPU or virtual machine does not offer \(what) (\(reason); \(setting))", remedy: remedy)
    default:
      return Self(
        name: name, state: .unavailable, detail: "\(what) cannot be opened (\(reason); \(setting))",
        remedy: remedy)
    }
  }
}
