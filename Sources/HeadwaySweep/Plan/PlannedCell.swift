import HeadwayTrace

/// One configuration of the grid: of Headway's own training, or of another program.
public struct PlannedCell: Codable, Equatable, Sendable {
  /// A file-system name, unique in the sweep: `threads-2_scheduling-queue`.
  public var id: String
  /// What tables call it: `2 threads, queue`.
  public var label: String
  /// The axes that distinguish it, the phase among them.
  public var settings: [AxisSetting]
  /// Everything a run of Headway's own training needs to know; absent for a run of another program.
  public var configuration: RunConfiguration?
  /// The values of another program's placeholders; absent for Headway's own training.
  public var parameters: [AxisSetting]?
  /// Whether others are compared with it.
  public var isBaseline: Bool

  /// Workers: of another program its parameter `threads`; `nil` where it has none.
  public var threads: Int? {
    configuration?.threads
      ?? parameters?.first { $0.axis == "threads" }.flatMap { Int($0.value.replacing("_", with: "")) }
  }

  /// Names a configuration, or the parameters of another program.
  public init(
    id: String, label: String, settings: [AxisSetting], configuration: RunConfiguration?,
    parameters: [AxisSetting]? = nil, isBaseline: Bool
  ) {
    self.parameters = parameters
    self.id = id
    self.label = label
    self.settings = settings
    self.configuration = configuration
    self.isBaseline = isBaseline
  }

  /// A directory's name for a set of settings.
  static func identifier(_ settings: [AxisSetting]) -> String {
    let parts = settings.map { setting in
      setting.axis + "-" + setting.value.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    }
    return parts.isEmpty ? "only" : parts.joined(separator: "_")
  }

  /// What a table calls a set of settings: `4 threads, queue, prefetch`. What is off goes without saying,
  /// unless nothing else is left to say.
  static func words(_ settings: [AxisSetting]) -> String {
    let parts = settings.compactMap(words)
    if !parts.isEmpty { return parts.joined(separator: ", ") }
    return settings.isEmpty ? "the only cell" : settings.map { "no \($0.axis)" }.joined(separator: ", ")
  }

  private static func words(_ setting: AxisSetting) -> String? {
    let value = setting.value
    switch setting.axis {
    case "threads": return value == "1" ? "1 thread" : "\(value) threads"
    case "scheduling": return value
    case "phase": return "phase \(value)"
    case "prefetch":
      if ["off", "false", "0"].contains(value) { return nil }
      return ["on", "true", "1"].contains(value) ? "prefetch" : "prefetch \(value)"
    case "barrier": return "\(value.replacing("_", with: " ")) waits"
    case "thread_lifetime": return "\(value.replacing("_", with: " ")) threads"
    case "kernels", "loader", "reduction", "optimizer": return "\(value) \(setting.axis)"
    case "grain": return "by \(value)"
    default: return "\(setting.axis.replacing("_", with: " ")) \(value)"
    }
  }
}
