import Glibc
import HeadwayTrace

/// A program that Headway did not write, as the cells of a sweep start it and as its runs are read.
///
///     command: ["./train", "--threads", "{threads}"]
///     environment: { OMP_NUM_THREADS: "{threads}" }
///     metric: { name: rate, pattern: "rate: ([0-9.]+)", unit: rows/s, better: higher }
///     same_work: { pattern: "checksum: (\\S+)" }
///
/// A pure description; ``ProgramCall`` is one run of it.
public struct ProgramTemplate: Codable, Equatable, Sendable {
  /// `command`: the program and its arguments, with placeholders.
  public var command: [String]
  /// `environment`: variables, with placeholders in their values, that join those of the sweep.
  public var environment: [EnvironmentTemplate]
  /// `metric`: the one number of a run. Default: the wall time of the process.
  public var metric: MetricSource
  /// `same_work`: what must be equal in every run. Default: nothing is checked.
  public var sameWork: WorkCheck?

  /// Placeholders whose values are known only when a run starts.
  static let runPlaceholders = ["run_directory", "block"]
  /// The keys of `metric`, without those that say where the value stands.
  static let metricKeys = ["name", "unit", "better"]
  /// The keys of `same_work`, without those that say where the value stands.
  static let workKeys = ["name", "tolerance", "per"]
  /// The keys that say where a value stands in what a program wrote.
  static let queryKeys = ["pattern", "json", "path"]
  /// Every key below `metric` and `same_work`.
  package static let documentedKeys = metricKeys + workKeys + queryKeys

  /// The path of the program that every cell starts.
  ///
  /// - Returns: `nil` where its name has placeholders, and the cells may start different programs.
  /// - Throws: ``InputError`` when it is not there or may not be executed.
  public func executable(path: String?, directory: String) throws(InputError) -> String? {
    guard let name = command.first, let template = try? TextTemplate(name), template.placeholders.isEmpty
    else {
      return nil
    }
    let found = try ProgramCall.find(template.expanded([:]), path: path, directory: directory)
    if access(found, X_OK) == 0 { return found }
    throw InputError(
      found, problem: "could not be started: \(String(cString: strerror(errno)))",
      remedy: "build it first, or correct command")
  }

  /// What a cell starts, as a shell would be given it; what only a run knows stays a placeholder.
  public func commandLine(of cell: PlannedCell) -> String {
    let values = Dictionary((cell.parameters ?? []).map { ($0.axis, $0.value) }, uniquingKeysWith: { $1 })
    func expanded(_ text: String) -> String { (try? TextTemplate(text))?.expanded(values) ?? text }
    return (environment.map { "\($0.name)=\(expanded($0.value))" } + command.map(expanded)).map(Self.quoted)
      .joined(separator: " ")
  }

  /// A word as a shell reads it back.
  public static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:{}".contains($0) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Every text of it that may have placeholders.
  var templates: [String] {
    command + environment.map(\.value) + [metric.query?.file, sameWork?.query.file].compactMap(\.self)
  }
}

/// A variable of the environment.
public struct EnvironmentTemplate: Codable, Equatable, Sendable {
  /// Its name.
  public var name: String
  /// Its value, with placeholders.
  public var value: String
}

/// Where the one number of a run comes from.
public struct MetricSource: Codable, Equatable, Sendable {
  /// What it is.
  public var metric: SweepMetric
  /// Where it stands in what the program wrote; absent for the wall time of the process.
  public var query: OutputQuery?

  /// The wall time of the process, from its start to its end.
  public static let wallTime = MetricSource(
    metric: SweepMetric(name: "wall time", unit: "s", better: .lower), query: nil)
}

/// A check that every run did the same work: what the program says of it must be equal in all runs.
public struct WorkCheck: Codable, Equatable, Sendable {
  /// What it is called in the report: `checksum`.
  public var name: String
  /// Where it stands in what the program wrote.
  public var query: OutputQuery
  /// `tolerance`: the relative difference that counts as equal, for sums whose order may differ. Default: 0, and
  /// then the texts must be the same.
  public var tolerance: Double
  /// `per`: axes that change the work; runs are compared where these agree. Default: none.
  public var per: [String]

  /// Whether two readings count as equal.
  func accepts(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    guard tolerance > 0, let left = Double(left), let right = Double(right) else { return false }
    return (left - right).magnitude <= tolerance * max(left.magnitude, right.magnitude)
  }
}
