import HeadwayExport
import HeadwayTrace
import Testing

/// Random nestings of states, written as recorders write them, must come out as they were.
@Suite struct SliceNestingTests {
  struct Node: Equatable {
    var state: Int
    var start: Int64
    var end: Int64
    var depth: Int
    var inner: [Node]
  }

  /// A random tree of states between two instants; many begin and end together.
  private func tree(
    from start: Int64, to end: Int64, depth: Int, _ numbers: inout some RandomNumberGenerator
  ) -> [Node] {
    var nodes: [Node] = []
    var now = start
    // Now and then a state of no length has another one inside it.
    while (now < end || nodes.isEmpty && depth > 0 && Bool.random(using: &numbers)) && nodes.count < 3 {
      let begin =
        Bool.random(using: &numbers) ? now : min(end, now + Int64.random(in: 0...3, using: &numbers))
      let stop = Bool.random(using: &numbers) ? end : Int64.random(in: begin...end, using: &numbers)
      let inner = depth < 4 ? tree(from: begin, to: stop, depth: depth + 1, &numbers) : []
      nodes.append(
        Node(
          state: Int.random(in: 0..<5, using: &numbers), start: begin, end: stop, depth: depth, inner: inner))
      now = stop
    }
    return nodes
  }

  /// The records of a tree in the order in which a thread writes them.
  private func append(_ nodes: [Node], to trace: inout TraceBuilder, announcing: Bool) {
    for node in nodes {
      if announcing && !node.inner.isEmpty {
        trace.append(
          TraceRecord(
            start: UInt64(node.start), kind: .entered, detail: UInt8(node.depth), code: UInt16(node.state)),
          to: 0)
      }
      append(node.inner, to: &trace, announcing: announcing)
      trace.append(
        TraceRecord(
          start: UInt64(node.start), duration: UInt64(node.end - node.start), kind: .state,
          detail: UInt8(node.depth), code: UInt16(node.state)), to: 0)
    }
  }

  private func flat(_ nodes: [Node]) -> [PerfettoTraceTests.Viewed.Slice] {
    nodes.flatMap { node in
      [
        .init(
          track: "thread", name: "state-\(node.state)", from: UInt64(node.start), to: UInt64(node.end),
          depth: node.depth)
      ] + flat(node.inner)
    }
  }

  @Test("a viewer sees the states as they nested", arguments: [true, false])
  func nesting(announcing: Bool) throws {
    var numbers = SeededNumbers(state: 7)
    for round in 0..<300 {
      let nodes = tree(from: 0, to: 40, depth: 0, &numbers)
      var builder = TraceBuilder(
        origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, processID: 1,
        chunkBytes: 256)
      _ = builder.add(RecordedThread(name: "thread", role: nil, processID: 1, threadID: ThreadID(1)))
      for state in 0..<5 { _ = builder.add(StateDefinition(name: "state-\(state)", category: .useful)) }
      append(nodes, to: &builder, announcing: announcing)
      let reader = try TraceReader(
        bytes: builder.finished(at: ClockSync(ticks: 100, monotonicNs: 100)), file: "tree")
      var bytes: [UInt8] = []
      let notes = try PerfettoTrace(reader: reader, processName: "p", memory: nil).write { bytes += $0 }
      #expect(notes.sentences.isEmpty)
      let seen = try PerfettoTraceTests.Viewed(bytes).slices
      func order(_ slices: [PerfettoTraceTests.Viewed.Slice]) -> [String] {
        slices.map { "\($0.from)…\($0.to ?? 0) \($0.depth) \($0.name)" }.sorted()
      }
      #expect(order(seen) == order(flat(nodes)), "round \(round)")
    }
  }

  @Test("a state whose end was lost ends where something tells that it is over")
  func lostEnd() throws {
    var builder = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, processID: 1)
    _ = builder.add(RecordedThread(name: "thread", role: nil, processID: 1, threadID: ThreadID(1)))
    for name in ["outer", "inner"] { _ = builder.add(StateDefinition(name: name, category: .useful)) }
    builder.append(TraceRecord(start: 10, kind: .entered, code: 0), to: 0)
    builder.append(TraceRecord(start: 20, kind: .entered, detail: 1, code: 1), to: 0)
    builder.append(TraceRecord(start: 10, duration: 40, kind: .state, code: 0), to: 0)
    let reader = try TraceReader(
      bytes: builder.finished(at: ClockSync(ticks: 100, monotonicNs: 100)), file: "lost")
    var bytes: [UInt8] = []
    let notes = try PerfettoTrace(reader: reader, processName: "p", memory: nil).write { bytes += $0 }
    #expect(notes.sentences == ["1 state has no recorded end and is drawn as far as is known"])
    #expect(
      try PerfettoTraceTests.Viewed(bytes).slices == [
        .init(track: "thread", name: "outer", from: 10, to: 50, depth: 0),
        .init(track: "thread", name: "inner", from: 20, to: 50, depth: 1),
      ])
  }
}

/// A small generator of numbers: SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
