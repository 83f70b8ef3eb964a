import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Perfetto traces of planted recordings, taken apart by field number.
@Suite struct PerfettoTraceTests {
  /// A trace put together from its packets, as a viewer would: events in the order of time, of equal time in
  /// that of the file.
  struct Viewed {
    struct Slice: Equatable {
      var track: String
      var name: String
      var from: UInt64
      var to: UInt64?
      var depth: Int
    }

    var packets: [WireMessage]
    var tracks: [UInt64: WireMessage] = [:]
    var names: [UInt64: String] = [:]
    var annotations: [UInt64: String] = [:]
    var categories: [UInt64: String] = [:]
    var slices: [Slice] = []
    var events: [(time: UInt64, event: WireMessage)] = []

    init(_ bytes: [UInt8]) throws {
      packets = try #require(WireMessage(bytes)).messages(1)
      for packet in packets {
        if let track = packet.message(60), let number = track.number(1) { tracks[number] = track }
        guard let interned = packet.message(12) else { continue }
        func table(_ field: Int) -> [UInt64: String] {
          interned.messages(field).reduce(into: [:]) { $0[$1.number(1) ?? 0] = $1.text(2) }
        }
        (categories, names, annotations) = (table(1), table(2), table(3))
      }
      let timed = packets.enumerated().compactMap { index, packet in
        packet.message(11).map { (time: packet.number(8) ?? 0, index: index, event: $0) }
      }
      events = timed.sorted { ($0.time, $0.index) < ($1.time, $1.index) }.map { ($0.time, $0.event) }
      var open: [UInt64: [Int]] = [:]
      for (time, event) in events {
        let track = event.number(11) ?? 0
        switch event.number(9) {
        case 1:
          let name = names[event.number(10) ?? 0] ?? "?"
          let depth = open[track]?.count ?? 0
          open[track, default: []].append(slices.count)
          slices.append(Slice(track: self.name(of: track), name: name, from: time, to: nil, depth: depth))
        case 2:
          let index = open[track]?.popLast()
          slices[try #require(index, "an end has its begin")].to = time
        default: break
        }
      }
    }

    func name(of track: UInt64) -> String {
      let node = tracks[track]
      return node?.message(4)?.text(5) ?? node?.message(3)?.text(6) ?? node?.text(2) ?? "?"
    }

    func counter(_ name: String) -> [UInt64] {
      events.filter { $0.event.number(9) == 4 && self.name(of: $0.event.number(11) ?? 0) == name }
        .compactMap { $0.event.number(30) }
    }
  }

  private func export(_ reader: TraceReader, memory: MemorySamples? = PlantedTrace.memory) throws
    -> (bytes: [UInt8], notes: ExportNotes)
  {
    var bytes: [UInt8] = []
    let notes = try PerfettoTrace(reader: reader, processName: "planted", memory: memory).write {
      bytes += $0
    }
    return (bytes, notes)
  }

  @Test("states nest as they were, announced or not", arguments: [true, false])
  func slices(announcing: Bool) throws {
    let view = try Viewed(export(PlantedTrace.reader(announcing: announcing)).bytes)
    let expected: [Viewed.Slice] = [
      .init(track: "planted", name: "measured window", from: 1_100, to: 1_900, depth: 0),
      .init(track: "worker-0", name: "forward", from: 1_100, to: 1_400, depth: 0),
      .init(track: "worker-0", name: "attend \"all\"", from: 1_100, to: 1_200, depth: 1),
      .init(track: "worker-1", name: "forward", from: 1_100, to: 1_300, depth: 0),
      .init(track: "steps of worker-0", name: "step", from: 1_100, to: 1_900, depth: 0),
      .init(track: "waits of worker-0", name: "end", from: 1_580, to: 1_600, depth: 0),
      .init(track: "waits of worker-0", name: "wake-up", from: 1_590, to: 1_600, depth: 1),
      .init(track: "waits of worker-1", name: "wake-up", from: 1_590, to: 1_650, depth: 1),
      .init(track: "waits of worker-1", name: "end", from: 1_300, to: 1_650, depth: 0),
      .init(track: "operations of worker-1", name: "pop", from: 1_660, to: 1_670, depth: 0),
      .init(track: "waits of worker-1", name: "queue", from: 1_700, to: 1_800, depth: 0),
    ]
    #expect(view.slices.count == expected.count)
    for slice in expected { #expect(view.slices.contains(slice), "\(slice) in \(view.slices)") }
  }

  @Test("every event is on a declared track, with the clock and the interned names in front")
  func structure() throws {
    let view = try Viewed(export(PlantedTrace.reader()).bytes)
    let clock = try #require(view.packets.first?.message(6))
    #expect(clock.message(1)?.number(1) == 3 && clock.message(1)?.number(2) == 1_000 && clock.number(2) == 3)
    #expect(view.packets[1].number(13) == 1 && view.packets[1].message(59)?.number(58) == 3)
    #expect(view.packets.allSatisfy { $0.number(10) == 1 })
    #expect(view.events.allSatisfy { view.tracks[$0.event.number(11) ?? 0] != nil })
    #expect(Set(view.categories.values) == Set(StateCategory.allCases.map(\.rawValue)))
    let threads = view.tracks.values.compactMap { $0.message(4) }
    #expect(threads.compactMap { $0.number(2) }.sorted() == [43, 44])
    let process = try #require(view.tracks.first { $0.value.message(3) != nil })
    #expect(process.value.message(3)?.number(1) == 42)
    for track in view.tracks.values where track.message(4) != nil {
      #expect(track.number(5) == process.key, "a thread lies below its process")
    }
  }

  @Test("the flow of an episode leads from the last arriver to the waiter")
  func flows() throws {
    let view = try Viewed(export(PlantedTrace.reader()).bytes)
    let sources = view.events.filter { $0.event.number(47) != nil }
    let sinks = view.events.filter { $0.event.number(48) != nil }
    #expect(sources.count == 1 && sinks.count == 1)
    let (source, sink) = try (#require(sources.first), #require(sinks.first))
    #expect(source.event.numbers(47) == sink.event.numbers(48) && source.time < sink.time)
    #expect(view.name(of: source.event.number(11) ?? 0) == "waits of worker-0")
    #expect(view.name(of: sink.event.number(11) ?? 0) == "waits of worker-1")
    let waits = view.events.filter { $0.event.messages(4).count == 2 && $0.time == 1_650 }
    let parts = try #require(waits.first).event.messages(4).reduce(into: [String: UInt64]()) {
      $0[view.annotations[$1.number(1) ?? 0] ?? "?"] = $1.number(4)
    }
    #expect(parts == ["imbalance_ns": 290, "wakeup_ns": 60])
  }

  @Test("counters hold the counts so far, and what was not read has no value")
  func counters() throws {
    let view = try Viewed(export(PlantedTrace.reader()).bytes)
    #expect(view.counter("tasks of worker-0") == [1] && view.counter("tokens of worker-0") == [32])
    #expect(view.counter("tasks of worker-1").isEmpty)
    #expect(view.counter("resident memory") == [4_096, 8_192] && view.counter("heap in use") == [1_024])
    #expect(view.counter("swap").isEmpty)
    let bare = try Viewed(export(PlantedTrace.reader(), memory: nil).bytes)
    #expect(bare.counter("resident memory").isEmpty)
  }

  @Test("what is missing is said")
  func notes() throws {
    let whole = try export(PlantedTrace.reader()).notes
    #expect(whole.sentences == ["2 events were not recorded for want of room in the trace"])
    var builder = PlantedTrace.builder()
    builder.append(TraceRecord(start: 950, kind: .entered, code: 0), to: 0)
    builder.append(TraceRecord(start: 960, duration: 1, kind: .wait, code: 99), to: 0)
    let cut = try export(TraceReader(bytes: builder.unfinished(), file: "cut")).notes
    #expect(cut.sentences.contains { $0.hasPrefix("1 state has no recorded end") })
    #expect(cut.sentences.contains { $0.hasPrefix("1 record names nothing") })
    #expect(cut.sentences.contains { $0.contains("cut off") })
  }

  @Test("a long trace is handed out in bounded pieces")
  func pieces() throws {
    var builder = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, processID: 1)
    let thread = builder.add(
      RecordedThread(name: "worker", role: .worker, processID: 1, threadID: ThreadID(1)))
    let state = builder.add(StateDefinition(name: "work", category: .useful))
    let count = 20_000
    for index in 0..<UInt64(count) {
      builder.append(TraceRecord(start: index * 10, duration: 9, kind: .state, code: state), to: thread)
    }
    let reader = try TraceReader(
      bytes: builder.finished(at: ClockSync(ticks: 1 << 20, monotonicNs: 1 << 20)), file: "long")
    var longest = 0
    var bytes: [UInt8] = []
    _ = try PerfettoTrace(reader: reader, processName: "long", memory: nil).write {
      longest = max(longest, $0.count)
      bytes += $0
    }
    #expect(longest < 1 << 19 && bytes.count > 3 * longest)
    #expect(try Viewed(bytes).slices.count == count)
  }
}
