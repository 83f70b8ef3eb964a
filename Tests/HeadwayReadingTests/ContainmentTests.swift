import Foundation
import HeadwayReading
import HeadwayTestSupport
import Testing

/// What came from elsewhere is read only where it stays in its own directory.
@Suite struct ContainmentTests {
  private func place() throws -> TemporaryDirectory {
    let place = try TemporaryDirectory()
    try place.write("{}", to: "run/summary.json")
    try place.write("secret", to: "outside/secret.json")
    return place
  }

  private func link(_ place: TemporaryDirectory, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: place.path(name), withDestinationPath: target)
  }

  @Test func filesAndLinksInsideAreFine() throws {
    let place = try place()
    try place.write("{}", to: "run/runs/a/0/summary.json")
    try link(place, "run/latest", to: "runs/a/0")
    try link(place, "run/same.json", to: place.path("run/summary.json"))
    try Containment.check(place.path("run"))
    // A root that is itself reached by a link is the reader's own choice.
    try link(place, "alias", to: "run")
    try Containment.check(place.path("alias"))
  }

  @Test(arguments: ["../outside/secret.json", "/etc/passwd", "../outside", "absent", "loop", ".."])
  func linksThatLeadOutAreRefused(target: String) throws {
    let place = try place()
    try link(place, "run/loop", to: target)
    let said = sentence { try Containment.check(place.path("run")) }
    #expect(said.contains("run/loop") && said.contains("leads out"), "\(said)")
  }

  @Test func aLinkDeepInsideIsFound() throws {
    let place = try place()
    try place.write("{}", to: "run/runs/a/0/log.txt")
    try link(place, "run/runs/a/0/summary.json", to: "../../../../outside/secret.json")
    #expect(sentence { try Containment.check(place.path("run")) }.contains("runs/a/0/summary.json"))
  }

  @Test func nothingHidesInTheDepth() throws {
    let place = try place()
    let deep = (0..<12).map { "d\($0)" }.joined(separator: "/")
    try place.write("{}", to: "run/\(deep)/summary.json")
    #expect(sentence { try Containment.check(place.path("run")) }.contains("deeper than anything of Headway"))
  }

  /// Opening a pipe that nobody writes to would never return.
  @Test func aPipeIsRefused() throws {
    let place = try place()
    #expect(mkfifo(place.path("run/trace.hwtrace"), 0o600) == 0)
    #expect(sentence { try Containment.check(place.path("run")) }.contains("neither a file nor a directory"))
  }

  @Test func namesInFiles() {
    for name in ["runs/a/0", "runs/a..b/0", "a"] { #expect(Containment.isInside(relative: name), "\(name)") }
    for name in ["../a", "runs/../../a", "/etc", "..", "a/..", "a\0b"] {
      #expect(!Containment.isInside(relative: name), "\(name)")
    }
  }
}
