import Foundation

/// What a finished command left behind.
public struct CommandOutcome: Sendable {
  /// The exit status; for a signal, its negative number.
  public var status: Int32
  /// Everything written to standard output.
  public var stdout: String
  /// Everything written to standard error.
  public var stderr: String
}

/// Why a command could not be run.
public enum CommandFailure: Error {
  /// The `headway` command was not built beside the tests.
  case notBuilt
}

/// Runs the `headway` command that was built with the tests, and waits until it has ended.
///
/// - Parameters:
///   - arguments: What follows the command's name.
///   - environment: Variables that replace or join those of the tests.
///   - workingDirectory: Where it runs; the tests' own directory when `nil`.
///   - stdin: What it reads; nothing when `nil`.
public func runHeadway(
  _ arguments: [String], environment: [String: String] = [:], workingDirectory: URL? = nil,
  stdin: Data? = nil
) throws -> CommandOutcome {
  guard let binary = headwayBinary else { throw CommandFailure.notBuilt }
  return try run(
    binary, arguments, environment: environment, workingDirectory: workingDirectory, stdin: stdin)
}

/// Runs a program and waits until it has ended, draining both of its outputs while it runs.
public func run(
  _ program: URL, _ arguments: [String], environment: [String: String] = [:],
  workingDirectory: URL? = nil, stdin: Data? = nil
) throws -> CommandOutcome {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
  if let workingDirectory { process.currentDirectoryURL = workingDirectory }
  let output = Pipe()
  let complaints = Pipe()
  process.standardOutput = output
  process.standardError = complaints
  let input = stdin.map { _ in Pipe() }
  process.standardInput = input ?? FileHandle.nullDevice
  try process.run()
  // Each pipe holds little: both are read, and the input is written, at the same time.
  let stdout = Drain(output.fileHandleForReading)
  let stderr = Drain(complaints.fileHandleForReading)
  if let input, let stdin {
    // A program that ends without reading must not end the tests.
    signal(SIGPIPE, SIG_IGN)
    try? input.fileHandleForWriting.write(contentsOf: stdin)
    try? input.fileHandleForWriting.close()
  }
  let outcome = (stdout.text(), stderr.text())
  process.waitUntilExit()
  let status =
    process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
  return CommandOutcome(status: status, stdout: outcome.0, stderr: outcome.1)
}

/// Reads a pipe to its end on a thread of its own.
///
/// `@unchecked Sendable`: the thread writes `content` before it opens the gate, others read it after.
private final class Drain: @unchecked Sendable {
  private var content = Data()
  private let done = EventGate()

  init(_ pipe: FileHandle) {
    Thread.detachNewThread { [self] in
      content = (try? pipe.readToEnd()) ?? Data()
      done.open()
    }
  }

  /// Everything the pipe carried, once its other end is closed.
  func text() -> String {
    done.wait(atMost: 3_600)
    return String(decoding: content, as: UTF8.self)
  }
}
