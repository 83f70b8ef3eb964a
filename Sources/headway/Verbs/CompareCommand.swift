import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayFiles
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Compares runs that did the same work.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract:
      "Compare two runs, two sweeps, or the phases of a sweep, and split the difference in wall time.",
    discussion: """
      headway compare BASE CANDIDATE     two directories of runs, or two of sweeps
      headway compare phases SWEEP       each phase of a sweep against the one before and the first
      Runs that did other work, came to another result or ran on another machine are not compared.
      """,
    subcommands: [CompareDirectories.self, ComparePhases.self], defaultSubcommand: CompareDirectories.self)
}

/// What every comparison can be told.
struct ComparisonOptions: ParsableArguments {
  @Option(help: "The relative difference in speed that does not matter: 2% or 0.02.")
  var margin: Share?

  @Option(help: "The largest relative difference between losses that counts as the same result: 1% or 0.01.")
  var lossTolerance: Share?

  @Option(
    help: """
      Also write the comparison as a page into this file; of two runs with sampled stacks it has the differences \
      of their flame graphs.
      """, completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print the comparison as JSON.")
  var json = false

  func limits() -> ComparisonLimits {
    var limits = ComparisonLimits()
    if let margin { limits.margin = margin.value }
    if let lossTolerance { limits.lossTolerance = lossTolerance.value }
    return limits
  }

  /// Prints the comparison, and writes the page where one was asked for.
  ///
  /// - Parameter stacks: The sampled stacks of two compared runs.
  func show(_ comparison: RunComparison, stacks: ComparedStacks? = nil) throws {
    if let html {
      let command = CommandLine.arguments.map(ProgramTemplate.quoted).joined(separator: " ")
      let page = try HTMLReport.render(comparison: comparison, stacks: stacks, command: command)
      try AtomicFile.write(Data(page.utf8), to: html)
      if !json { Terminal.complain("page: \(html)") }
    }
    if json { return try Terminal.writeJSON(comparison) }
    Terminal.write(
      TerminalReport.render(comparison: comparison, width: Terminal.columns(), color: Terminal.colours))
  }
}

/// Compares two runs or two sweeps.
struct CompareDirectories: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directories", abstract: "Compare two runs or two sweeps.",
    discussion: "headway compare before/ after/")

  @Argument(help: "The run or sweep that the other is compared with.", completion: .directory)
  var base: String

  @Argument(help: "The run or sweep that is compared.", completion: .directory)
  var candidate: String

  @OptionGroup var options: ComparisonOptions

  func run() throws {
    let comparison = try ComparedDirectory.compare(base, with: candidate, limits: options.limits())
    try options.show(comparison, stacks: options.html == nil ? nil : try stacks())
  }

  /// The sampled stacks of both runs; `nil` for sweeps, whose pages have no flame graphs.
  private func stacks() throws(InputError) -> ComparedStacks? {
    if SweepDirectory.exists(at: base) { return nil }
    return ComparedStacks(base: try Self.stacks(of: base), candidate: try Self.stacks(of: candidate))
  }

  /// The sampled stacks of a run; `nil` where none were sampled.
  private static func stacks(of path: String) throws(InputError) -> StackProfile? {
    let directory = try RunDirectory(opening: path)
    return FileManager.default.fileExists(atPath: directory.stacksPath) ? try directory.stacks() : nil
  }
}

/// Compares the phases of a sweep.
struct ComparePhases: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phases",
    abstract: "Compare each phase of a sweep with the one before it and with the first.",
    discussion: """
      headway compare phases profiles/phases.yaml

      With a profile instead of a sweep's directory, the profile is swept first.
      """)

  @Argument(help: "The directory of a sweep, or the profile of one to run.", completion: .file())
  var sweep: String

  @Option(help: "Where to write the sweep of a profile (default: a new directory under .headway/sweeps).")
  var output: String?

  @OptionGroup var options: ComparisonOptions

  func run() throws {
    var path = sweep
    if sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml") {
      let profile = try Profile.load(sweep)
      if profile.phases.count < 2 {
        throw InputError(
          sweep, field: "phases", problem: "there are not two of them to compare",
          remedy: "name a profile such as profiles/phases.yaml", isUsage: true)
      }
      path = output ?? ".headway/sweeps/\(profile.name)-\(Provenance.fileTimestamp())"
      // The sweep as a person would run it: its progress is shown, its own report is in its directory.
      let child = ToolRun(
        executable: try OwnExecutable.path(), arguments: ["sweep", sweep, "--output", path, "--json"])
      let status = try child.runShowingProgress()
      if status != 0 { throw ExitCode(status) }
    } else if output != nil {
      throw InputError(
        "--output", problem: "\(sweep) is no profile, so nothing is swept", remedy: "leave it out",
        isUsage: true)
    }
    let read = try ComparedDirectory(path)
    guard read.isSweep else {
      throw InputError(
        path, problem: "this is no sweep's directory", remedy: "name a sweep or a profile with phases",
        isUsage: true)
    }
    try options.show(try RunComparison.ofPhases(read.subject, limits: options.limits()))
  }
}

/// A share on the command line: `2%` or `0.02`.
struct Share: ExpressibleByArgument {
  var value: Double

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    let digits = isPercent ? String(argument.dropLast()).trimmingCharacters(in: .whitespaces) : argument
    guard let number = Double(digits), number.isFinite else { return nil }
    value = isPercent ? number / 100 : number
    guard (0...1).contains(value) else { return nil }
  }
}
