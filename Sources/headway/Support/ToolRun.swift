import Foundation
import HeadwayTrace

/// Another program that a verb runs and waits for.
struct ToolRun {
  /// Its path, or a name that is looked up in `PATH`.
  var executable: String
  var arguments: [String]
  /// Where it runs; here when `nil`.
  var directory: String?

  /// What it printed and how it ended.
  struct Outcome {
    var status: Int32
    /// Both of its outputs, in the order in which it wrote them.
    var output: String
  }

  /// Runs it, keeping what it prints.
  func run() throws -> Outcome {
    let process = process()
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try start(process)
    // One pipe, read to its end: the program cannot block on it.
    let content = (try? pipe.fileHandleForReading.readToEnd()) ?? nil
    process.waitUntilExit()
    return Outcome(
      status: Self.status(of: process), output: String(decoding: content ?? Data(), as: UTF8.self))
  }

  /// Runs it, handing on each line of what it prints as it comes, without its end; returns its exit status.
  ///
  /// - Parameter started: Told the process' number once it runs.
  func run(started: (Int32) -> Void = { _ in }, _ line: (String) -> Void) throws -> Int32 {
    let process = process()
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try start(process)
    started(process.processIdentifier)
    var rest = Data()
    while case let more = pipe.fileHandleForReading.availableData, !more.isEmpty {
      rest += more
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
        rest = Data(rest[(end + 1)...])
      }
    }
    if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
    process.waitUntilExit()
    return Self.status(of: process)
  }

  /// Runs it with its standard error on ours and its results thrown away; returns its exit status.
  ///
  /// - Parameter started: Told the process' number once it runs.
  func runShowingProgress(started: (Int32) -> Void = { _ in }) throws -> Int32 {
    let process = process()
    process.standardOutput = FileHandle.nullDevice
    try start(process)
    started(process.processIdentifier)
    process.waitUntilExit()
    return Self.status(of: process)
  }

  private func process() -> Process {
    let process = Process()
    process.executableURL = URL(filePath: executable.contains("/") ? executable : "/usr/bin/env")
    process.arguments = executable.contains("/") ? arguments : [executable] + arguments
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func start(_ process: Process) throws {
    do {
      try process.run()
    } catch {
      throw InputError(
        executable, problem: "could not be started (\(error.localizedDescription))",
        remedy: "check that it is there and may be executed")
    }
  }

  /// The exit status; for a signal what a shell says, 128 and its number.
  private static func status(of process: Process) -> Int32 {
    process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }
}
