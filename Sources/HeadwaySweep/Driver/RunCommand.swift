import Foundation
import HeadwayTrace

/// How a run is started: which program, with which arguments, in which environment.
public struct RunCommand: Sendable {
  /// The files of the run that is to be started, as whole paths.
  public struct Request: Equatable, Sendable {
    /// The parameters, as JSON.
    public var configurationPath: String
    /// Where the run writes `summary.json` and everything else; it exists.
    public var runDirectory: String
  }

  /// The program's path; that of a sweep of another program is named by every cell.
  public var executable: String
  /// Its arguments, without the program's name.
  public var arguments: @Sendable (Request) -> [String]
  /// Its environment; the driver adds a variable whose length differs from run to run.
  public var environment: [String: String]

  /// Describes a command.
  public init(
    executable: String, environment: [String: String] = ProcessInfo.processInfo.environment,
    arguments: @escaping @Sendable (Request) -> [String]
  ) {
    self.executable = executable
    self.environment = environment
    self.arguments = arguments
  }

  /// `headway train` on an encoded corpus.
  public static func train(executable: String, corpus: String) -> RunCommand {
    RunCommand(executable: executable) { request in
      [
        "train", "--configuration", request.configurationPath, "--corpus", corpus, "--run-directory",
        request.runDirectory, "--quiet",
      ]
    }
  }

  /// Whatever the cells of the plan name: a sweep of another program.
  public static func ofPlan(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> RunCommand {
    RunCommand(executable: "", environment: environment) { _ in [] }
  }
}
