import Glibc
import HeadwayTrace

/// What the whole machine had done at one moment: two of them tell how much of its CPU time went to this
/// process, to others, and to other guests of the host.
///
///     let before = SystemActivity.read()
///     run()
///     let shares = SystemActivity.shares(from: before, to: SystemActivity.read())
public struct SystemActivity: Equatable, Sendable {
  /// CPU time of all CPUs since the boot, in the kernel's accounting ticks.
  package struct Times: Equatable, Sendable {
    package var busy: UInt64
    package var idle: UInt64
    /// Absent on kernels that do not report it.
    package var steal: UInt64?
    package init(busy: UInt64, idle: UInt64, steal: UInt64?) {
      self.busy = busy
      self.idle = idle
      self.steal = steal
    }
  }

  package var times: Times
  /// Accounting ticks of a second.
  package var ticksPerSecond: Double
  /// CPU time of this process and of its children that have ended, in nanoseconds.
  package var ownCpuNs: UInt64
  /// Periods in which the process's control groups were throttled; absent where it is not counted.
  package var throttledPeriods: Int?
  /// Processes that ran or were ready to, the mean of the last minute; absent where it cannot be read.
  public var loadAverage: Double?

  package init(
    times: Times, ticksPerSecond: Double, ownCpuNs: UInt64, throttledPeriods: Int?, loadAverage: Double? = nil
  ) {
    self.loadAverage = loadAverage
    self.times = times
    self.ticksPerSecond = ticksPerSecond
    self.ownCpuNs = ownCpuNs
    self.throttledPeriods = throttledPeriods
  }

  /// Reads the machine's activity; `nil` where `/proc/stat` cannot be read.
  public static func read() -> SystemActivity? {
    guard let text = ProcFile.read("/proc/stat"), let times = Times(parsing: text) else { return nil }
    let ticks = sysconf(Int32(_SC_CLK_TCK))
    guard ticks > 0, let own = ownCpuNs() else { return nil }
    return SystemActivity(
      times: times, ticksPerSecond: Double(ticks), ownCpuNs: own,
      throttledPeriods: CgroupLimits.throttling()?.periods, loadAverage: loadAverage())
  }

  /// The first figure of `/proc/loadavg`.
  package static func loadAverage(root: String = "") -> Double? {
    ProcFile.value(root + "/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
  }

  /// What happened between two readings; `nil` where one is missing or no accounting tick passed.
  public static func shares(from before: SystemActivity?, to after: SystemActivity?) -> ActivityShares? {
    guard let before, let after else { return nil }
    func difference(_ later: UInt64, _ earlier: UInt64) -> Double { Double(later - min(later, earlier)) }
    let busy = difference(after.times.busy, before.times.busy)
    let idle = difference(after.times.idle, before.times.idle)
    var steal: Double?
    if let later = after.times.steal, let earlier = before.times.steal { steal = difference(later, earlier) }
    let total = busy + idle + (steal ?? 0)
    guard total > 0 else { return nil }
    let own = difference(after.ownCpuNs, before.ownCpuNs) / 1e9 * after.ticksPerSecond
    var throttled: Int?
    if let later = after.throttledPeriods, let earlier = before.throttledPeriods {
      throttled = max(0, later - earlier)
    }
    return ActivityShares(
      stealShare: steal.map { $0 / total }, foreignShare: max(0, busy - own) / total,
      ownShare: min(own, busy) / total, cpuSeconds: total / after.ticksPerSecond,
      throttledPeriods: throttled)
  }

  /// What others took of the CPUs between two readings; `nil` as for ``shares(from:to:)``.
  package static func foreign(from before: SystemActivity?, to after: SystemActivity?) -> ForeignTime? {
    shares(from: before, to: after).map { shares in
      func time(_ share: Double) -> Nanoseconds { Nanoseconds(Int64(share * shares.cpuSeconds * 1e9)) }
      return ForeignTime(processesNs: time(shares.foreignShare), stolenNs: shares.stealShare.map(time))
    }
  }

  private static func ownCpuNs() -> UInt64? {
    var sum: UInt64 = 0
    for who in [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue] {
      var usage = rusage()
      guard getrusage(who, &usage) == 0 else { return nil }
      for time in [usage.ru_utime, usage.ru_stime] {
        sum += UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1_000
      }
    }
    return sum
  }
}

extension SystemActivity.Times {
  /// Parses the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. (Time of
  /// guests is part of user.)
  package init?(parsing text: String) {
    guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    let fields = line.split(separator: " ").dropFirst().map { UInt64($0) }
    guard fields.count >= 5, !fields.prefix(8).contains(nil) else { return nil }
    let values = fields.compactMap(\.self)
    let interrupts = values.count >= 7 ? values[5] + values[6] : 0
    self.init(
      busy: values[0] + values[1] + values[2] + interrupts, idle: values[3] + values[4],
      steal: values.count >= 8 ? values[7] : nil)
  }
}

/// Where the machine's CPU time went between two readings, as shares of all CPUs' time.
public struct ActivityShares: Equatable, Sendable {
  /// Taken by the hypervisor for other guests; absent on kernels that do not report it.
  public var stealShare: Double?
  /// Used by processes other than this one and its ended children, and by the kernel for them.
  public var foreignShare: Double
  /// Used by this process and its ended children.
  public var ownShare: Double
  /// What the shares are of: CPU time of all CPUs between the readings, idle time included.
  public var cpuSeconds: Double
  /// Periods in which this process's control groups were throttled; absent where it is not counted.
  public var throttledPeriods: Int?
  /// Assembles the shares.
  public init(
    stealShare: Double?, foreignShare: Double, ownShare: Double, cpuSeconds: Double, throttledPeriods: Int?
  ) {
    self.stealShare = stealShare
    self.foreignShare = foreignShare
    self.ownShare = ownShare
    self.cpuSeconds = cpuSeconds
    self.throttledPeriods = throttledPeriods
  }
}
