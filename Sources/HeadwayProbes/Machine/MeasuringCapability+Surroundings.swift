import Glibc
import HeadwayTrace

extension MeasuringCapability {
  static func cpus(_ facts: MachineFacts) -> Self {
    let limits = CgroupLimits.read()
    let quota = limits.cpus.map { "a control group's quota of \(short($0)) CPUs" } ?? "no quota"
    let detail = "\(short(facts.usableCpus)) of \(facts.onlineCpus) CPUs usable, with \(quota)"
    guard facts.usableCpus < Double(facts.onlineCpus) else {
      return Self(name: "CPUs", state: .available, detail: detail)
    }
    return Self(
      name: "CPUs", state: .limited, detail: detail,
      remedy: "more threads than usable CPUs wait for each other; widen the affinity (taskset) or the quota")
  }

  static func memoryLimit(_ facts: MachineFacts) -> Self {
    guard let physical = facts.memoryBytes else {
      return Self(
        name: "memory limit", state: .unavailable, detail: "/proc/meminfo cannot be read",
        remedy: "watch the memory of runs yourself")
    }
    let limit = CgroupLimits.read().memoryBytes
    guard let limit, limit < physical else {
      return Self(
        name: "memory limit", state: .available,
        detail: "\(physical >> 20) MiB of memory, no smaller limit by a control group")
    }
    return Self(
      name: "memory limit", state: .limited,
      detail: "a control group allows \(limit >> 20) of \(physical >> 20) MiB",
      remedy: "a run that needs more is killed; raise the limit or use a smaller model")
  }

  static func residentMemoryDetail() -> Self {
    guard ProcFile.read("/proc/self/smaps_rollup") != nil else {
      return Self(
        name: "memory by kind", state: .unavailable, detail: "/proc/self/smaps_rollup cannot be read",
        remedy: "peak memory is still known; its parts are not")
    }
    return Self(name: "memory by kind", state: .available, detail: "/proc/self/smaps_rollup is readable")
  }

  static func hugePages() -> Self {
    guard let text = ProcFile.value("/sys/kernel/mm/transparent_hugepage/enabled") else {
      return Self(
        name: "transparent huge pages", state: .unavailable, detail: "the kernel shows no setting for them")
    }
    let setting = chosen(in: text) ?? text
    return Self(
      name: "transparent huge pages", state: setting == "always" ? .available : .limited,
      detail: "set to \(setting)",
      remedy: setting == "always"
        ? nil : "record the setting with results: large arrays take more page-table walks without them")
  }

  static func addressRandomisation() -> Self {
    let (setting, isOn) = AddressRandomisation.read()
    guard let setting else {
      return Self(
        name: "address randomisation", state: .unavailable, detail: "its setting cannot be read",
        remedy: "assume that it is on")
    }
    guard isOn == false else {
      return Self(
        name: "address randomisation", state: .available,
        detail: "on (\(setting)): each run draws another layout, as comparisons need")
    }
    return Self(
      name: "address randomisation", state: .limited,
      detail: "off: all runs share one layout, whose luck looks like an effect",
      remedy: "sudo sysctl kernel.randomize_va_space=2, and do not run under setarch -R")
  }

  static func frequencyGovernor() -> Self {
    let folder = "/sys/devices/system/cpu/cpu0/cpufreq"
    guard let governor = ProcFile.value(folder + "/scaling_governor") else {
      return Self(
        name: "frequency governor", state: .unavailable,
        detail: "not visible, as in most virtual machines: changes of frequency cannot be seen",
        remedy: "compare configurations in paired blocks only")
    }
    return Self(
      name: "frequency governor", state: governor == "performance" ? .available : .limited,
      detail: "\(governor)",
      remedy: governor == "performance"
        ? nil : "sudo cpupower frequency-set -g performance, for steadier runs")
  }

  package static func library(_ name: String, sonames: [String], use: String, package: String) -> Self {
    for soname in sonames {
      guard let library = dlopen(soname, RTLD_LAZY | RTLD_LOCAL) else { continue }
      dlclose(library)
      return Self(name: name, state: .available, detail: "\(soname) loads, for \(use)")
    }
    return Self(
      name: name, state: .unavailable, detail: "none of \(sonames.joined(separator: ", ")) loads, for \(use)",
      remedy: "sudo apt-get install \(package), or your system's equivalent")
  }

  /// The word in brackets of a kernel setting like `always [madvise] never`.
  package static func chosen(in text: String) -> String? {
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      return nil
    }
    return String(text[text.index(after: open)..<close])
  }

  /// A number of CPUs without needless digits.
  private static func short(_ cpus: Double) -> String {
    cpus == cpus.rounded() ? "\(Int(cpus))" : "\((cpus * 100).rounded() / 100)"
  }
}
