import CHeadwayLinux
import Glibc
import HeadwayTrace

extension MachineFacts {
  /// Reads what is known of this machine. A value that cannot be read is absent.
  public static func read() -> MachineFacts { read(root: "") }

  /// The same from a copy of the kernel's files.
  package static func read(root: String) -> MachineFacts {
    let processor = ProcessorFile(ProcFile.read(root + "/proc/cpuinfo") ?? "")
    let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let affinity = headway_affinity_count()
    let granted = affinity > 0 ? Double(affinity) : Double(online)
    return MachineFacts(
      processor: processor.model, architecture: architectureName, onlineCpus: online,
      usableCpus: min(granted, CgroupLimits.read(root: root).cpus ?? granted),
      memoryBytes: memoryBytes(ProcFile.read(root + "/proc/meminfo") ?? ""),
      kernel: ProcFile.value(root + "/proc/sys/kernel/osrelease"),
      hypervisor: hypervisor(processor: processor, root: root),
      clockSource: ProcFile.value(
        root + "/sys/devices/system/clocksource/clocksource0/current_clocksource"),
      vectorExtensions: processor.vectorExtensions)
  }

  private static var architectureName: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "unknown"
    #endif
  }

  /// `MemTotal` in bytes.
  static func memoryBytes(_ text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      guard fields.count >= 2 else { return nil }
      return Int(fields[1]).map { $0 * 1_024 }
    }
    return nil
  }

  /// What the signatures that hypervisors report stand for.
  private static let signatures = [
    "KVMKVMKVM": "KVM", "Linux KVM Hv": "KVM", "Microsoft Hv": "Hyper-V", "VMwareVMware": "VMware",
    "XenVMMXenVMM": "Xen", "TCGTCGTCGTCG": "QEMU", "bhyve bhyve ": "bhyve",
  ]

  /// The hypervisor's own name, or the maker of the virtual board, or that there is one.
  private static func hypervisor(processor: ProcessorFile, root: String) -> String? {
    var name = [CChar](repeating: 0, count: 13)
    if root.isEmpty, headway_hypervisor(&name) {
      let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let text = String(decoding: bytes, as: UTF8.self)
      if !text.isEmpty { return signatures[text] ?? text }
    }
    if let kind = ProcFile.value(root + "/sys/hypervisor/type") { return kind }
    guard processor.flags.contains("hypervisor") else { return nil }
    return ProcFile.value(root + "/sys/class/dmi/id/sys_vendor") ?? "present"
  }
}

/// What `/proc/cpuinfo` says of the first processor.
package struct ProcessorFile: Equatable {
  /// The model's name; absent where the file has none.
  package var model: String?
  /// Names of the CPU's features.
  package var flags: Set<String> = []

  /// Parses the file.
  package init(_ text: String) {
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let value = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
      switch key {
      case "model name" where model == nil: model = value.joined(separator: " ")
      case "flags", "Features": flags.formUnion(value.map(String.init))
      default: break
      }
    }
  }

  /// The vector extensions that kernels could use, weakest first.
  package var vectorExtensions: [String] {
    [
      "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f", "avx512bw", "avx512vl", "avx512_vnni",
      "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8", "asimd", "asimddp", "sve", "sve2", "bf16",
    ].filter(flags.contains)
  }
}
