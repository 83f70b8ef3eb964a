import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A temporary directory with some real text in it, in which the real binary runs.
struct Workplace {
  let directory: TemporaryDirectory

  /// A model that trains in well under a second.
  static let smallModel = [
    "vocabulary_size=300", "width=32", "layers=1", "heads=2", "batch_size=2", "sequence_length=16",
    "batches_per_step=4", "learning_rate=5e-3", "warmup_steps=2", "evaluation_batches=2",
  ].flatMap { ["--set", $0] }

  /// Makes the place; `text/` holds copies of this package's own sources.
  init() throws {
    directory = try TemporaryDirectory()
    let text = url("text")
    try FileManager.default.createDirectory(at: text, withIntermediateDirectories: true)
    for folder in ["HeadwayTrace", "HeadwayEngine"] {
      let sources = packageRoot.appending(path: "Sources/\(folder)")
      let walk = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
      for file in walk?.compactMap({ $0 as? URL }) ?? [] where file.pathExtension == "swift" {
        try FileManager.default.copyItem(
          at: file, to: text.appending(path: "\(folder)-\(file.lastPathComponent)"))
      }
    }
  }

  /// The command under test.
  static func binary() throws -> URL {
    guard let headwayBinary else { throw CommandFailure.notBuilt }
    return headwayBinary
  }

  /// A path inside the place.
  func url(_ path: String) -> URL { directory.url.appending(path: path) }

  /// Whether something is there.
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

  /// Everything that lies in a directory of the place, hidden files too.
  func contents(_ path: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url(path).path).sorted()
  }

  /// Writes a text file into the place.
  func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: url(path))
  }

  /// Runs the real binary here.
  func headway(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandOutcome {
    try runHeadway(arguments, environment: environment, workingDirectory: directory.url)
  }

  /// Trains the small model here, into the directory `run`, and returns the summary.
  func trained(_ arguments: [String]) throws -> RunSummary {
    let run = try headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Self.smallModel + arguments)
    try #require(run.status == 0, "\(run.stderr)")
    return try HeadwayJSON.decode(RunSummary.self, from: Data(run.stdout.utf8), subject: "summary")
  }

  /// Runs a program here.
  func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> CommandOutcome {
    try HeadwayTestSupport.run(
      URL(filePath: program), arguments, environment: environment, workingDirectory: directory.url)
  }

  /// Starts the real binary here and returns at once; its output is thrown away.
  func start(_ arguments: [String]) throws -> Process {
    let child = Process()
    child.executableURL = try Self.binary()
    child.arguments = arguments
    child.currentDirectoryURL = directory.url
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = FileHandle.nullDevice
    child.standardError = FileHandle.nullDevice
    try child.run()
    return child
  }

  /// Waits until a file exists; the test's time limit bounds it.
  func waitForFile(_ path: String) throws {
    while !exists(path) {
      sched_yield()
      try Task.checkCancellation()
    }
  }
}
