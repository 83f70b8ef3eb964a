import ArgumentParser
import Foundation
import HeadwayExport
import HeadwayFiles
import HeadwayProbes
import HeadwayReading
import HeadwayStore
import HeadwayTrace

/// Writes what a run or a sweep recorded in a format that other tools read.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run or a sweep in a format that other tools read.",
    discussion: """
      headway export RUN --format perfetto --output run.pftrace

      perfetto and chrome are made of a run's trace; pprof, speedscope, folded and firefox of its stacks \
      (--set stack_sampling_hz=99); prometheus and csv of the summary of a run or a sweep; jmh of a sweep. \
      docs/exports.md says what each has and how it is opened.
      """)

  @Argument(help: "The directory of a run or of a sweep.", completion: .directory)
  var directory: String

  @Option(
    help: "\(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
    completion: .list(ExportFormat.allCases.map(\.rawValue)))
  var format: String

  @Option(help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  @Option(
    help: """
      The table for csv: \(RunTable.allCases.map(\.rawValue).joined(separator: ", ")) of a run (threads \
      without it), \(SweepTable.allCases.map(\.rawValue).joined(separator: ", ")) of a sweep (runs without it).
      """)
  var table: String?

  @Flag(help: "Take the samples outside the measured window too, for pprof, speedscope, folded and firefox.")
  var wholeRun = false

  func run() throws {
    let format = try Self.choice(ExportFormat.self, self.format, option: "--format")
    if let refusal = refusal(of: format) { throw refusal }
    let isSweep = SweepDirectory.exists(at: directory)
    let notes =
      isSweep
      ? try export(SweepDirectory(opening: directory), as: format)
      : try export(RunDirectory(opening: directory), as: format)
    for note in notes.sentences { Terminal.complain("warning: \(note)") }
  }

  /// What of the command line does not go with the format.
  private func refusal(of format: ExportFormat) -> InputError? {
    if table != nil && format != .csv {
      return InputError(
        "--table", problem: "\(format.rawValue) has no tables", remedy: "leave it out, or use --format csv",
        isUsage: true)
    }
    if wholeRun && format.source != .stacks {
      return InputError(
        "--whole-run", problem: "\(format.rawValue) is not made of samples", remedy: "leave it out",
        isUsage: true)
    }
    if format.isBinary && output == nil && isatty(STDOUT_FILENO) == 1 {
      return InputError(
        "--output", problem: "\(format.rawValue) is binary, and standard output is a terminal",
        remedy: "name a file", isUsage: true)
    }
    return nil
  }

  private func export(_ sweep: SweepDirectory, as format: ExportFormat) throws -> ExportNotes {
    guard format.source == .summary || format.source == .sweep else {
      throw InputError(
        directory, problem: "\(format.rawValue) is made of a run, and this is a sweep",
        remedy: "name one of the directories in \(directory)/runs", isUsage: true)
    }
    let table = try Self.choice(SweepTable.self, self.table ?? "runs", option: "--table")
    let summary = try SweepReport(of: sweep).summary
    switch format {
    case .jmh: try write(JMHResults(summary).text())
    case .prometheus: try write(SweepMetrics(summary).text())
    default: try write(table.text(summary))
    }
    return ExportNotes()
  }

  private func export(_ run: RunDirectory, as format: ExportFormat) throws -> ExportNotes {
    switch format.source {
    case .trace: return try exportTrace(of: run, as: format)
    case .stacks: return try exportStacks(of: run, as: format)
    case .summary:
      let table = try Self.choice(RunTable.self, self.table ?? "threads", option: "--table")
      let summary = try RunReport(of: run).summary
      try write(format == .csv ? table.text(summary) : RunMetrics(summary).text())
      return ExportNotes()
    case .sweep:
      throw InputError(
        directory, problem: "\(format.rawValue) is made of a sweep, and this is a run",
        remedy: "name the directory of a sweep", isUsage: true)
    }
  }

  private func exportTrace(of run: RunDirectory, as format: ExportFormat) throws -> ExportNotes {
    guard FileManager.default.fileExists(atPath: run.tracePath) else {
      throw InputError(
        run.tracePath, problem: "there is no such file", remedy: "record the run with --set probe=events")
    }
    let reader = try TraceFile.reader(of: run.tracePath)
    let name = try name(of: run)
    // The memory stands in the summary, which a run that was killed did not write.
    let memory =
      FileManager.default.fileExists(atPath: run.summaryPath) ? try run.summary().memory.samples : nil
    if format == .perfetto {
      return try write { (sink) throws(InputError) in
        try PerfettoTrace(reader: reader, processName: name, memory: memory).write(to: sink)
      }
    }
    return try write { (sink) throws(InputError) in
      try ChromeTrace(reader: reader, processName: name, memory: memory).write(to: sink)
    }
  }

  private func exportStacks(of run: RunDirectory, as format: ExportFormat) throws -> ExportNotes {
    let manifest = try manifest(of: run)
    let export = StackExport(
      try run.stacks(), name: try name(of: run),
      startedAt: manifest.flatMap { try? Date($0.startedAt, strategy: .iso8601) }, wholeRun: wholeRun)
    switch format {
    case .pprof: try write(export.pprof())
    case .speedscope: try write(export.speedscope())
    case .firefox: try write(export.firefox())
    default: try write(export.folded())
    }
    return export.notes
  }

  /// What the run is called: the program and its directory.
  private func name(of run: RunDirectory) throws -> String {
    let program = try manifest(of: run)?.command.first.map { URL(filePath: $0).lastPathComponent }
    return "\(program ?? "headway") (\(URL(filePath: run.path).lastPathComponent))"
  }

  /// The manifest; a run that was killed early has none.
  private func manifest(of run: RunDirectory) throws -> Manifest? {
    FileManager.default.fileExists(atPath: run.manifestPath) ? try run.manifest() : nil
  }

  private func write(_ bytes: [UInt8]) throws {
    try write { (sink) throws(InputError) in try sink(bytes) }
  }

  /// Writes an export piece by piece: into the file, which then is whole or not there, or to standard output.
  private func write<Result>(_ export: (ByteSink) throws(InputError) -> Result) throws(InputError) -> Result {
    guard let output else { return try export(Terminal.pipe) }
    return try AtomicFile.write(to: output) { (file) throws(InputError) in
      try export { (bytes) throws(InputError) in try file.write(bytes) }
    }
  }

  /// The case that a word of the command line names.
  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type, _ word: String, option: String
  ) throws(InputError) -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: word) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let hint = nearestMatch(to: word, among: names).map { "did you mean \($0)?" }
    throw InputError(
      option, problem: "got \(word)",
      remedy: hint ?? "the choices are \(names.joined(separator: ", "))", isUsage: true)
  }
}

extension Terminal {
  /// Writes bytes to standard output. A reader that has gone away has seen enough.
  fileprivate static func pipe(_ bytes: [UInt8]) throws(InputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EPIPE { return }
      if count < 0 {
        throw InputError(
          "standard output", problem: "it cannot be written (\(String(cString: strerror(errno))))",
          remedy: "name a file with --output")
      }
      rest = rest.dropFirst(count)
    }
  }
}
