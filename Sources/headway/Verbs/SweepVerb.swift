import ArgumentParser
import HeadwaySweep
import HeadwayTrace

/// Runs every cell of a profile in blocks, each run a process, and reports.
struct SweepVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every cell of a profile, each run a fresh process, and report what was measured.",
    discussion: """
      headway sweep profiles/quick.yaml

      An interruption (Ctrl-C) ends the running process, reports what was measured so far and exits with 130. A \
      sweep that was interrupted or killed goes on with --resume, or with headway resume: no run that had ended is \
      run again. docs/profiles.md says what a profile may hold.
      """)

  @Argument(help: "The profile.", completion: .file(extensions: ["yaml", "yml"]))
  var profile: String?

  @Option(help: "Go on with the sweep in this directory instead.", completion: .directory)
  var resume: String?

  @Option(help: "Where to write the sweep (default: a new directory under .headway/sweeps).")
  var output: String?

  @Option(help: "Seeds the order of the runs, instead of the profile's.")
  var seed: UInt64?

  @Flag(help: "Print all of the report, not what fits forty lines.")
  var full = false

  @Flag(help: "Print the sweep's summary as JSON instead of the report.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func run() throws {
    if let resume {
      guard profile == nil, output == nil, seed == nil else {
        throw InputError(
          "--resume", problem: "the plan of a sweep does not change",
          remedy: "leave the profile, --output and --seed out, or start a new sweep", isUsage: true)
      }
      return try SweepSession.resume(resume, isQuiet: quiet, json: json, inFull: full)
    }
    guard let profile else {
      throw InputError(
        "sweep", problem: "no profile was named",
        remedy: "name one, such as profiles/quick.yaml, or a sweep to go on with by --resume", isUsage: true)
    }
    var request = try Profile.load(profile)
    if let seed { request.seed = seed }
    try SweepSession.start(request, output: output, isQuiet: quiet, json: json, inFull: full)
  }
}

/// Goes on with a sweep that was interrupted, killed or rebooted away.
struct ResumeVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a sweep that was interrupted or killed, and report.",
    discussion: """
      headway resume .headway/sweeps/quick-20261121T023900Z

      No run that had ended is run again, and none is lost; the run that was going on is made anew. The machine, the \
      program and the environment must be what they were, or the runs could not be compared.
      """)

  @Argument(help: "The directory of the sweep.", completion: .directory)
  var directory: String

  @Flag(help: "Print all of the report, not what fits forty lines.")
  var full = false

  @Flag(help: "Print the sweep's summary as JSON instead of the report.")
  var json = false

  @Flag(help: "No progress.")
  var quiet = false

  func run() throws { try SweepSession.resume(directory, isQuiet: quiet, json: json, inFull: full) }
}
