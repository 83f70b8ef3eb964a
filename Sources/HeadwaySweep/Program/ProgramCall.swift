import Foundation
import HeadwayTrace

/// One run of a ``ProgramTemplate``: its placeholders replaced, and its values read back.
struct ProgramCall {
  let executable: String
  let arguments: [String]
  let environment: [String: String]
  private let template: ProgramTemplate
  private let metricFile: String?
  private let workFile: String?
  private let metricBefore: FileMark?
  private let workBefore: FileMark?

  /// Replaces the placeholders for a run that is about to start, and looks at the files that it should write.
  ///
  /// - Parameters:
  ///   - parameters: The cell's parameters.
  ///   - inherited: The environment that the template's variables join.
  ///   - directory: Where the program runs: what a relative path of a JSON file is relative to.
  init(
    _ template: ProgramTemplate, parameters: [AxisSetting], runDirectory: String, block: Int,
    inherited: [String: String], directory: String
  ) throws(InputError) {
    self.template = template
    var values = Dictionary(parameters.map { ($0.axis, $0.value) }, uniquingKeysWith: { $1 })
    values["run_directory"] = runDirectory
    values["block"] = String(block)
    // A profile that loaded has templates only; a plan that somebody changed by hand keeps what it says.
    func expanded(_ text: String) -> String { (try? TextTemplate(text))?.expanded(values) ?? text }
    func resolved(_ path: String?) -> String? {
      path.map(expanded).map { $0.hasPrefix("/") ? $0 : directory + "/" + $0 }
    }
    let words = template.command.map(expanded)
    environment = inherited.merging(
      template.environment.map { ($0.name, expanded($0.value)) }, uniquingKeysWith: { $1 })
    executable = try Self.find(words.first ?? "", path: environment["PATH"], directory: directory)
    arguments = Array(words.dropFirst())
    metricFile = resolved(template.metric.query?.file)
    workFile = resolved(template.sameWork?.query.file)
    metricBefore = metricFile.flatMap { FileMark(of: $0) }
    workBefore = workFile.flatMap { FileMark(of: $0) }
  }

  /// The run's one number after it exited well, or what is wrong with it. A figure that is no positive number
  /// cannot be compared as a ratio.
  func value(log: String, wallNs: Nanoseconds) -> Result<Double, Complaint> {
    guard let query = template.metric.query else { return .success(wallNs.seconds) }
    let name = template.metric.metric.name
    switch query.read(log: log, file: metricFile, before: metricBefore) {
    case .missing(let why): return .failure(Complaint("its \(name) is not known: \(why)"))
    case .value(let text):
      guard let value = Double(text), value.isFinite, value > 0 else {
        return .failure(Complaint("its \(name) is \(text), which is no positive number"))
      }
      return .success(value)
    }
  }

  /// What the run says of its work; `nil` where nothing is checked.
  func work(log: String) -> Result<String, Complaint>? {
    guard let check = template.sameWork else { return nil }
    switch check.query.read(log: log, file: workFile, before: workBefore) {
    case .value(let text): return .success(text)
    case .missing(let why): return .failure(Complaint("its \(check.name) is not known: \(why)"))
    }
  }

  /// What makes a run unusable, in words.
  struct Complaint: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
  }

  /// The program's path: a name without a slash is looked for in `PATH`, as a shell does.
  static func find(_ name: String, path: String?, directory: String) throws(InputError) -> String {
    if name.contains("/") { return name.hasPrefix("/") ? name : directory + "/" + name }
    for folder in (path ?? "/usr/bin:/bin").split(separator: ":") {
      let candidate = "\(folder)/\(name)"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    throw InputError(
      name.isEmpty ? "command" : name, problem: "there is no such program in PATH",
      remedy: "install it, or name it by its path", isUsage: true)
  }
}
