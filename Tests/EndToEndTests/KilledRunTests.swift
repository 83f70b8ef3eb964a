import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What is left of a run that was killed, or that had no room for its trace: the real binary throughout.
@Suite(.serialized) struct KilledRunTests {
  private func summary(_ place: Workplace, _ directory: String = "run") throws -> RunSummary {
    let outcome = try place.headway(["report", directory, "--json"])
    try #require(outcome.status == 0, "\(outcome.stderr)")
    return try HeadwayJSON.decode(RunSummary.self, from: Data(outcome.stdout.utf8), subject: "report")
  }

  private func size(_ place: Workplace, _ path: String) -> Int {
    let facts = try? FileManager.default.attributesOfItem(atPath: place.url(path).path)
    return (facts?[.size] as? Int) ?? 0
  }

  @Test("a run killed at any moment leaves a report that says it is partial", .timeLimit(.minutes(3)))
  func killed() throws {
    let place = try Workplace()
    let child = try place.start(
      ["train", "--corpus", "text", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=1000000000", "--set", "threads=2", "--set", "probe=events"])
    // The event: more chunks than the threads claim at their start.
    while size(place, "run/trace.hwtrace") < 16 * 65_536 {
      #expect(child.isRunning)
      sched_yield()
      try Task.checkCancellation()
    }
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
    #expect(child.terminationReason == .uncaughtSignal && !place.exists("run/summary.json"))

    let shown = try place.headway(["report", "run"])
    #expect(shown.status == 0 && shown.stdout.contains("Partial"), "\(shown.stderr)")
    #expect(shown.stdout.contains("partial") && shown.stdout.contains("work_end"))
    let summary = try summary(place)
    #expect(summary.partial == true && !summary.completed && summary.throughput.steps > 10)
    #expect((summary.throughput.tokensPerSecond ?? 0) > 0 && summary.configuration?.threads == 2)
    let books = try #require(summary.books)
    #expect(books.closureError < 0.001 && books.threadCount == 3)
    let workers = summary.threads.filter { $0.role == .worker }
    #expect(workers.allSatisfy { $0.tasks > 0 && ($0.states["forward"]?.wallNs.count ?? 0) > 0 })
    #expect(summary.barriers.contains { $0.site == "work_end" && ($0.spreadNs?.count ?? 0) > 10 })

    // A damaged header is refused in words.
    let trace = place.url("run/trace.hwtrace")
    var bytes = try Data(contentsOf: trace)
    bytes[0] = 0
    try bytes.write(to: trace)
    let refused = try place.headway(["report", "run"])
    #expect(refused.status == 1 && refused.stderr.contains("this is not a Headway trace"))
  }

  @Test("a damaged trace beside a good summary is said in the forty lines too", .timeLimit(.minutes(3)))
  func damagedTrace() throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "run", "--quiet"] + Workplace.smallModel
        + ["--set", "steps=4", "--set", "probe=events"])
    try #require(run.status == 0, "\(run.stderr)")
    #expect(!(try place.headway(["report", "run"])).stdout.contains("there is no timeline"))
    try place.write("no trace", to: "run/trace.hwtrace")
    for options in [[], ["--full"]] {
      let shown = try place.headway(["report", "run"] + options)
      let sayings = shown.stdout.components(separatedBy: "there is no timeline").count - 1
      #expect(shown.status == 0 && sayings == 1, "\(shown.stdout)\(shown.stderr)")
    }
  }

  @Test("a run of the shipped engine reads the same from its trace", arguments: ["barrier", "queue"])
  func sameFromTrace(scheduling: String) throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "run", "--quiet"] + Workplace.smallModel
        + ["--set", "steps=40", "--set", "threads=2", "--set", "probe=events", "--set", "prefetch=1"]
        + ["--set", "scheduling=\(scheduling)"])
    try #require(run.status == 0, "\(run.stderr)")
    let exact = try summary(place)
    try FileManager.default.removeItem(at: place.url("run/summary.json"))
    let traced = try summary(place)
    let window = Double(try #require(exact.books).wallNs.count)
    #expect(traced.throughput.steps == 40 && traced.completed)
    #expect(traced.threads.map(\.name) == exact.threads.map(\.name))
    for (thread, twin) in zip(exact.threads, traced.threads) {
      #expect(thread.tasks == twin.tasks && thread.tokens == twin.tokens)
      for (name, state) in thread.states {
        let other = twin.states[name]
        #expect(abs(Double((other?.wallNs ?? .zero).count - state.wallNs.count)) <= 0.001 * window, "\(name)")
        // The CPU time between states is in no record.
        if name == "unattributed" { continue }
        #expect(abs(Double((other?.cpuNs ?? .zero).count - state.cpuNs.count)) <= 0.01 * window, "\(name)")
      }
    }
    for (site, twin) in zip(exact.barriers, traced.barriers) {
      #expect(
        site.site == twin.site && site.episodes == twin.episodes && site.lastArrivals == twin.lastArrivals)
      #expect(site.spreadNs?.count == twin.spreadNs?.count && site.spreadNs?.count == site.episodes)
      #expect(abs(Double((site.waitNs - twin.waitNs).count)) <= 0.001 * Double(site.waitNs.count) + 1_000)
    }
    for (site, twin) in zip(exact.waits, traced.waits) {
      #expect(site.site == twin.site && site.waits == twin.waits && site.kind == twin.kind)
    }
  }

  @Test("a limit on the size of files, and a small budget, stop the events and nothing else")
  func noRoomForEvents() throws {
    let place = try Workplace()
    let built = try place.headway([
      "corpus", "build", "text", "--output", "built", "--vocabulary-size", "300",
    ])
    try #require(built.status == 0, "\(built.stderr)")
    let binary = try Workplace.binary().path
    let arguments =
      ["train", "--corpus", "built", "--quiet", "--run-directory"]
    let settings =
      Workplace.smallModel + ["--set", "steps=400", "--set", "threads=2", "--set", "probe=events"]
    // 256 kB: the header and a chunk for each of the three threads.
    let limited = try place.run(
      "/bin/bash",
      ["-c", "ulimit -f 256 && exec \"$0\" \"$@\"", binary] + arguments + ["limited"] + settings)
    try #require(limited.status == 0, "\(limited.stderr)")
    let small = try place.headway(arguments + ["small"] + settings + ["--set", "trace_budget_bytes=262144"])
    try #require(small.status == 0, "\(small.stderr)")
    for directory in ["limited", "small"] {
      let summary = try summary(place, directory)
      #expect(summary.completed && summary.losses.eventsDropped > 0, "\(directory)")
      #expect(summary.warnings.contains { $0.contains("events were dropped") })
      #expect((summary.books?.closureError ?? 1) < 0.001)
      let workers = summary.threads.filter { $0.role == .worker }
      #expect(workers.map(\.tasks).reduce(0, +) == 400 * (summary.configuration?.batchesPerStep ?? 0))
      #expect(size(place, "\(directory)/trace.hwtrace") <= 262_144)
      #expect(summary.barriers.first?.spreadNs?.count == summary.barriers.first?.episodes)
    }
    let losses = try ["limited", "small"].map { try summary(place, $0).loss?.trainBitsHash }
    #expect(losses[0] == losses[1] && losses[0] != nil, "the training did not notice")
  }
}
