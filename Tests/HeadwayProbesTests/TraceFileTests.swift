import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("The trace of a running process", .serialized)
struct TraceFileTests {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path("trace.hwtrace")
  }

  @Test("events and accumulators tell the same story")
  func agreement() throws {
    let probe = try RecordingProbe(level: .events, traceURL: path, budgetBytes: 4 << 20)
    let outer = probe.state(.useful("outer"))
    let inner = probe.state(.useful("inner"))
    let barrier = probe.site(SiteDefinition(name: "end", kind: .barrier))
    let queue = probe.site(SiteDefinition(name: "queue", kind: .queueEmpty))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for index in 0..<500 {
      let start = main.now()
      main.enter(outer)
      main.enter(inner)
      main.span(inner, from: main.begin())
      main.leave()
      let arrival = main.now()
      let release = main.now()
      main.crossed(
        barrier, generation: UInt32(index), arrival: arrival, release: release, departure: main.now(),
        wasLast: index % 3 == 0)
      main.waited(queue, from: start, to: arrival)
      main.leave()
      main.step(index, from: start)
    }
    probe.closeWindow()
    let accounts = try #require(probe.accounts().threads.first)
    probe.retire(main)
    try probe.finish()

    let trace = try TraceFile.read(path)
    #expect(trace.isFinished && !trace.isTruncated && trace.undefinedRecords == 0)
    #expect(trace.losses.eventsDropped == 0)
    #expect(trace.threads.map(\.name) == ["main"] && trace.threads[0].threadID == accounts.threadID)
    #expect(trace.states.map(\.name) == ["outer", "inner", "trace.chunk"])
    #expect(trace.operations.count == 500 && trace.steps.map(\.index) == Array(0..<500))
    #expect(trace.stretches.count == 1 && trace.stretches[0].ended != nil)

    func total(_ intervals: [Nanoseconds]) -> Double { intervals.reduce(0) { $0 + $1.seconds } }
    func close(_ left: Double, _ right: Double) -> Bool {
      abs(left - right) <= 0.001 * max(left, right) + 1e-6
    }
    let outerWall = total(trace.spans.filter { $0.state == 0 }.map { $0.end - $0.start })
    let innerWall = total(trace.spans.filter { $0.state == 1 }.map { $0.end - $0.start })
    // A chunk is changed where the last one is full: outside of both, or inside one of them.
    func changes(_ depth: Int) -> [StateSpan] { trace.spans.filter { $0.state == 2 && $0.depth == depth } }
    func wall(_ depth: Int) -> Double { total(changes(depth).map { $0.end - $0.start }) }
    func cpu(_ spans: [StateSpan]) -> Int64 { spans.reduce(0) { $0 + $1.cpuNs.count } }
    #expect(close(innerWall - wall(2), try #require(accounts.states["inner"]).wallNs.seconds))
    #expect(close(outerWall - innerWall - wall(1), try #require(accounts.states["outer"]).wallNs.seconds))
    #expect(
      cpu(trace.spans.filter { $0.state == 1 }) - cpu(changes(2)) == accounts.states["inner"]?.cpuNs.count)
    let chunks = try #require(accounts.states["trace.chunk"])
    #expect(chunks.definition.category == .selfCost && chunks.count == trace.spans.count { $0.state == 2 })
    #expect(chunks.count >= 1, "more events than a chunk holds")
    #expect(close(wall(0) + wall(1) + wall(2), chunks.wallNs.seconds))
    let site = try #require(accounts.barriers["end"])
    #expect(trace.crossings.count == site.episodes && site.episodes == 500)
    #expect(trace.crossings.count { $0.wasLast } == site.lastArrivals)
    #expect(close(total(trace.crossings.map { $0.departure - $0.arrival }), site.waitNs.seconds))
    #expect(close(total(trace.crossings.map { $0.release - $0.arrival }), site.imbalanceNs.seconds))
    let wait = try #require(accounts.waits["queue"])
    #expect(trace.waits.count == wait.count)
    #expect(close(total(trace.waits.map { $0.end - $0.start }), wait.waitNs.seconds))
    let window = try #require(trace.window)
    let end = try #require(window.end)
    #expect(close((end - window.begin).seconds, accounts.presentNs.seconds))
    #expect(trace.spans.allSatisfy { $0.start >= window.begin && $0.end <= end })
  }

  @Test("what a killed process had recorded is there")
  func killed() throws {
    let probe = try RecordingProbe(level: .events, tracePath: path, budgetBytes: 1 << 20, chunkBytes: 4_096)
    let state = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    for done in 1...1_000 {
      main.enter(state)
      main.leave()
      guard done % 250 == 1 else { continue }
      // A reader of the file sees what a killed process would have left: nothing is flushed or closed.
      let trace = try TraceFile.read(path)
      #expect(trace.spans.count { $0.state == 0 } == done && !trace.isFinished && !trace.isTruncated)
      #expect(trace.stretches.count == 1 && trace.stretches[0].ended == nil)
    }
    probe.retire(main)
  }

  @Test("a spent budget loses events, counts them, and leaves the totals exact")
  func tinyBudget() throws {
    // Room for one chunk of 4096 bytes: 170 records, of which the first is the clocks'.
    let probe = try RecordingProbe(
      level: .events, tracePath: path, budgetBytes: TraceFormat.firstChunk + 4_096, chunkBytes: 4_096)
    let state = probe.state(.useful("work"))
    let site = probe.site(SiteDefinition(name: "end", kind: .barrier))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for _ in 0..<300 {
      main.enter(state)
      main.leave()
    }
    main.crossed(
      site, generation: 1, arrival: main.now(), release: main.now(), departure: main.now(), wasLast: true)
    probe.closeWindow()
    let accounts = probe.accounts()
    let thread = try #require(accounts.threads.first)
    #expect(thread.states["work"]?.count == 300 && thread.barriers["end"]?.episodes == 1)
    #expect(thread.states.values.reduce(Nanoseconds.zero) { $0 + $1.wallNs } == accounts.windowNs)
    // 169 places, one of them for the registration.
    #expect(accounts.losses.eventsDropped == 300 - 168 + 1)
    #expect(try TraceFile.read(path).losses.eventsDropped == 300 - 168 + 1)
    try probe.finish()
    let trace = try TraceFile.read(path)
    #expect(trace.spans.count == 168 && trace.losses.eventsDropped == 300 - 168 + 1)
    #expect(probe.traceBytes == TraceFormat.firstChunk + 4_096)
  }

  @Test("a budget without room for a chunk keeps the definitions")
  func noBudget() throws {
    let probe = try RecordingProbe(level: .events, traceURL: path, budgetBytes: 0)
    let state = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    main.enter(state)
    main.leave()
    try probe.finish()
    main.enter(state)
    main.leave()
    let trace = try TraceFile.read(path)
    #expect(trace.states.first == .useful("work") && trace.spans.isEmpty)
    #expect(trace.losses.eventsDropped == 2 && trace.isFinished)
    #expect(probe.accounts().losses.eventsDropped == 2)
  }

  @Test("events after the end of the trace are ignored, and the end may come twice")
  func afterFinish() throws {
    let probe = try RecordingProbe(level: .events, traceURL: path, budgetBytes: 1 << 20)
    let state = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    main.enter(state)
    main.leave()
    try probe.finish()
    let size = try Data(contentsOf: URL(filePath: path)).count
    for _ in 0..<10_000 {
      main.enter(state)
      main.leave()
    }
    let late = probe.register(name: "late", role: .worker)
    late.enter(state)
    late.leave()
    try probe.finish()
    #expect(try Data(contentsOf: URL(filePath: path)).count == size)
    #expect(size == TraceFormat.firstChunk + 16 + 3 * 24)
    #expect(try TraceFile.read(path).spans.count == 1)
  }

  @Test("threads write side by side, and a row goes on under its next thread")
  func threads() throws {
    let probe = try RecordingProbe(level: .events, tracePath: path, budgetBytes: 4 << 20, chunkBytes: 4_096)
    let state = probe.state(.useful("work"))
    for _ in 0..<2 {
      let gates = (0..<4).map { worker in
        let done = EventGate()
        Thread.detachNewThread {
          let handle = probe.register(name: "worker-\(worker)", role: .worker)
          for _ in 0..<400 {
            handle.enter(state)
            handle.leave()
          }
          probe.retire(handle)
          done.open()
        }
        return done
      }
      for gate in gates { #expect(gate.wait()) }
    }
    try probe.finish()
    let trace = try TraceFile.read(path)
    let work = trace.spans.filter { $0.state == 0 }
    #expect(trace.threads.count == 4 && work.count == 3_200 && trace.stretches.count == 8)
    for thread in 0..<4 {
      let spans = work.filter { $0.thread == thread }
      #expect(spans.count == 800)
      #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start })
      let stretches = trace.stretches.filter { $0.thread == thread }
      #expect(stretches.count == 2 && stretches.allSatisfy { $0.ended != nil })
      #expect(
        spans.allSatisfy { span in
          stretches.contains { $0.began <= span.start && span.end <= ($0.ended ?? $0.began) }
        })
    }
  }

  @Test("a place that cannot be written is named in the error")
  func unwritable() {
    let missing = directory.path("no/such/folder/trace.hwtrace")
    #expect {
      _ = try RecordingProbe(level: .events, traceURL: missing, budgetBytes: 1 << 20)
    } throws: { error in
      "\(error)".hasPrefix("\(missing): the trace cannot be created (No such file or directory); ")
    }
    #expect(throws: InputError.self) {
      _ = try RecordingProbe(level: .events, traceURL: nil, budgetBytes: 1 << 20)
    }
    #expect {
      _ = try TraceFile.read(missing)
    } throws: { error in
      "\(error)".hasPrefix("\(missing): the trace cannot be opened (No such file or directory); ")
    }
  }
}
