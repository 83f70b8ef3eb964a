import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwaySweep
import HeadwayTrace

/// Says whether a candidate may replace a base.
struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Run two versions side by side, and say whether the candidate is slower.",
    discussion: """
      headway gate --base main --candidate .

      A version is a git reference, which is built in a worktree of its own, a directory with a Package.swift, which \
      is built there, or a binary. What looks different is measured again with fresh blocks and counts if it repeats.
      Exit codes: 0 nothing changed, 2 a regression, 3 inconclusive, 4 an improvement only; 1 error, 64 misuse.
      """)

  @Option(help: "The version that is there: a git reference, a directory or a binary.")
  var base: String

  @Option(help: "The version that wants to replace it.")
  var candidate: String

  @Option(help: "The profile whose cells are run.", completion: .file(extensions: ["yaml", "yml"]))
  var profile = "profiles/gate.yaml"

  @Option(help: "The relative difference that does not matter: 2% or 0.02 (default: the profile's).")
  var margin: Share?

  @Option(help: "Blocks of each look, 6 or more (default: the profile's minimum).")
  var blocks: Int?

  @Option(help: "Seeds the order of the runs, instead of the profile's.")
  var seed: UInt64?

  @Option(help: "Where to keep the runs (default: a new directory under .headway/gate).")
  var output: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  /// Where binaries that were built from git references are kept.
  private static let cache = ".headway/gate"

  func run() throws {
    var request = try Profile.load(profile)
    let looks = blocks ?? request.blocks.minimum
    guard (6...1_000).contains(looks) else {
      throw InputError(
        "--blocks", problem: "got \(looks), and fewer than 6 blocks carry no 95 % interval",
        remedy: "ask for 6 to 1000", isUsage: true)
    }
    let limits = ComparisonLimits(margin: margin?.value ?? request.margin)
    let (old, new) = (
      try GateProgram(base, option: "--base", cache: Self.cache),
      try GateProgram(candidate, option: "--candidate", cache: Self.cache)
    )
    let corpus = try CorpusSource.open(&request, isQuiet: quiet)
    let directory = output ?? "\(Self.cache)/\(Provenance.fileTimestamp())-\(getpid())"
    let cancellation = Cancellation()
    let signals = InterruptionSource { cancellation.cancel() }
    defer { signals.stop() }
    let sweep = GateSweep(
      base: old, candidate: new, profile: request, blocks: looks, corpus: corpus.directory,
      corpusWords: corpus.describe(), cancellation: cancellation, isQuiet: quiet)

    let firstSeed = seed ?? request.seed
    var warnings: [String] = []
    func look(_ name: String, only labels: [String]?, seed: UInt64) throws -> GateLook {
      let measured = try sweep.look(only: labels, seed: seed, path: directory + "/" + name)
      if cancellation.isCancelled { throw ExitCode(130) }
      warnings += measured.warnings.map { "\(name) look: \($0)" }
      return try GateLook(cells: measured.cells, limits: limits)
    }
    let first = try look("first", only: nil, seed: firstSeed)
    let second =
      first.flagged.isEmpty ? nil : try look("second", only: first.flagged, seed: firstSeed &+ 1)
    let result = GateResult(
      first: first, second: second, base: old.contract, candidate: new.contract, machine: MachineFacts.read(),
      profile: profile, margin: limits.margin, blocks: looks, seed: firstSeed,
      warnings: warnings)
    if json {
      try Terminal.writeJSON(result)
    } else {
      Terminal.write(
        TerminalReport.render(gate: result, width: Terminal.columns(), color: Terminal.colours)
          + "\nruns        \(directory)\n")
    }
    if let code = Self.code(of: result.outcome) { throw ExitCode(code) }
  }

  private static func code(of outcome: GateResult.Outcome) -> Int32? {
    switch outcome {
    case .pass: nil
    case .regression: 2
    case .inconclusive: 3
    case .improvement: 4
    }
  }
}
