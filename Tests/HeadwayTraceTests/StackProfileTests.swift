import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct StackProfileTests {
  @Test func survivesItsFile() throws {
    let profile = StackProfile.literal(stacks: [
      ("main", .main, ["work", "run"], 3), ("worker-0", .worker, ["wait"], 2),
    ])
    let bytes = try HeadwayJSON.line(profile)
    let read = try HeadwayJSON.decode(StackProfile.self, from: bytes, subject: "stacks.json")
    #expect(read == profile)
    try read.check(subject: "stacks.json")
  }

  @Test func stacksAreSharedAndReadFromTheInside() {
    let profile = StackProfile.literal(stacks: [
      ("main", .main, ["leaf", "run"], 1), ("main", .main, ["run"], 1), ("main", .main, ["leaf", "run"], 1),
    ])
    #expect(profile.stacks.count == 2)
    #expect(profile.functionNames(of: profile.samples.stack[0]) == ["leaf", "run"])
    #expect(profile.samples.stack[0] == profile.samples.stack[2])
    #expect(profile.functionNames(of: -1).isEmpty)
  }

  /// Each way to break a table is refused with the table's name.
  @Test(arguments: [
    "functions.module", "frames.function", "stacks.frame", "stacks.caller", "samples.stack",
    "samples.thread", "samples.state", "samples", "frames", "schema",
  ])
  func aBrokenTableIsRefused(field: String) {
    var profile = StackProfile.literal(stacks: [("main", .main, ["leaf", "run"], 1)])
    switch field {
    case "functions.module": profile.functions.module[0] = 7
    case "frames.function": profile.frames.function[0] = 7
    case "stacks.frame": profile.stacks.frame[0] = -1
    case "stacks.caller": profile.stacks.caller[0] = 0
    case "samples.stack": profile.samples.stack[0] = 9
    case "samples.thread": profile.samples.thread[0] = 1
    case "samples.state": profile.samples.state[0] = 0
    case "samples": profile.samples.periods.removeLast()
    case "frames": profile.frames.line.removeLast()
    default: profile.schema = "headway.stacks/9"
    }
    let error = #expect(throws: InputError.self) { try profile.check(subject: "stacks.json") }
    #expect(error?.field == field)
    #expect(error?.description.hasPrefix("stacks.json: \(field): ") == true)
  }
}
