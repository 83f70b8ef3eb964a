import CHeadwayLinux
import Glibc
import HeadwayTrace

extension MeasuringCapability {
  static func fastClock(_ facts: MachineFacts) -> Self {
    let source =
      facts.clockSource.map { "the kernel's clock source is \($0)" } ?? "no clock source is visible"
    if FastClock.isMonotonicFallback {
      return Self(
        name: "cycle counter as clock", state: .limited,
        detail: "the cycle counter is not invariant or the kernel distrusts it (\(source)); "
          + "CLOCK_MONOTONIC is used, at \(cost(of: { _ = headway_monotonic_ns() })) ns a reading",
        remedy: "expect spans to cost twice as much; boot with clocksource=tsc if the CPU allows")
    }
    let rate = FastClock().rate.ticksPerSecond
    return Self(
      name: "cycle counter as clock", state: .available,
      detail: "\(rate / 1_000_000) MHz, \(cost(of: { _ = headway_ticks() })) ns a reading; \(source)")
  }

  static func threadCpuClock() -> Self {
    var resolution = timespec()
    guard clock_getres(CLOCK_THREAD_CPUTIME_ID, &resolution) == 0, headway_thread_cpu_ns() != .max else {
      return Self(
        name: "CPU clock of each thread", state: .unavailable,
        detail: "clock_gettime(CLOCK_THREAD_CPUTIME_ID) fails (\(String(cString: strerror(errno))))",
        remedy: "run on a Linux kernel that offers it: CPU time of states will be missing")
    }
    // The clock may claim a nanosecond and move in steps of a scheduler tick: look at the steps.
    var smallest = UInt64.max
    var last = headway_thread_cpu_ns()
    for _ in 0..<2_000 {
      let now = headway_thread_cpu_ns()
      if now > last { smallest = min(smallest, now - last) }
      last = now
    }
    let claimed = resolution.tv_sec * 1_000_000_000 + resolution.tv_nsec
    let price = cost(of: { _ = headway_thread_cpu_ns() })
    let isCoarse = smallest > 100_000
    return Self(
      name: "CPU clock of each thread", state: isCoarse ? .limited : .available,
      detail: "resolution \(claimed) ns, "
        + (smallest == .max ? "did not move in 2000 readings" : "smallest step seen \(smallest) ns")
        + ", \(price) ns a reading",
      remedy: isCoarse ? "CPU time of short states is coarse here; prefer longer runs" : nil)
  }

  static func switchNotices() -> Self {
    let name = "notice of lost CPUs"
    if headway_switch_word() != nil {
      return Self(
        name: name, state: .available,
        detail: "the kernel tells a thread by its restartable sequence (rseq): "
          + "few changes of state ask the CPU clock")
    }
    return Self(
      name: name, state: .limited,
      detail: "no restartable sequences (rseq) here: most changes of state ask the thread's CPU clock",
      remedy: "use glibc 2.35 or later on Linux 4.18 or later, without glibc.pthread.rseq=0; "
        + "the timers cost more without")
  }

  static func schedulerStatistics() -> Self {
    let thread = ThreadID(headway_gettid())
    guard let reading = SchedulingReading.read(thread) else {
      return Self(
        name: "scheduler statistics", state: .unavailable,
        detail: "/proc/self/task/TID/schedstat cannot be read",
        remedy: "use a kernel with CONFIG_SCHED_INFO, outside of sandboxes that hide /proc; without it, "
          + "waiting for a CPU cannot be told from other waiting")
    }
    return Self(
      name: "scheduler statistics", state: .available,
      detail: "this thread has waited \(reading.runDelayNs) ns for a CPU and run \(reading.onCpuNs) ns")
  }

  static func steal(_ facts: MachineFacts) -> Self {
    guard let activity = SystemActivity.read() else {
      return Self(
        name: "steal and foreign load", state: .unavailable, detail: "/proc/stat cannot be read",
        remedy: "run outside of sandboxes that hide /proc; disturbed runs will not be noticed")
    }
    guard let steal = activity.times.steal else {
      return Self(
        name: "steal and foreign load", state: .limited, detail: "/proc/stat has no column for steal",
        remedy: "use a newer kernel; what the hypervisor takes will not be noticed")
    }
    let seconds = Int(Double(steal) / activity.ticksPerSecond)
    if let hypervisor = facts.hypervisor, steal == 0 {
      return Self(
        name: "steal and foreign load", state: .limited,
        detail: "foreign load is visible; steal is 0 since the boot under \(hypervisor), "
          + "so it may not be passed on to this guest",
        remedy: "compare configurations in paired blocks only")
    }
    return Self(
      name: "steal and foreign load", state: .available,
      detail: "\(seconds) CPU seconds stolen since the boot")
  }

  /// The median price of a call in whole nanoseconds.
  private static func cost(of call: () -> Void) -> UInt64 {
    let batches = (0..<9).map { _ in
      let start = headway_monotonic_ns()
      for _ in 0..<200 { call() }
      return (headway_monotonic_ns() - start) / 200
    }
    return batches.sorted()[4]
  }
}
