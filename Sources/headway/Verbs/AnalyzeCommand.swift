import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Explains from a run's trace what its threads waited for.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Explain from a run's trace what its threads waited for, by several methods.",
    discussion: """
      headway analyze .headway/runs/20261121T023900Z-4711 --steps 10..20

      Efficiencies, delay cost, idle blame, the critical path, stragglers, input and demand for CPUs, over the \
      measured window or some of its steps. The run must have been recorded with probe: events.
      """)

  @Argument(help: "The directory of a run.", completion: .directory)
  var directory: String

  @Option(help: "Look at these steps only: 10..20, or one: 7.")
  var steps: StepRange?

  @Option(
    help: "A run of the same work, fewer threads as a rule: gives computation scaling and global efficiency.",
    completion: .directory)
  var reference: String?

  @Flag(help: "Print the explanation as JSON.")
  var json = false

  func run() throws {
    let run = try AnalyzedRun(opening: directory)
    let other = try reference.map { try AnalyzedRun(opening: $0) }
    if let other { try run.requireSameWork(as: other) }
    let base = try other?.explanation(steps: steps?.range, reference: nil)
    let explanation = try run.explanation(steps: steps?.range, reference: base)
    if json { return try Terminal.writeJSON(explanation) }
    Terminal.write(
      TerminalReport.render(
        explanation: explanation, groups: explanation.causeRows, findings: try run.findings(),
        width: Terminal.columns(), color: Terminal.colours))
  }
}

/// Some steps, as the command line has them.
struct StepRange: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.components(separatedBy: "..")
    guard let first = ends.first.flatMap({ Int($0) }), ends.count <= 2,
      let last = ends.last.flatMap({ Int($0) }), first >= 0, last >= first
    else { return nil }
    range = first...last
  }
}

/// A run that is to be explained.
private struct AnalyzedRun {
  let directory: RunDirectory
  let manifest: Manifest?

  init(opening path: String) throws(InputError) {
    directory = try RunDirectory(opening: path)
    let files = FileManager.default
    manifest = files.fileExists(atPath: directory.manifestPath) ? try directory.manifest() : nil
    guard files.fileExists(atPath: directory.tracePath) else {
      throw InputError(
        directory.tracePath, problem: "the run has no trace", remedy: "record it with probe: events")
    }
  }

  func explanation(
    steps: ClosedRange<Int>?, reference: RunExplanation?
  ) throws(InputError) -> RunExplanation {
    try RunAnalysis.explain(
      trace: try TraceFile.read(directory.tracePath), steps: steps,
      usableCpus: manifest?.machine.usableCpus, reference: reference, file: directory.tracePath)
  }

  /// The findings that the run's report has.
  func findings() throws(InputError) -> [Finding] { try RunReport(of: directory).summary.findings }

  /// Refuses a reference that did other work.
  func requireSameWork(as other: AnalyzedRun) throws(InputError) {
    guard let own = manifest?.configuration, let theirs = other.manifest?.configuration else { return }
    if own.steps == theirs.steps && own.tokensPerStep == theirs.tokensPerStep { return }
    throw InputError(
      "--reference",
      problem: "it did \(theirs.steps) steps of \(theirs.tokensPerStep) tokens, the run \(own.steps) of"
        + " \(own.tokensPerStep)",
      remedy: "name a run that did the same work", isUsage: true)
  }
}

extension RunExplanation {
  /// The causes by role and context; first what is large among the waits or on the critical path.
  fileprivate var causeRows: [CauseRow] {
    func weight(_ group: CauseRanking.Group) -> Double {
      let waited = max(Double(totals.waitedNs.count), 1)
      return Double(group.delayNs.count) / waited + Double(group.pathNs.count) / Double(window.wallNs.count)
    }
    let groups = CauseRanking(causes: causes, imbalances: pathImbalances).groups
    return groups.sorted { weight($0) > weight($1) }.map { group in
      CauseRow(
        name: "\(group.role.rawValue): \(group.context)" + (group.isWaking ? ", waking" : ""),
        thread: group.causes.count > 1 ? group.mainThread : nil, delayNs: group.delayNs,
        blameNs: group.blameNs, pathNs: group.pathNs, excessNs: group.excessNs)
    }
  }
}
