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
      toolVersion: Headway.toolVersion, gitCommit: gitCommit(), binaryHash: binaryHash(),
      corpusHash: corpusHash, machine: MachineFacts.read(), environment: performanceEnvironment())
  }

  /// Now, as ISO 8601 in UTC.
  static func timestamp() -> String { Date.now.formatted(.iso8601) }

  /// Now, as part of a file name: `20261121T023900Z`.
  static func fileTimestamp() -> String { timestamp().filter { $0 != "-" && $0 != ":" } }

  /// The commit that is checked out in the working directory or one of its parents.
  static func gitCommit() -> String? {
    var directory = URL(filePath: FileManager.default.currentDirectoryPath)
    while true {
      let git = directory.appending(path: ".git")
      if let head = try? String(contentsOf: git.appending(path: "HEAD"), encoding: .utf8) {
        return commit(head.trimmingCharacters(in: .whitespacesAndNewlines), in: git)
      }
      let parent = directory.deletingLastPathComponent()
      if parent.path == directory.path { return nil }
      directory = parent
    }
  }

  private static func commit(_ head: String, in git: URL) -> String? {
    guard head.hasPrefix("ref: ") else { return head.isEmpty ? nil : head }
    let name = String(head.dropFirst(5))
    if let loose = try? String(contentsOf: git.appending(path: name), encoding: .utf8) {
      return loose.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let packed = try? String(contentsOf: git.appending(path: "packed-refs"), encoding: .utf8)
    let line = packed?.split(separator: "\n").first { $0.hasSuffix(" " + name) }
    return line.flatMap { $0.split(separator: " ").first }.map(String.init)
  }

  /// The content hash of the running binary; `nil` where it cannot be read.
  static func binaryHash() -> String? { try? ContentHash(ofFiles: ["/proc/self/exe"]).hexadecimal }
}
