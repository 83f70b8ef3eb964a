import ArgumentParser
import Foundation
import HeadwayProbes
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Prints what a sweep would run.
struct PlanVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print what a sweep would run: its cells, its blocks, their order and how long that takes.",
    discussion: """
      headway plan profiles/quick.yaml

      The time is foretold from the runs of earlier sweeps with the same cells on the same machine. Where there is \
      none, --trial runs the baseline once and takes the others to last as long.
      """)

  @Argument(help: "The profile.", completion: .file(extensions: ["yaml", "yml"]))
  var profile: String

  @Option(help: "Where earlier sweeps are, whose runs foretell the time.", completion: .directory)
  var sweeps = SweepSession.sweepsFolder

  @Flag(help: "Run the baseline once, to foretell the time of what no earlier sweep ran.")
  var trial = false

  @Flag(help: "Print the plan as JSON.")
  var json = false

  func run() throws {
    var request = try Profile.load(profile)
    let trialRun = trial ? try SweepSession.trial(&request, isQuiet: json) : nil
    let context = SweepContext(
      command: "headway sweep \(profile)", startedAt: Provenance.timestamp(),
      toolVersion: Headway.toolVersion, machine: MachineFacts.read(),
      corpus: request.corpus?.sources.joined(separator: ", ") ?? "")
    let plan = try SweepPlan(profile: request, context: context)
    let earlier = Self.earlierSweeps(in: sweeps)
    let forecast = SweepForecast(plan, earlier: earlier + [trialRun].compactMap(\.self))
    if json {
      try Terminal.writeJSON(PlanDocument(plan: plan, forecast: forecast))
      return
    }
    for warning in plan.warnings { Terminal.complain("warning: \(warning)") }
    Terminal.write(Self.text(plan, words(forecast)))
  }

  /// The plan with its forecast, as one object.
  private struct PlanDocument: Encodable {
    let plan: SweepPlan
    let forecast: SweepForecast?

    private enum Key: String, CodingKey { case forecast }

    func encode(to encoder: any Encoder) throws {
      try plan.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(forecast, forKey: .forecast)
    }
  }

  /// The latest sweeps of a directory, the latest first; those that cannot be read foretell nothing.
  private static func earlierSweeps(in folder: String) -> [SweepForecast.Earlier] {
    EarlierSweeps.directories(in: folder).compactMap { directory in
      guard let plan = try? SweepReader.plan(of: directory), let runs = try? SweepReader.runs(of: directory)
      else { return nil }
      return SweepForecast.Earlier(plan: plan, runs: runs)
    }
  }

  private static func range(_ low: Int, _ high: Int) -> String { low == high ? "\(low)" : "\(low)–\(high)" }

  private func words(_ forecast: SweepForecast?) -> String {
    guard let forecast else {
      return "no time is foretold: no earlier sweep on this machine ran any of these cells; --trial runs one"
    }
    let clock = { (seconds: Double) in ProgressDisplay.clock(seconds) }
    let low = clock(forecast.minimumSeconds)
    let high = clock(forecast.maximumSeconds)
    let span = low == high ? low : "\(low) to \(high)"
    let count = forecast.runs == 1 ? "1 run" : "\(forecast.runs) runs"
    let origin = trial ? "made just now or in earlier sweeps" : "of earlier sweeps"
    let rest = forecast.arms - forecast.measuredArms
    let others =
      rest > 0 ? "; \(rest) of \(forecast.arms) cells are new and taken as the mean of the others" : ""
    return "takes about \(span), from \(count) \(origin)\(others)"
  }

  private static func text(_ plan: SweepPlan, _ forecast: String) -> String {
    var lines = ["\(plan.name): \(plan.cells.count) cells, \(plan.arms.count) runs a block"]
    if !plan.summary.isEmpty { lines.append(plan.summary) }
    let blocks = plan.blocks
    let range = Self.range(blocks.minimum, blocks.maximum)
    let runs = Self.range(plan.minimumRuns, plan.maximumRuns)
    lines.append("\(range) blocks, \(runs) runs, order from seed \(plan.seed)")
    if plan.predicts == true, let count = plan.recordings {
      lines.append(
        "before them the baseline is recorded \(count == 1 ? "once" : "\(count) times"), to predict the others from"
          + (plan.recordingIntervalSeconds.map { ", every \(ProgressDisplay.clock($0))" } ?? ""))
    }
    if let budget = plan.budgetSeconds {
      lines.append("no block beyond the minimum begins that would end after \(ProgressDisplay.clock(budget))")
    }
    if let halfWidth = plan.blocks.halfWidth {
      lines.append(
        "it ends after the minimum once every interval is within ±\((halfWidth * 100).formatted()) %")
    }
    lines.append(forecast)
    if let corpus = plan.corpus { lines.append("corpus: \(corpus.sources.joined(separator: ", "))") }
    if let program = plan.program {
      let metric = program.metric.metric
      lines.append("measures \(metric.name) in \(metric.unit), \(metric.better.rawValue) is better")
    }
    lines.append("")
    let width = plan.arms.map(\.label.count).max() ?? 0
    for arm in plan.arms {
      let label = arm.label.padding(toLength: width, withPad: " ", startingAt: 0)
      let note = arm.isBaseline ? "  the baseline" : ""
      lines.append("  \(label)  \(work(of: arm, plan))\(note)")
    }
    lines.append("")
    for block in 0..<min(blocks.maximum, 3) {
      let order = plan.order(inBlock: block).map(\.label).joined(separator: " · ")
      lines.append("block \(block + 1): \(order)")
    }
    if blocks.maximum > 3 { lines.append("… and so on; --json has every block.") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func work(of arm: PlannedCell, _ plan: SweepPlan) -> String {
    guard let configuration = arm.configuration else { return plan.program?.commandLine(of: arm) ?? "" }
    let tokens = configuration.tokensPerStep * configuration.steps
    return "\(configuration.steps) steps, \(tokens.formatted()) tokens"
  }
}
