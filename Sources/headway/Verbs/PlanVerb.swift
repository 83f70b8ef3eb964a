import ArgumentParser
import Foundation
import HeadwayProbes
import HeadwaySweep
import HeadwayTrace

/// Prints what a sweep would run.
struct PlanVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Print what a sweep would run: its cells, its blocks and their order.")

  @Argument(help: "The profile.", completion: .file(extensions: ["yaml", "yml"]))
  var profile: String

  @Flag(help: "Print the plan as JSON.")
  var json = false

  func run() throws {
    let request = try Profile.load(profile)
    let context = SweepContext(
      command: "headway sweep \(profile)", startedAt: Provenance.timestamp(),
      toolVersion: Headway.toolVersion, machine: MachineFacts.read(),
      corpus: request.corpus.sources.joined(separator: ", "))
    let plan = try SweepPlan(profile: request, context: context)
    if json {
      try Terminal.writeJSON(plan)
      return
    }
    for warning in plan.warnings { Terminal.complain("warning: \(warning)") }
    Terminal.write(Self.text(plan))
  }

  private static func range(_ low: Int, _ high: Int) -> String { low == high ? "\(low)" : "\(low)–\(high)" }

  private static func text(_ plan: SweepPlan) -> String {
    var lines = ["\(plan.name): \(plan.cells.count) cells, \(plan.arms.count) runs a block"]
    if !plan.summary.isEmpty { lines.append(plan.summary) }
    let blocks = plan.blocks
    let range = Self.range(blocks.minimum, blocks.maximum)
    let runs = Self.range(plan.minimumRuns, plan.maximumRuns)
    lines.append("\(range) blocks, \(runs) runs, order from seed \(plan.seed)")
    if let budget = plan.budgetSeconds {
      lines.append("no block beyond the minimum begins that would end after \(ProgressDisplay.clock(budget))")
    }
    lines.append("corpus: \(plan.corpus.sources.joined(separator: ", "))")
    lines.append("")
    let width = plan.arms.map(\.label.count).max() ?? 0
    for arm in plan.arms {
      let label = arm.label.padding(toLength: width, withPad: " ", startingAt: 0)
      let tokens = arm.configuration.tokensPerStep * arm.configuration.steps
      let note = arm.isBaseline ? "  the baseline" : ""
      lines.append("  \(label)  \(arm.configuration.steps) steps, \(tokens.formatted()) tokens\(note)")
    }
    lines.append("")
    for block in 0..<min(blocks.maximum, 3) {
      let order = plan.order(inBlock: block).map(\.label).joined(separator: " · ")
      lines.append("block \(block + 1): \(order)")
    }
    if blocks.maximum > 3 { lines.append("… and so on; --json has every block.") }
    return lines.joined(separator: "\n") + "\n"
  }
}
