import CHeadwayLinux
import Glibc
import HeadwayTrace

extension MeasuringCapability {
  static func hardwareCounters() -> Self {
    counters(
      "hardware counters", .cycles, what: "CPU cycles",
      without: "work on bare metal, or on a virtual machine that passes the counters on")
  }

  static func softwareCounters() -> Self {
    counters(
      "software counters", .taskClock, what: "the task clock",
      without: "use a kernel with CONFIG_PERF_EVENTS")
  }

  /// Opens a counter on the calling thread, lets it count, and explains what happened.
  private static func counters(
    _ name: String, _ kind: CounterKind, what: String, without remedy: String
  ) -> Self {
    let counter: EventCounter
    do throws(CounterRefusal) {
      counter = try EventCounter(opening: kind)
    } catch {
      return explain(
        name, what: what, code: error.code, remedy: remedy, paranoia: CounterRefusal.paranoia)
    }
    defer { counter.close() }
    var sum: UInt64 = 0
    for value in UInt64(0)..<100_000 { sum ^= value &* 0x9E37_79B9_7F4A_7C15 }
    let count = (try? counter.read())?.value ?? 0
    guard count > 0 else {
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
    let refusal = CounterRefusal(code: code)
    return Self(
      name: name, state: .unavailable, detail: refusal.sentence(what: what, paranoia: paranoia),
      remedy: refusal.remedy ?? remedy)
  }
}
