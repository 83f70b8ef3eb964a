import Foundation
import HeadwayTestSupport
import Testing

/// What the command says of itself: its help, its completions and, where `make man` has made it, its manual page.
@Suite struct CommandLineTests {
  /// A command as `--experimental-dump-help`, from which the manual page is made, describes it.
  private struct Description: Decodable {
    struct Command: Decodable {
      var commandName: String
      var abstract: String?
      var discussion: String?
      var subcommands: [Command]?
      var shouldDisplay: Bool?
    }
    var command: Command
  }

  private func commands() throws -> [Description.Command] {
    let dumped = try runHeadway(["--experimental-dump-help"])
    try #require(dumped.status == 0, "\(dumped.stderr)")
    let root = try JSONDecoder().decode(Description.self, from: Data(dumped.stdout.utf8)).command
    return (root.subcommands ?? []).filter { $0.shouldDisplay ?? true }
  }

  @Test func everyVerbIsDescribedWithACommandThatWorks() throws {
    let verbs = try commands().filter { $0.commandName != "help" }
    #expect(verbs.count > 15 && verbs.contains { $0.commandName == "top" })
    for verb in verbs.flatMap({ [$0] + ($0.subcommands ?? []) }) {
      let abstract = verb.abstract ?? ""
      #expect(
        abstract.hasSuffix(".") && abstract.count { $0 == "." } == 1, "\(verb.commandName): \(abstract)")
    }
    for verb in verbs {
      let words = verb.discussion ?? ""
      #expect(
        words.contains("headway \(verb.commandName)"), "\(verb.commandName) shows no command:\n\(words)")
    }
  }

  /// Options of the commands that the help shows are understood: they fail, if at all, for what they name.
  @Test func theCommandsOfTheHelpAreUnderstood() throws {
    let place = try TemporaryDirectory()
    for verb in try commands().flatMap({ [$0] + ($0.subcommands ?? []) }) {
      for line in (verb.discussion ?? "").split(separator: "\n").map({ $0.drop { $0 == " " } })
      where line.hasPrefix("headway ") && !line.contains("BASE") {
        let words = line.components(separatedBy: "  ")[0].components(separatedBy: " > ")[0]
          .split(separator: " ").dropFirst().map { String($0) }
        // Parsed in full, and ended before anything is done.
        let outcome = try runHeadway(words + ["--help"], workingDirectory: place.url)
        #expect(outcome.status == 0 && outcome.stdout.contains("USAGE: headway "), "\(line)")
        let options = words.filter { $0.hasPrefix("--") }
        for option in options { #expect(outcome.stdout.contains(option + " "), "\(option) of \(line)") }
      }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsNameEveryVerb(shell: String) throws {
    let script = try runHeadway(["--generate-completion-script", shell])
    try #require(script.status == 0, "\(script.stderr)")
    for verb in try commands() {
      #expect(script.stdout.contains(verb.commandName), "\(verb.commandName) in \(shell)")
    }
  }

  @Test func bashCompletesAVerb() throws {
    let place = try TemporaryDirectory()
    let script = try runHeadway(["--generate-completion-script", "bash"])
    try Data(script.stdout.utf8).write(to: place.url.appending(path: "headway"))
    // What a shell does when Tab is pressed behind `headway do`.
    let lines = """
      . ./headway
      function_name=$(complete -p headway | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
      COMP_WORDS=(headway do) COMP_CWORD=1 COMP_LINE='headway do' COMP_POINT=10
      $function_name headway do headway
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try run(URL(filePath: "/bin/bash"), ["-c", lines], workingDirectory: place.url)
    #expect(outcome.stdout.split(separator: "\n").map { $0.filter { $0 != " " } } == ["doctor"], "\(outcome)")
  }

  @Test(
    "the manual page of `make man` has every verb",
    .enabled("HEADWAY_TEST_MANUAL names a page") {
      ProcessInfo.processInfo.environment["HEADWAY_TEST_MANUAL"] != nil
    })
  func manualPage() throws {
    let path = try #require(ProcessInfo.processInfo.environment["HEADWAY_TEST_MANUAL"])
    let page = try String(contentsOfFile: path, encoding: .utf8)
    for verb in try commands() {
      #expect(page.contains("\n.It Em \(verb.commandName)\n"), "\(verb.commandName)")
    }
  }

  @Test func misuseIsOneSentenceAndTheUsage() throws {
    for (arguments, words) in [
      (["tran"], ["tran: headway has no such verb", "write headway train"]),
      (["top"], ["<directory>", "Usage: headway top"]),
      (["generate"], ["--checkpoint", "Usage: headway generate"]),
      (["train", "--liv"], ["--liv", "--live"]),
      (["top", "x", "--interval", "soon"], ["--interval", "soon"]),
    ] {
      let outcome = try runHeadway(arguments)
      #expect(outcome.status == 64 && outcome.stdout.isEmpty, "\(arguments)")
      for word in words { #expect(outcome.stderr.contains(word), "\(arguments): \(outcome.stderr)") }
    }
  }
}
