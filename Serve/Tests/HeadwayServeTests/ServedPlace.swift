import Foundation
import HeadwayReading
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace

/// A directory with runs, and with what a hostile one could hold.
struct ServedPlace {
  let directory: TemporaryDirectory
  var plan: ServePlan { ServePlan(directories: [directory.path("data")], history: nil, port: 0) }

  /// Two runs of the same work, one of other work, and one with a link out of its directory.
  init() throws {
    directory = try TemporaryDirectory()
    try write("fast", tokensPerSecond: 2_000) { $0.threads = 2 }
    try write("slow", tokensPerSecond: 1_000) { $0.threads = 1 }
    try write("other", tokensPerSecond: 1_000) { $0.steps += 1 }
    try write("linked", tokensPerSecond: 1) { _ in }
    try directory.write("a secret of the reader's", to: "secret.json")
    let summary = directory.path("data/linked/summary.json")
    try FileManager.default.removeItem(atPath: summary)
    try FileManager.default.createSymbolicLink(
      atPath: summary, withDestinationPath: directory.path("secret.json"))
  }

  private func write(
    _ name: String, tokensPerSecond: Double, _ change: (inout RunConfiguration) -> Void
  ) throws {
    var configuration = RunConfiguration()
    change(&configuration)
    try write(configuration, tokensPerSecond, into: directory.path("data/\(name)"))
  }

  private func write(_ configuration: RunConfiguration, _ tokensPerSecond: Double, into path: String) throws {
    let run = try RunDirectory(creating: path)
    try run.write(
      Manifest(
        configuration: configuration, command: ["headway", "train", "--set", "a=<b>"],
        startedAt: "2026-11-21T08:00:00Z", toolVersion: "0.1.0", gitCommit: nil, binaryHash: nil,
        corpusHash: "c0ffee", machine: .literal, environment: [:]))
    try run.write(RunSummary.literal(configuration: configuration, tokensPerSecond: tokensPerSecond))
  }

  /// Writes a sweep of two cells with one block, and one run that went wrong.
  ///
  /// - Parameter named: What the journal calls the directory of the one that went wrong.
  func writeSweep(_ name: String, named: String = "runs/lost/0") throws {
    let profile = try Profile(
      yaml: "corpus: { sources: [.] }\naxes: { threads: [1, 2] }\n", path: "test.yaml")
    let plan = try SweepPlan(
      profile: profile,
      context: SweepContext(
        command: "headway sweep test.yaml", startedAt: "2026-11-22T08:00:00Z", toolVersion: "0.1.0",
        machine: .literal, corpus: "1 file"))
    let sweep = try SweepDirectory(creating: directory.path("data/\(name)"))
    try sweep.writePlan(plan)
    var lines: [String] = []
    for (position, arm) in plan.arms.enumerated() {
      let own = sweep.relativeRunPath(cell: arm.id, block: 0, attempt: 0)
      try write(
        arm.configuration ?? RunConfiguration(), 1_000 * Double(position + 1), into: sweep.resolve(own))
      lines.append(Self.line(arm.id, position, own, "completed", value: 1_000 * (position + 1)))
    }
    lines.append(Self.line(plan.arms[0].id, 9, named, "failed", value: nil))
    try directory.write(lines.joined(), to: "data/\(name)/journal.jsonl")
  }

  private static func line(
    _ arm: String, _ position: Int, _ directory: String, _ outcome: String, value: Int?
  ) -> String {
    """
    {"run":{"arm":"\(arm)","block":0,"pass":0,"position":\(position),"directory":"\(directory)",\
    "outcome":"\(outcome)","last_lines":[],"started_ns":0,"wall_ns":1000,"cpu_ns":900,"padding_bytes":0\
    \(value.map { ",\"value\":\($0)" } ?? ",\"reason\":\"exit status 1\"")}}

    """
  }

  /// What stands for a run in addresses.
  func id(of name: String) throws -> String {
    let catalogue = Catalogue(directories: plan.directories, history: nil)
    guard let entry = catalogue.entries.first(where: { $0.name == name }) else {
      throw CommandFailure.notBuilt
    }
    return entry.id
  }

  /// Every file and its content, to see that nothing is written.
  func contents() throws -> [String: Data] {
    let walk = FileManager.default.enumerator(at: directory.url, includingPropertiesForKeys: nil)
    var contents: [String: Data] = [:]
    for case let file as URL in walk ?? .init() {
      contents[file.path] = (try? Data(contentsOf: file)) ?? Data()
    }
    return contents
  }
}
