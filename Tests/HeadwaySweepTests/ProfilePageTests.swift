import Foundation
import HeadwaySweep
import HeadwayTestSupport
import Testing

/// `docs/profiles.md` says what a profile may hold, all of it, and its examples are profiles.
@Suite struct ProfilePageTests {
  private func page() throws -> String {
    try String(contentsOf: packageRoot.appending(path: "docs/profiles.md"), encoding: .utf8)
  }

  @Test func everyKeyIsOnThePage() throws {
    let page = try page()
    for key in Profile.keys + ProgramTemplate.documentedKeys {
      #expect(page.contains("`\(key)`"), "\(key)")
    }
  }

  @Test func itsExamplesAreProfiles() throws {
    let blocks = try page().components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    try #require(blocks.count >= 5)
    for block in blocks {
      // An example of a part stands on the first example's axes.
      let whole =
        block.contains("corpus:") || block.contains("command:")
        ? block
        : "corpus: { sources: [.] }\n" + block
          + (block.contains("phases:")
            ? "" : "axes: { threads: [1, 2, 4], scheduling: [barrier, queue], prefetch: [off, on] }\n")
      let plan = try SweepPlan(profile: Profile(yaml: whole, path: "docs/profiles.md"), context: .literal)
      #expect(!plan.cells.isEmpty)
    }
  }
}
