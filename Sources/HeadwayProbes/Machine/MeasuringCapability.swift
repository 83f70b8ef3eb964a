import HeadwayTrace

/// One thing that Headway can measure or use, and whether this machine lets it: a line of `headway doctor`.
public struct MeasuringCapability: Codable, Equatable, Sendable {
  /// How far the machine goes along.
  public enum State: String, Codable, Sendable {
    /// All of it.
    case available
    /// With a restriction that the detail names.
    case limited
    /// Not at all.
    case unavailable
  }

  /// What it is: `hardware counters`.
  public var name: String
  /// Whether it can be had.
  public var state: State
  /// What was found, with its figures.
  public var detail: String
  /// What to do about it; absent where there is nothing to do, or nothing that can be done.
  public var remedy: String?

  /// Whether it can be had, if with a restriction.
  public var available: Bool { state != .unavailable }

  /// Assembles a line.
  public init(name: String, state: State, detail: String, remedy: String? = nil) {
    self.name = name
    self.state = state
    self.detail = detail
    self.remedy = remedy
  }

  /// Tries everything on this machine; takes a second at most: the stacks' names are read from this program's file.
  public static func all() -> [MeasuringCapability] {
    let facts = MachineFacts.read()
    return [
      cpus(facts), memoryLimit(facts), fastClock(facts), threadCpuClock(), switchNotices(),
      schedulerStatistics(), steal(facts), hardwareCounters(), softwareCounters(), residentMemoryDetail(),
      hugePages(),
      addressRandomisation(), frequencyGovernor(),
      library(
        "OpenBLAS", sonames: ["libopenblas.so.0", "libopenblas.so"], use: "the blas kernels",
        package: "libopenblas-dev"),
      library(
        "elfutils", sonames: ["libdw.so.1", "libdw.so"], use: "frames and names of stacks",
        package: "libdw-dev"),
      stackSampling(),
    ]
  }
}
