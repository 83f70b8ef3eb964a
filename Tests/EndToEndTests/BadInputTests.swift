import Foundation
import HeadwayTestSupport
import Testing

/// Bad input costs one clear sentence and nothing else: the real binary, given what people get wrong.
@Suite struct BadInputTests {
  /// Runs the binary and expects one sentence on standard error that has all the words, and no debris.
  private func expectRefusal(
    _ place: Workplace, _ arguments: [String], status: Int32 = 1, says words: String...,
    environment: [String: String] = [:], location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try place.contents()
    let result = try place.headway(arguments, environment: environment)
    #expect(result.status == status, "\(result.stderr)", sourceLocation: location)
    let lines = result.stderr.split(separator: "\n")
    #expect(lines.count == 1, "one sentence: \(result.stderr)", sourceLocation: location)
    #expect(result.stderr.hasPrefix("headway: "), sourceLocation: location)
    for word in words {
      #expect(result.stderr.contains(word), "\(word) in: \(result.stderr)", sourceLocation: location)
    }
    #expect(result.stdout.isEmpty, sourceLocation: location)
    let left = try place.contents().filter { $0 != ".headway" }
    #expect(left == before.filter { $0 != ".headway" }, "nothing is left", sourceLocation: location)
    let temporary = try place.contents(".").filter { $0.contains("hwtmp") }
    #expect(temporary.isEmpty, "nothing half-written", sourceLocation: location)
  }

  private func train(_ corpus: String, _ more: String...) -> [String] {
    ["train", "--corpus", corpus, "--quiet"] + Workplace.smallModel + ["--set", "steps=2"] + more
  }

  @Test func aMissingCorpus() throws {
    try expectRefusal(Workplace(), train("absent"), says: "absent", "no such")
  }

  @Test func anEmptyCorpusFile() throws {
    let place = try Workplace()
    try place.write("", to: "empty.txt")
    try expectRefusal(place, train("empty.txt"), says: "empty.txt", "empty")
  }

  @Test func aDirectoryWithoutText() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      at: place.url("bare/inner"), withIntermediateDirectories: true)
    try expectRefusal(place, train("bare"), says: "bare", "text")
  }

  @Test func aBinaryFileAsCorpus() throws {
    let place = try Workplace()
    try Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7) }).write(to: place.url("noise.bin"))
    try expectRefusal(place, train("noise.bin"), says: "noise.bin")
  }

  @Test func aTextTooShortForOneBatch() throws {
    let place = try Workplace()
    try place.write("A few words only.", to: "short.txt")
    try expectRefusal(place, train("short.txt"), says: "short.txt")
  }

  @Test func binaryFilesAmongTextAreSkippedAndCounted() throws {
    let place = try Workplace()
    try Data(repeating: 0, count: 5000).write(to: place.url("text/zeros.dat"))
    let built = try place.headway(
      ["corpus", "build", "text", "--output", "built", "--vocabulary-size", "300"])
    #expect(built.status == 0, "\(built.stderr)")
    #expect((built.stdout + built.stderr).contains("1 binary"))
  }

  @Test(arguments: [
    ("thread: 2", "did you mean threads"), ("threads: 0", "threads"), ("steps: -1", "steps"),
    ("threads: 1000000000", "threads"), ("scheduling: sideways", "barrier"), ("heads: 7", "heads"),
  ])
  func aProfileWithAnAbsurdValue(line: String, word: String) throws {
    let place = try Workplace()
    try place.write(
      "name: bad\ncorpus: { sources: [text] }\nbase:\n  \(line)\naxes: { threads: [1, 2] }\n",
      to: "bad.yaml")
    try expectRefusal(place, ["sweep", "bad.yaml"], status: 64, says: "bad.yaml", word)
  }

  @Test(arguments: ["threads=0", "steps=-1", "threads=1000000000", "banana=1", "threads"])
  func anAbsurdSetting(setting: String) throws {
    try expectRefusal(
      Workplace(), train("text", "--set", setting), status: 64, says: "--set")
  }

  @Test func aProfileThatIsMissingOrNoYAML() throws {
    let place = try Workplace()
    try expectRefusal(place, ["sweep", "absent.yaml"], says: "absent.yaml", "no such")
    try place.write("name: [unclosed\n", to: "broken.yaml")
    let result = try place.headway(["sweep", "broken.yaml"])
    #expect([1, 64].contains(result.status))
    #expect(result.stderr.contains("broken.yaml"))
    #expect(result.stderr.split(separator: "\n").count == 1)
  }

  @Test func anUnwritableOutput() throws {
    let place = try Workplace()
    try place.write("I am a file.", to: "file")
    try expectRefusal(place, train("text", "--checkpoint", "file/out"), says: "file/out")
    try expectRefusal(place, train("text", "--checkpoint", "file"), says: "file")
    try expectRefusal(place, train("text", "--run-directory", "file/run"), says: "file")
    try expectRefusal(place, train("text", "--checkpoint", "/proc/out"), says: "/proc/out")
    #expect(try String(contentsOf: place.url("file"), encoding: .utf8) == "I am a file.")
  }

  @Test func aDirectoryThatIsNoCheckpointIsNotReplaced() throws {
    let place = try Workplace()
    try expectRefusal(place, train("text", "--checkpoint", "text"), says: "text", "checkpoint")
    #expect(try !place.contents("text").isEmpty)
  }

  @Test func aTruncatedCheckpoint() throws {
    let place = try Workplace()
    let trained = try place.headway(train("text", "--checkpoint", "out"))
    try #require(trained.status == 0, "\(trained.stderr)")
    let weights = place.url("out/model.safetensors")
    let whole = try Data(contentsOf: weights)
    for length in [0, 7, 40, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: weights)
      try expectRefusal(
        place, ["generate", "--checkpoint", "out", "--prompt", "x"], says: "model.safetensors")
      try expectRefusal(
        place, ["evaluate", "--checkpoint", "out", "--corpus", "text"], says: "model.safetensors")
    }
    try whole.write(to: weights)
    try Data("{".utf8).write(to: place.url("out/config.json"))
    try expectRefusal(place, ["generate", "--checkpoint", "out", "--prompt", "x"], says: "config.json")
    try expectRefusal(place, ["generate", "--checkpoint", "absent", "--prompt", "x"], says: "absent")
  }

  /// A shell whose mounts nobody else sees.
  private static let privateShell = ["unshare", getuid() == 0 ? "-m" : "-rm", "sh", "-c"]

  private static func canMountPrivately() -> Bool {
    let outcome = try? HeadwayTestSupport.run(
      URL(filePath: "/usr/bin/env"), privateShell + ["mount -t tmpfs none /mnt"])
    return outcome?.status == 0
  }

  @Test(.enabled("a private mount makes the small disk") { canMountPrivately() })
  func aFullDisk() throws {
    let place = try Workplace()
    let small = place.url("small")
    try FileManager.default.createDirectory(at: small, withIntermediateDirectories: true)
    let script = """
      mount -t tmpfs -o size=256k none small && \
      '\(try Workplace.binary().path)' train --corpus text --quiet --run-directory run \
      --checkpoint small/out \(Workplace.smallModel.joined(separator: " ")) \
      --set width=128 --set steps=2; code=$?; ls -A small; exit $code
      """
    let result = try place.run("/usr/bin/env", Self.privateShell + [script])
    #expect(result.status == 1, "\(result.stderr)")
    #expect(result.stderr.contains("small/out"))
    #expect(result.stderr.contains("space"), "\(result.stderr)")
    #expect(result.stdout.isEmpty, "nothing half-written: \(result.stdout)")
  }
}
