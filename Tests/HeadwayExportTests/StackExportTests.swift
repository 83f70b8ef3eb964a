import Foundation
import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The stacks of a planted profile in every format: two workers, an inlined frame, a stack of which nothing is
/// known, a sample outside the window.
@Suite struct StackExportTests {
  /// Samples are at ticks 10, 20, … 60, a tick a nanosecond; the window is 20 … 60.
  private var profile: StackProfile {
    var profile = StackProfile.literal(
      window: SampleWindow(begin: 20, end: 60),
      stacks: [
        ("worker-0", .worker, ["start", "run"], 1), ("worker-0", .worker, ["multiply", "forward", "run"], 2),
        ("worker-1", .worker, ["wait;all", "run"], 3),
        ("worker-0", .worker, ["multiply", "forward", "run"], 1),
        ("worker-1", .worker, ["forward", "run"], 1), ("worker-0", .worker, ["forward", "run"], 1),
      ], asleep: [2])
    profile.states = ["idle"]
    profile.samples.state[2] = 0
    profile.samples.stack[5] = -1
    if let inlined = profile.functions.name.firstIndex(of: "multiply") {
      profile.frames.isInlined[inlined] = true
    }
    if let forward = profile.functions.name.firstIndex(of: "forward") { profile.frames.line[forward] = 12 }
    return profile
  }

  private func export(wholeRun: Bool = false) -> StackExport {
    StackExport(
      profile, name: "planted", startedAt: Date(timeIntervalSince1970: 1_000), wholeRun: wholeRun)
  }

  @Test("folded stacks count the periods of the window below the thread's name")
  func folded() {
    #expect(
      String(decoding: export().folded(), as: UTF8.self) == """
        worker-0;[unknown] 1
        worker-0;run;forward;multiply 3
        worker-1;run;forward 1
        worker-1;run;wait:all 3

        """)
    #expect(export().notes.sentences.first?.hasPrefix("1 sample lies outside") == true)
    #expect(
      String(decoding: export(wholeRun: true).folded(), as: UTF8.self).contains("worker-0;run;start 1\n"))
    #expect(export(wholeRun: true).notes.sentences.isEmpty)
  }

  @Test("speedscope has a profile for each thread, its stacks outermost first and its time as weights")
  func speedscope() throws {
    let file = try JSONValue(parsing: export().speedscope())
    let names = file["shared"]?["frames"]?.elements.compactMap { $0["name"]?.text } ?? []
    let profiles = file["profiles"]?.elements ?? []
    #expect(profiles.compactMap { $0["name"]?.text } == ["worker-0", "worker-1"])
    let stacks = profiles[0]["samples"]?.elements.map {
      $0.elements.compactMap { $0.integer.map { names[$0] } }
    }
    #expect(stacks == [["run", "forward", "multiply"], ["[unknown]"]])
    #expect(profiles[0]["weights"]?.elements.compactMap(\.integer) == [30_000_000, 10_000_000])
    #expect(profiles[0]["endValue"]?.integer == 40_000_000 && profiles[0]["unit"]?.text == "nanoseconds")
    #expect(file["$schema"]?.text == "https://www.speedscope.app/file-format-schema.json")
  }

  @Test("pprof has values and labels for each sample, and an inlined function in its caller's location")
  func pprof() throws {
    let message = try #require(WireMessage(export().pprofMessage()))
    let strings = message.texts(6)
    func text(_ number: UInt64?) -> String { number.map { strings[Int($0)] } ?? "?" }
    #expect(strings.first == "" && Set(strings).count == strings.count)
    #expect(
      message.messages(1).map { text($0.number(1)) + "/" + text($0.number(2)) }
        == ["samples/count", "wall/nanoseconds"])
    let functions = message.messages(5).reduce(into: [UInt64: String]()) {
      $0[$1.number(1) ?? 0] = text($1.number(2))
    }
    let locations = message.messages(4).reduce(into: [UInt64: [String]]()) {
      $0[$1.number(1) ?? 0] = $1.messages(4).map { functions[$0.number(1) ?? 0] ?? "?" }
    }
    let samples = message.messages(2).map { sample in
      let labels = sample.messages(3).map { text($0.number(1)) + "=" + text($0.number(2)) }
      let frames = sample.numbers(1).map { (locations[$0] ?? []).joined(separator: "+") }
      return "\(frames.joined(separator: " < ")) \(sample.numbers(2)) \(labels.joined(separator: " "))"
    }
    #expect(
      samples.sorted() == [
        "[unknown] [1, 10000000] thread=worker-0 role=worker activity=awake",
        "forward < run [1, 10000000] thread=worker-1 role=worker activity=awake",
        "multiply+forward < run [3, 30000000] thread=worker-0 role=worker activity=awake",
        "wait;all < run [3, 30000000] thread=worker-1 role=worker state=idle activity=asleep",
      ])
    #expect(text(message.message(3)?.number(5)) == "/bin/program")
    #expect(message.number(9) == 1_000_000_000_000 && message.number(12) == 10_000_000)
    #expect(message.numbers(13).map(text).contains("planted"))
    let line = message.messages(4).flatMap { $0.messages(4) }.compactMap { $0.number(2) }
    #expect(Set(line) == [12], "lines that are known, and no others")
  }

  @Test("the gzip file is one, and holds the profile")
  func gzip() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Data(export().pprof()), to: "profile.gz")
    let unpacked = try run(
      URL(filePath: "/usr/bin/env"), ["gzip", "-d", directory.path("profile.gz")])
    #expect(unpacked.status == 0, "\(unpacked.stderr)")
    #expect(try Array(Data(contentsOf: directory.url.appending(path: "profile"))) == export().pprofMessage())
  }

  @Test("Firefox's tables hold together")
  func firefox() throws {
    let file = try JSONValue(parsing: export().firefox())
    let shared = try #require(file["shared"])
    for name in ["stackTable", "frameTable", "funcTable", "resourceTable", "nativeSymbols", "sources"] {
      let table = try #require(shared[name])
      for (column, values) in table.fields where column != "length" {
        #expect(values.elements.count == table["length"]?.integer, "\(name).\(column)")
      }
    }
    func strings(_ number: JSONValue?) -> String? {
      number?.integer.flatMap { shared["stringArray"]?[$0]?.text }
    }
    let thread = try #require(file["threads"]?[0])
    let stack = try #require(thread["samples"]?["stack"]?[0]?.integer)
    var names: [String] = []
    var node: Int? = stack
    while let current = node {
      let frame = shared["stackTable"]?["frame"]?[current]?.integer ?? 0
      let function = shared["frameTable"]?["func"]?[frame]?.integer ?? 0
      names.append(strings(shared["funcTable"]?["name"]?[function]) ?? "?")
      node = shared["stackTable"]?["prefix"]?[current]?.integer
    }
    #expect(names == ["multiply", "forward", "run"])
    #expect(strings(shared["resourceTable"]?["name"]?[0]) == "program")
    #expect(thread["samples"]?["weight"]?.elements == [.integer(2), .integer(1), .integer(1)])
    #expect(thread["samples"]?["stack"]?.elements.last == .null)
    #expect(thread["samples"]?["time"]?[0]?.number == 0.00002)
    #expect(file["meta"]?["interval"]?.number == 10 && file["meta"]?["startTime"]?.number == 1_000_000)
    let depths = shared["frameTable"]?["inlineDepth"]?.elements.compactMap(\.integer)
    #expect(depths?.max() == 1 && depths?.count(where: { $0 == 1 }) == 1)
  }

  @Test("a profile without samples is still a file of every format")
  func empty() throws {
    let profile = StackProfile(
      mode: .cpu, frequencyHz: 99,
      clock: SampleClock(ticksPerSecond: 1_000, originTicks: 0, originMonotonicNs: 0))
    let export = StackExport(profile, name: "none", startedAt: nil, wholeRun: false)
    #expect(export.folded().isEmpty)
    #expect(try JSONValue(parsing: export.speedscope())["profiles"] == .array([]))
    #expect(try JSONValue(parsing: export.firefox())["threads"] == .array([]))
    let message = try #require(WireMessage(export.pprofMessage()))
    #expect(message.messages(2).isEmpty && message.number(9) == nil && message.number(10) == nil)
    #expect(message.texts(6).contains("cpu"))
  }
}
