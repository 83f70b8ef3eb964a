import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Chrome's trace events of a planted recording.
@Suite struct ChromeTraceTests {
  private func events() throws -> [JSONValue] {
    var bytes: [UInt8] = []
    _ = try ChromeTrace(
      reader: PlantedTrace.reader(), processName: "planted", memory: PlantedTrace.memory
    ).write { bytes += $0 }
    return try JSONValue(parsing: bytes)["traceEvents"]?.elements ?? []
  }

  @Test("states, operations and steps are complete events in microseconds")
  func slices() throws {
    let slices = try events().filter { $0["ph"]?.text == "X" }
    #expect(
      slices.compactMap { $0["name"]?.text }.sorted()
        == ["attend \"all\"", "forward", "forward", "pop", "step"])
    let forward = try #require(slices.first { $0["name"]?.text == "forward" && $0["tid"]?.integer == 1 })
    #expect(forward["ts"]?.number == 0.1 && forward["dur"]?.number == 0.3)
    #expect(forward["cat"]?.text == "useful" && forward["args"]?["cpu_ns"]?.integer == 250)
    #expect(forward["pid"]?.integer == 42)
  }

  @Test("the flow of an episode leads from the last arriver into the waiter's state")
  func flows() throws {
    let all = try events()
    let sources = all.filter { $0["ph"]?.text == "s" }
    let sinks = all.filter { $0["ph"]?.text == "f" }
    #expect(sources.count == 1 && sinks.count == 1)
    #expect(sources.first?["id"] == sinks.first?["id"] && sources.first?["cat"] == sinks.first?["cat"])
    #expect(sources.first?["name"] == sinks.first?["name"] && sinks.first?["bp"]?.text == "e")
    #expect(sources.first?["tid"]?.integer == 1 && sinks.first?["tid"]?.integer == 2)
    #expect(sources.first?["ts"]?.number == 0.58 && sinks.first?["ts"]?.number == 0.65)
  }

  @Test("rows have names, and counters only the values that were read")
  func rows() throws {
    let all = try events()
    let names = all.filter { $0["name"]?.text == "thread_name" }.compactMap { $0["args"]?["name"]?.text }
    #expect(names == ["worker-0", "worker-1"])
    let memory = all.filter { $0["ph"]?.text == "C" && $0["name"]?.text == "resident memory" }
    #expect(memory.compactMap { $0["args"]?["bytes"]?.integer } == [4_096, 8_192])
    #expect(!all.contains { $0["name"]?.text == "swap" })
    #expect(all.contains { $0["ph"]?.text == "C" && $0["args"]?["tasks"]?.integer == 1 })
  }
}
