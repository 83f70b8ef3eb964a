import Glibc
import HeadwayTrace

extension Surroundings {
  /// Reads what surrounds this process. A value that cannot be read is absent.
  public static func read() -> Surroundings { read(root: "") }

  /// The same from a copy of the kernel's files.
  package static func read(root: String) -> Surroundings {
    let limits = CgroupLimits.read(root: root)
    let pages = ProcFile.value(root + "/sys/kernel/mm/transparent_hugepage/enabled")
    return Surroundings(
      governor: governors(root: root), hugePages: pages.map { MeasuringCapability.chosen(in: $0) ?? $0 },
      addressRandomisation: AddressRandomisation.read(root: root).isOn.map { $0 ? "on" : "off" },
      cgroupVersion: limits.version, cpuQuota: limits.cpus, memoryLimitBytes: limits.memoryBytes,
      affinity: statusValue("Cpus_allowed_list", ProcFile.read(root + "/proc/self/status") ?? ""),
      loadAverage: SystemActivity.loadAverage(root: root),
      libraries: libraries(maps: ProcFile.read(root + "/proc/self/maps") ?? "", libc: cLibrary))
  }

  /// The same, for the moment at which a run has ended, with what happened since it began.
  public mutating func note(activityFrom before: SystemActivity?, to after: SystemActivity?) {
    activity = SystemActivity.shares(from: before, to: after).map {
      MachineActivity(
        stealShare: $0.stealShare, foreignShare: $0.foreignShare, throttledPeriods: $0.throttledPeriods)
    }
  }

  /// The governors of all CPUs, each once.
  private static func governors(root: String) -> String? {
    var seen: Set<String> = []
    for cpu in 0..<max(1, sysconf(Int32(_SC_NPROCESSORS_CONF))) {
      let file = "/sys/devices/system/cpu/cpu\(cpu)/cpufreq/scaling_governor"
      if let governor = ProcFile.value(root + file) { seen.insert(governor) }
    }
    return seen.isEmpty ? nil : seen.sorted().joined(separator: ", ")
  }

  /// A line of `/proc/self/status`.
  private static func statusValue(_ name: String, _ text: String) -> String? {
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let value = line.map { $0.dropFirst(name.count + 1).filter { !$0.isWhitespace } } ?? ""
    return value.isEmpty ? nil : value
  }

  /// Libraries whose version may decide over speed, by the beginning of their files' names.
  private static let watched = [
    "libopenblas", "libblis", "libmkl_rt", "libgomp", "libomp", "libiomp5", "libtbb", "libjemalloc",
    "libtcmalloc", "libmimalloc", "libdw",
  ]

  /// The watched libraries among the files that are mapped: of each the name of the file that its links lead to, which
  /// mostly has the version.
  package static func libraries(maps: String, libc: String?) -> [String: String] {
    var found: [String: String] = [:]
    found["libc"] = libc
    for line in maps.split(separator: "\n") {
      guard let slash = line.lastIndex(of: "/") else { continue }
      let file = line[line.index(after: slash)...]
      guard file.contains(".so"), let name = watched.first(where: file.hasPrefix) else { continue }
      found[name] = String(file)
    }
    return found
  }

  /// `glibc 2.36`; `nil` where the C library does not say.
  private static var cLibrary: String? {
    let length = confstr(Int32(_CS_GNU_LIBC_VERSION), nil, 0)
    guard length > 1 else { return nil }
    var text = [CChar](repeating: 0, count: length)
    // Safety: the call writes at most `length` bytes, and the array has as many.
    guard confstr(Int32(_CS_GNU_LIBC_VERSION), &text, length) == length else { return nil }
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Whether the kernel gives each process another layout of its addresses.
enum AddressRandomisation {
  /// The kernel's setting, and what holds for this process; absent where it cannot be read.
  static func read(root: String = "") -> (setting: String?, isOn: Bool?) {
    let setting = ProcFile.value(root + "/proc/sys/kernel/randomize_va_space")
    // 0x0040000 is ADDR_NO_RANDOMIZE, which `setarch -R` and debuggers set.
    let personality = ProcFile.value(root + "/proc/self/personality").flatMap { UInt32($0, radix: 16) } ?? 0
    if personality & 0x0040000 != 0 { return (setting, false) }
    return (setting, setting.map { $0 != "0" })
  }
}
