import ArgumentParser
import HeadwayTrace

/// What a system test can be told; only with `--system-test`.
struct SystemTestOptions: ParsableArguments {
  @Flag(
    help: """
      Build, tokenise, train, evaluate, write text and sweep the phases, here and now, and report all of it.
      """)
  var systemTest = false

  @Option(
    help: "With --system-test: the text, a file or a directory (default: that of the training's profile).",
    completion: .directory)
  var corpus: String?

  @Option(
    help:
      "With --system-test: the profile to train (default: profiles/seed-small.yaml, or a small built-in one).",
    completion: .file(extensions: ["yaml", "yml"]))
  var profile: String?

  @Option(
    help:
      "With --system-test: the profile of phases (default: profiles/phases.yaml, or a small built-in one).",
    completion: .file(extensions: ["yaml", "yml"]))
  var phases: String?

  @Option(
    name: .customLong("set"),
    help: "With --system-test: set any key of the training's configuration, KEY=VALUE; may be repeated.")
  var settings: [String] = []

  @Flag(
    help: "With --system-test: the small built-in training and phases, also beside the project's profiles.")
  var quick = false

  @Flag(
    help: "With --system-test: compile everything anew in an empty directory, so that every warning shows.")
  var freshBuild = false

  @Option(help: "With --system-test: where to write (default: a new directory under .headway/system-tests).")
  var output: String?

  /// The first option that was given and means nothing without `--system-test`.
  var stray: String? {
    let given: [(String, Bool)] = [
      ("--corpus", corpus != nil), ("--profile", profile != nil), ("--phases", phases != nil),
      ("--set", !settings.isEmpty), ("--quick", quick), ("--fresh-build", freshBuild),
      ("--output", output != nil),
    ]
    return given.first { $0.1 }?.0
  }
}
