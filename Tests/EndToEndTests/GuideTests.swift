import Foundation
import HeadwayTestSupport
import Testing

/// The guides of docs/guides: each is followed from its first command to its last, as they stand there, with the
/// real binary in a directory of its own that has some text in `text/`.
@Suite(.serialized) struct GuideTests {
  private static let folder = packageRoot.appending(path: "docs/guides")
  /// What stands before commands that are not run here, with the reason.
  private static let mark = "<!-- not run by the tests: "

  static let guides: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()

  /// The `sh` blocks of a guide that are to be run, and how many are marked as not.
  private func commands(of guide: String) throws -> (run: [String], marked: Int) {
    let page = try String(contentsOf: Self.folder.appending(path: guide), encoding: .utf8)
    let parts = page.components(separatedBy: "```sh\n")
    var run: [String] = []
    var marked = 0
    for (before, after) in zip(parts, parts.dropFirst()) {
      let block = try #require(after.components(separatedBy: "\n```").first)
      let last = before.split(separator: "\n").last.map(String.init) ?? ""
      if last.hasPrefix(Self.mark) {
        #expect(
          last.hasSuffix(" -->") && last.count > Self.mark.count + 10, "\(guide): a mark has its reason")
        marked += 1
      } else {
        run.append(block)
      }
    }
    return (run, marked)
  }

  @Test func everyTaskHasItsGuide() throws {
    #expect(
      Self.guides == [
        "compare-phases.md", "measure-barrier-idle-time.md", "produce-a-report.md", "sweep-thread-counts.md",
      ])
    let index = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
    let readme = try String(contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("docs/guides"))
    for guide in Self.guides + ["../instrument-your-engine.md"] { #expect(index.contains("(\(guide))")) }
  }

  @Test(arguments: guides) func aGuideCanBeFollowed(guide: String) throws {
    let place = try Workplace()
    let (blocks, _) = try commands(of: guide)
    try #require(!blocks.isEmpty)
    let binary = try Workplace.binary().deletingLastPathComponent().path
    let path = binary + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    for block in blocks {
      let outcome = try place.run("/bin/sh", ["-e", "-c", block], environment: ["PATH": path])
      try #require(outcome.status == 0, "\(guide): \(block)\n\(outcome.stdout)\(outcome.stderr)")
    }
    // What a guide says that its commands leave behind is there.
    let page = try String(contentsOf: Self.folder.appending(path: guide), encoding: .utf8)
    for file in page.matches(of: /\n\* `([a-z\-]+\/[a-z\-.\/]+)`/).map(\.1) {
      #expect(place.exists(String(file)), "\(guide) names \(file)")
    }
  }

  /// The example workflow calls the gate with options that it has, and lets pass what the gate calls no regression.
  @Test func theExampleWorkflowUsesTheGate() throws {
    let workflow = try String(
      contentsOf: packageRoot.appending(path: ".github/workflows/performance.yml"), encoding: .utf8)
    let call = try #require(workflow.split(separator: "\n").first { $0.contains("headway gate ") })
    let help = try runHeadway(["gate", "--help"]).stdout
    let options = call.matches(of: /--[a-z]+/).map { String($0.0) }
    #expect(options.contains("--base") && options.contains("--candidate"))
    for option in options { #expect(help.contains(option), "\(option)") }
    #expect(workflow.contains("0|4) ;;") && workflow.contains("*) exit $status ;;"))
  }
}
