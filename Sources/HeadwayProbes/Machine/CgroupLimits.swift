import HeadwayTrace

/// What the control groups above this process allow it: version 2, or version 1 where that is mounted.
///
/// A limit of any group on the way to the root binds, so the smallest counts. Absent is "no limit".
package struct CgroupLimits: Equatable {
  /// CPUs by bandwidth quota.
  package var cpus: Double?
  /// Bytes of memory.
  package var memoryBytes: Int?
  /// Which version was found, absent when none is mounted.
  package var version: Int?

  /// Reads the limits of this process. `root` is where the file system begins: `""`, or a test's copy.
  package static func read(root: String = "") -> CgroupLimits {
    let groups = parse(ProcFile.read(root + "/proc/self/cgroup") ?? "")
    var limits = CgroupLimits()
    let mount = root + "/sys/fs/cgroup"
    if ProcFile.read(mount + "/cgroup.controllers") != nil {
      limits.version = 2
      for folder in folders(mount, groups[""] ?? "/") {
        limits.restrict(cpus: ProcFile.read(folder + "/cpu.max").flatMap(quota))
        limits.restrict(memory: ProcFile.value(folder + "/memory.max").flatMap { Int($0) })
      }
      return limits
    }
    for controller in ["cpu", "cpu,cpuacct"] {
      for folder in folders("\(mount)/\(controller)", groups["cpu"] ?? "/") {
        guard let quota = ProcFile.value(folder + "/cpu.cfs_quota_us"),
          let period = ProcFile.value(folder + "/cpu.cfs_period_us")
        else { continue }
        limits.version = 1
        limits.restrict(cpus: Self.quota("\(quota) \(period)"))
      }
    }
    for folder in folders("\(mount)/memory", groups["memory"] ?? "/") {
      guard let bytes = ProcFile.value(folder + "/memory.limit_in_bytes").flatMap({ Int($0) }) else {
        continue
      }
      limits.version = 1
      // Version 1 writes "no limit" as the largest multiple of a page.
      limits.restrict(memory: bytes < Int.max / 2 ? bytes : nil)
    }
    return limits
  }

  /// Times and periods in which the process's groups were throttled so far; absent where it is not counted.
  package static func throttling(root: String = "") -> Throttling? {
    let groups = parse(ProcFile.read(root + "/proc/self/cgroup") ?? "")
    let mount = root + "/sys/fs/cgroup"
    let places = [
      folders(mount, groups[""] ?? "/"), folders(mount + "/cpu", groups["cpu"] ?? "/"),
      folders(mount + "/cpu,cpuacct", groups["cpu"] ?? "/"),
    ]
    var sum: Throttling?
    for folder in places.joined() {
      guard let text = ProcFile.read(folder + "/cpu.stat"), let one = Throttling(parsing: text) else {
        continue
      }
      sum = Throttling(periods: (sum?.periods ?? 0) + one.periods, time: (sum?.time ?? .zero) + one.time)
    }
    return sum
  }

  /// CPU bandwidth that the groups withheld.
  package struct Throttling: Equatable {
    package var periods: Int
    package var time: Nanoseconds

    package init(periods: Int, time: Nanoseconds) {
      self.periods = periods
      self.time = time
    }

    /// Parses `cpu.stat` of either version; `nil` when it does not count throttling.
    init?(parsing text: String) {
      var values: [Substring: Int64] = [:]
      for line in text.split(separator: "\n") {
        let fields = line.split(separator: " ")
        if fields.count == 2 { values[fields[0]] = Int64(fields[1]) }
      }
      guard let periods = values["nr_throttled"] else { return nil }
      let time = values["throttled_time"] ?? values["throttled_usec"].map { $0 * 1_000 } ?? 0
      self.init(periods: Int(periods), time: Nanoseconds(time))
    }
  }

  /// The group of each controller, by its name; version 2's group has the empty name.
  static func parse(_ text: String) -> [String: String] {
    var groups: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
        groups[String(controller)] = String(fields[2])
      }
    }
    return groups
  }

  /// `quota period` as CPUs; `nil` for no limit.
  static func quota(_ text: String) -> Double? {
    let fields = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
    guard fields.count == 2, let quota = fields[0], let period = fields[1], quota > 0, period > 0 else {
      return nil
    }
    return quota / period
  }

  /// The folders of a group and of those above it. In a container the path may begin outside what is
  /// mounted; folders that are not there have no files to read.
  private static func folders(_ mount: String, _ group: String) -> [String] {
    var folders = [mount]
    for name in group.split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(name)") }
    return folders
  }

  private mutating func restrict(cpus limit: Double?) {
    guard let limit else { return }
    cpus = min(cpus ?? limit, limit)
  }

  private mutating func restrict(memory limit: Int?) {
    guard let limit else { return }
    memoryBytes = min(memoryBytes ?? limit, limit)
  }
}
