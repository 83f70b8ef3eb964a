import Foundation
import HeadwayFiles
import HeadwayProbes
import HeadwayTrace

/// Where a run comes from: the parts of its manifest that only the command knows.
enum Provenance {
  /// The manifest of a run that starts now.
  static func manifest(configuration: RunConfiguration, corpusHash: String) -> Manifest {
    Manifest(
      configuration: configuration, command: CommandLine.arguments, startedAt: timestamp(),
      toolVersion: Headway.toolVersion, gitCommit: GitCheckout.commit(), binaryHash: binaryHash(),
      corpusHash: corpusHash, machine: MachineFacts.read(), environment: performanceEnvironment(),
      surroundings: Surroundings.read())
  }

  /// Now, as ISO 8601 in UTC.
  static func timestamp() -> String { Date.now.formatted(.iso8601) }

  /// Now, as part of a file name: `20261121T023900Z`.
  static func fileTimestamp() -> String { timestamp().filter { $0 != "-" && $0 != ":" } }

  /// The content hash of the running binary; `nil` where it cannot be read.
  static func binaryHash() -> String? { try? ContentHash(ofFiles: ["/proc/self/exe"]).hexadecimal }
}
