import Foundation
import HeadwayTestSupport
import Testing

/// `headway serve` up to the server of the page, which is built apart and tested there (`make test-serve`).
@Suite struct ServeTests {
  /// A copy of the program in a directory where nothing was built beside it or above it.
  private func lonely() throws -> (TemporaryDirectory, URL) {
    let place = try TemporaryDirectory()
    let copy = place.url.appending(path: "bin/headway")
    try FileManager.default.createDirectory(
      at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: try Workplace.binary(), to: copy)
    return (place, copy)
  }

  @Test func withoutItsServerItSaysHowToGetOne() throws {
    let (place, program) = try lonely()
    let outcome = try run(program, ["serve"], workingDirectory: place.url)
    #expect(outcome.status == 1 && outcome.stdout.isEmpty)
    #expect(
      outcome.stderr
        == "headway: headway serve: the page's server is a program of its own, and it has not been built;"
        + " run make serve where Headway's sources are, then this again.\n")
    #expect(try place.entries() == ["bin"], "nothing was written")
  }

  /// The server's place is taken by a program that says what it was asked for.
  @Test(arguments: ["bin/headway-serve", "Serve/.build/release/headway-serve"])
  func itTurnsIntoItsServer(file: String) throws {
    let (place, program) = try lonely()
    try place.write("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 7\n", to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path(file))
    let bare = try run(program, ["serve"], workingDirectory: place.url)
    #expect(bare.status == 7, "\(bare.stderr)")
    #expect(
      bare.stdout
        == #"{"directories":[],"host":"127.0.0.1","port":8717,"schema":"headway.serve/1"}"# + "\n")
    try place.write("", to: ".headway/history.sqlite")
    let found = try run(program, ["serve", "--port", "0"], workingDirectory: place.url)
    #expect(found.stdout.contains(#""directories":[".headway"],"history":".headway/history.sqlite""#))
    let named = try run(
      program, ["serve", "bin", "--host", "::1", "--history", ".headway/history.sqlite"],
      workingDirectory: place.url)
    #expect(named.stdout.contains(#""directories":["bin"]"#) && named.stdout.contains(#""host":"::1""#))
  }

  @Test func badInputIsOneSentence() throws {
    let (place, program) = try lonely()
    for (arguments, status, word) in [
      (["serve", "absent"], 1, "absent"), (["serve", "--history", "absent.sqlite"], 1, "absent.sqlite"),
      (["serve", "--port", "65536"], 64, "--port"), (["serve", "--port", "-1"], 64, "--port"),
    ] as [([String], Int32, String)] {
      let outcome = try run(program, arguments, workingDirectory: place.url)
      #expect(outcome.status == status && outcome.stderr.contains(word), "\(arguments): \(outcome.stderr)")
    }
  }
}
