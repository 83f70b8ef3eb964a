/// What around a run may change its speed and is neither the machine nor the program: settings of the kernel, limits
/// upon the process, libraries, other load. An absent value could not be read, or there is none, as each says.
public struct Surroundings: Codable, Equatable, Sendable {
  /// The frequency governors of the CPUs; absent where none is visible, as in most virtual machines.
  public var governor: String?
  /// The kernel's setting of transparent huge pages: `always`, `madvise`, `never`.
  public var hugePages: String?
  /// Whether each process gets another layout of its addresses, as comparisons need: `on` or `off`.
  public var addressRandomisation: String?
  /// The version of control groups that limit the process; absent where none is mounted.
  public var cgroupVersion: Int?
  /// CPUs that the control groups' quota allows; absent without a quota.
  public var cpuQuota: Double?
  /// Bytes of memory that the control groups allow; absent without a limit.
  public var memoryLimitBytes: Int?
  /// The CPUs that the process may run on: `0-3,8`.
  public var affinity: String?
  /// Processes that ran or were ready to, the mean of the minute before the run.
  public var loadAverage: Double?
  /// The libraries that decide over speed, with their versions or the names of their files.
  public var libraries: [String: String]
  /// What else the machine did during the run; absent before it has ended.
  public var activity: MachineActivity?

  /// Assembles the surroundings.
  public init(
    governor: String? = nil, hugePages: String? = nil, addressRandomisation: String? = nil,
    cgroupVersion: Int? = nil, cpuQuota: Double? = nil, memoryLimitBytes: Int? = nil, affinity: String? = nil,
    loadAverage: Double? = nil, libraries: [String: String] = [:], activity: MachineActivity? = nil
  ) {
    self.governor = governor
    self.hugePages = hugePages
    self.addressRandomisation = addressRandomisation
    self.cgroupVersion = cgroupVersion
    self.cpuQuota = cpuQuota
    self.memoryLimitBytes = memoryLimitBytes
    self.affinity = affinity
    self.loadAverage = loadAverage
    self.libraries = libraries
    self.activity = activity
  }

  /// The settings, by name, in the order in which reports have them; what moves from run to run (load, steal) is not
  /// among them.
  public var settings: [(name: String, value: String?)] {
    let fixed: [(String, String?)] = [
      ("frequency governor", governor), ("transparent huge pages", hugePages),
      ("address randomisation", addressRandomisation),
      ("CPU quota", cpuQuota.map { "\($0) CPUs" } ?? cgroupVersion.map { _ in "none" }),
      ("memory limit", memoryLimitBytes.map { "\($0) bytes" } ?? cgroupVersion.map { _ in "none" }),
      ("affinity", affinity.map { "CPUs \($0)" }),
    ]
    return fixed + libraries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The settings that are not the same in other surroundings.
  public func differences(from other: Surroundings) -> [NamedDifference] {
    let (own, theirs) = (settings, other.settings)
    let names = (own + theirs).map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return names.compactMap { name in
      let base = own.first { $0.name == name }?.value
      let candidate = theirs.first { $0.name == name }?.value
      return base == candidate ? nil : NamedDifference(name: name, base: base, candidate: candidate)
    }
  }
}

/// What the machine did beside a run while that was going on.
public struct MachineActivity: Codable, Equatable, Sendable {
  /// Share of the CPUs' time that the hypervisor gave to others; absent where the kernel does not report it.
  public var stealShare: Double?
  /// Share of the CPUs' time that other processes used.
  public var foreignShare: Double
  /// Periods in which the control groups' quota stopped the process; absent where it is not counted.
  public var throttledPeriods: Int?

  /// Assembles what the machine did.
  public init(stealShare: Double?, foreignShare: Double, throttledPeriods: Int?) {
    self.stealShare = stealShare
    self.foreignShare = foreignShare
    self.throttledPeriods = throttledPeriods
  }
}
