import Foundation
import HeadwayTestSupport
import Testing

/// The manual page and the completions, made from what the command says of itself.
///
/// The page's generator is a tool of swift-argument-parser, which `make test` and `make man` build once.
@Suite(.serialized) struct ManualTests {
  private static let generator = packageRoot.appending(path: ".build/manual/release/generate-manual")
  private static var hasGenerator: Bool {
    FileManager.default.isExecutableFile(atPath: generator.path)
  }
  private static let formatter = "/usr/bin/groff"

  /// What the command says of itself: `--experimental-dump-help`, version 0.
  private struct Dump: Decodable {
    var command: Command

    struct Command: Decodable {
      var commandName: String
      var shouldDisplay: Bool?
      var subcommands: [Command]?
      var arguments: [Argument]?

      /// This command and those below it, as a person finds them.
      var all: [Command] {
        [self]
          + (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }.flatMap(
            \.all)
      }
    }

    struct Argument: Decodable {
      var kind: String
      var shouldDisplay: Bool
      var names: [Name]?
      var valueName: String?
    }

    struct Name: Decodable {
      var kind: String
      var name: String
    }
  }

  private func dump() throws -> Dump {
    let said = try runHeadway(["--experimental-dump-help"])
    try #require(said.status == 0, "\(said.stderr)")
    return try JSONDecoder().decode(Dump.self, from: Data(said.stdout.utf8))
  }

  /// Makes the page in a place and gives its text.
  private func page(in place: Workplace) throws -> String {
    let made = try place.run(
      packageRoot.path + "/scripts/generate-manual", [try Workplace.binary().path, place.url("man").path])
    try #require(made.status == 0, "\(made.stderr)")
    #expect(made.stdout == place.url("man/headway.1").path + "\n")
    return try String(contentsOf: place.url("man/headway.1"), encoding: .utf8)
  }

  @Test(.enabled("make man builds the generator") { hasGenerator }, .timeLimit(.minutes(2)))
  func everyVerbAndOptionIsInTheManual() throws {
    let place = try Workplace()
    let text = try page(in: place).replacing("\\-", with: "-")
    let commands = try dump().command.all
    #expect(commands.count > 20)
    for command in commands {
      #expect(text.contains(command.commandName), "\(command.commandName)")
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        for name in argument.names ?? [] {
          // mdoc's `Fl` puts the first dash.
          let flag = name.kind == "long" ? "Fl -\(name.name)" : "Fl \(name.name)"
          #expect(text.contains(flag), "\(command.commandName) --\(name.name)")
        }
        if argument.kind == "positional", let value = argument.valueName {
          #expect(text.contains("Ar \(value)"), "\(command.commandName) <\(value)>")
        }
      }
    }
    #expect(!text.contains("until-it-begins"), "what is hidden is not in it")
  }

  @Test(
    .enabled("make man builds the generator") { hasGenerator },
    .enabled("groff is installed") { FileManager.default.isExecutableFile(atPath: formatter) },
    .timeLimit(.minutes(2)))
  func theManualIsSetWithoutAWarning() throws {
    let place = try Workplace()
    _ = try page(in: place)
    let set = try place.run(
      Self.formatter, ["-w", "w", "-b", "-mdoc", "-Tutf8", "-P-cbou", place.url("man/headway.1").path])
    #expect(set.status == 0 && set.stderr.isEmpty, "\(set.stderr)")
    for part in ["NAME", "headway", "SYNOPSIS", "--set", "serve", "sweep"] {
      #expect(set.stdout.contains(part), "\(part)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowEveryVerb(shell: String) throws {
    let script = try runHeadway(["--generate-completion-script", shell])
    try #require(script.status == 0, "\(script.stderr)")
    for command in try dump().command.all {
      #expect(script.stdout.contains(command.commandName), "\(command.commandName)")
    }
    #expect(script.stdout.contains("--interval") || script.stdout.contains("interval"))
  }
}
