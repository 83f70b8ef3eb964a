import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReading
import HeadwayStatistics
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Runs the cells of a profile with two programs, side by side in the same seeded blocks: one look of a gate.
struct GateSweep {
  let base: GateProgram
  let candidate: GateProgram
  let profile: Profile
  let blocks: Int
  /// The encoded corpus that all runs train on.
  let corpus: String
  let corpusWords: String
  let cancellation: Cancellation
  let isQuiet: Bool

  private static let basePrefix = "base_"
  private static let candidatePrefix = "candidate_"

  /// What a look measured, and what is to be said of it.
  struct Look {
    var cells: [GateLook.Cell]
    var warnings: [String]
  }

  /// Measures the cells with these labels, or all.
  ///
  /// - Parameter path: Where the look's runs are kept.
  func look(only labels: [String]?, seed: UInt64, path: String) throws -> Look {
    let plan = try plan(labels, seed: seed)
    let directory = try SweepDirectory(creating: path)
    let display = SweepDisplay(plan: plan, isQuiet: isQuiet)
    try SweepDriver(
      plan: plan, directory: directory, command: command, observer: display, cancellation: cancellation
    ).run()
    display.finish()
    let sweep = try SweepReader.read(directory)
    func runs(_ arm: String) -> [ComparedRun] {
      sweep.runs.filter { $0.record.arm == arm }.compactMap { ComparedRun($0, in: directory) }
    }
    let cells = try cells(labels).map { cell in
      GateLook.Cell(
        label: cell.label, base: runs(Self.basePrefix + cell.id),
        candidate: runs(Self.candidatePrefix + cell.id))
    }
    if !cancellation.isCancelled { try refuseSilence(cells, sweep) }
    let excluded = sweep.excluded.map { "\($0.cell), block \($0.block + 1), is left out: \($0.reason)" }
    return Look(cells: cells, warnings: sweep.warnings + excluded)
  }

  /// A program of which no run succeeded is not gated, it is broken.
  private func refuseSilence(_ cells: [GateLook.Cell], _ sweep: RecordedSweep) throws {
    let sides = [("base", base, cells.flatMap(\.base)), ("candidate", candidate, cells.flatMap(\.candidate))]
    for (side, program, runs) in sides where runs.isEmpty {
      let reason = sweep.excluded.first { $0.cell.hasPrefix(side + ":") }
      let last = reason?.lastLines.last.map { " (\($0))" } ?? ""
      throw InputError(
        program.name, problem: "no run of it succeeded: \(reason?.reason ?? "none was started")\(last)",
        remedy: "train with it by hand to see why")
    }
  }

  private func cells(_ labels: [String]?) throws -> [PlannedCell] {
    try profile.cells().filter { labels?.contains($0.label) ?? true }
  }

  private func plan(_ labels: [String]?, seed: UInt64) throws -> SweepPlan {
    var profile = profile
    profile.seed = seed
    profile.checksOverhead = false
    profile.predicts = false
    profile.budgetSeconds = nil
    profile.blocks.minimum = blocks
    profile.blocks.maximum = blocks
    let context = SweepContext(
      command: CommandLine.arguments.joined(separator: " "), startedAt: Provenance.timestamp(),
      toolVersion: Headway.toolVersion, machine: .read(), corpus: corpusWords)
    var plan = try SweepPlan(profile: profile, context: context)
    plan.cells = try cells(labels).flatMap { cell in
      [(Self.basePrefix, "base"), (Self.candidatePrefix, "candidate")].map { prefix, name in
        var arm = cell
        arm.id = prefix + cell.id
        arm.label = "\(name): \(cell.label)"
        arm.isBaseline = false
        return arm
      }
    }
    plan.toggles = nil
    let names = plan.cells.map(\.id)
    let design = BlockOrder(arms: names.count, seed: seed)
    plan.order = (0..<blocks).map { block in design.arms(inBlock: block).map { names[$0] } }
    return plan
  }

  /// A run of an arm calls the arm's program; `exec` leaves no shell between the driver and it.
  private var command: RunCommand {
    let (old, new, corpus) = (base.executable, candidate.executable, corpus)
    return RunCommand(executable: "/bin/sh") { request in
      let arm = request.runDirectory.split(separator: "/").dropLast().last ?? ""
      let program = arm.hasPrefix(Self.basePrefix) ? old : new
      return [
        "-c", "exec \"$0\" \"$@\"", program, "train", "--configuration", request.configurationPath,
        "--corpus",
        corpus, "--run-directory", request.runDirectory, "--quiet",
      ]
    }
  }
}
