import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The watchdog of the real binary: silent over sound runs, and heard when a run stands still.
@Suite(.serialized) struct WatchdogTests {
  /// The causes that a sound run has none of.
  private static let causes = ["livelock", "deadlock", "starvation", "attrition", "hogging"]

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      ["threads=2", "scheduling=queue", "steps=400"], ["threads=1"], ["threads=63"],
      ["threads=63", "scheduling=queue", "batches_per_step=64", "steps=20"],
      ["threads=3", "thread_lifetime=per_epoch", "batches_per_step=8", "steps=700"],
    ])
  func aSoundRunHasNoStall(settings: [String]) throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run", "--watchdog", "1"]
        + ["--on-stall", "abort"] + Workplace.smallModel + ["--set", "steps=60"]
        + settings.flatMap { ["--set", $0] })
    try #require(run.status == 0, "\(run.stderr)")
    #expect(!run.stderr.lowercased().contains("stall"), "\(run.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
    #expect(summary.stalls == [], "it was watched")
    #expect(!summary.findings.contains { Self.causes.contains($0.cause) }, "\(summary.findings)")
    #expect(!place.exists("run/stall-1.json"))
    let own = try #require(summary.threads.first { $0.name == "watchdog" })
    #expect(own.role == .sampler && own.time(.selfCost) == own.wallNs)
    #expect(summary.threads.allSatisfy { $0.tasksPerSecond != nil && $0.tokensPerSecond != nil })
    #expect((summary.throughput.stepsPerSecond ?? 0) > 0)
    let workers = summary.threads.filter { $0.role == .worker }
    #expect(workers.allSatisfy { ($0.progress?.tasks.reduce(0, +) ?? 0) == $0.tasks })
  }

  @Test(.timeLimit(.minutes(3)))
  func theWatchdogCanBeTurnedOff() throws {
    let place = try Workplace()
    for settings in [["watchdog_seconds=0"], ["probe=off"]] {
      let run = try place.headway(
        ["train", "--corpus", "text", "--json"] + Workplace.smallModel + ["--set", "steps=4"]
          + settings.flatMap { ["--set", $0] })
      try #require(run.status == 0, "\(run.stderr)")
      let summary = try HeadwayJSON.decode(
        RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
      #expect(summary.stalls == nil && !summary.threads.contains { $0.name == "watchdog" })
    }
  }

  @Test(arguments: [["--watchdog", "soon"], ["--watchdog", "-1"], ["--on-stall", "panic"]])
  func aBadValueIsMisuse(arguments: [String]) throws {
    let run = try Workplace().headway(["train", "--corpus", "text"] + arguments)
    #expect(run.status == 64, "\(run.stderr)")
    #expect(run.stderr.contains(arguments[0]))
  }

  /// A worker that another process holds, as a debugger does, stalls the real run for good.
  @Test(
    .enabled("a thread of another process can be held") { Tracer.isAllowed }, .timeLimit(.minutes(3)))
  func aStalledRunIsAbortedWithOneSentence() throws {
    let place = try Workplace()
    let child = Process()
    child.executableURL = try Workplace.binary()
    child.arguments =
      ["train", "--corpus", "text", "--run-directory", "run", "--watchdog", "1", "--on-stall", "abort"]
      + Workplace.smallModel + ["--set", "steps=1000000000", "--set", "barrier=futex"]
    child.currentDirectoryURL = place.directory.url
    try place.write("", to: "complaints")
    let complaints = try FileHandle(forWritingTo: place.url("complaints"))
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = FileHandle.nullDevice
    child.standardError = complaints
    try child.run()
    let worker = try Tracer.busyThread(named: "worker-0", of: child.processIdentifier)
    let held = Tracer.hold(worker)
    #expect(held, "the worker stands")
    if !held { child.terminate() }
    // The watchdog ends the process, and with it the held thread.
    Tracer.awaitEnd(of: worker)
    child.waitUntilExit()
    #expect(child.terminationReason == .exit && child.terminationStatus == 1)

    let said = try String(contentsOf: place.url("complaints"), encoding: .utf8)
    #expect(said.contains("Stall 1: nothing was completed for"), "\(said)")
    let last = try #require(said.split(separator: "\n").last)
    #expect(
      last.hasPrefix("headway: watchdog: nothing was completed for 1 s (deadlock); read run/stall-1.txt"))
    let stall = try HeadwayJSON.decode(
      StallReport.self, from: try Data(contentsOf: place.url("run/stall-1.json")), subject: "stall-1.json")
    #expect(stall.verdict == .deadlock && stall.steps > 0 && stall.tasks > 0)
    let thread = try #require(stall.threads.first { $0.name == "worker-0" })
    #expect(thread.thread.rawValue == worker && thread.kernelState == "t" && thread.path?.isEmpty == false)
    #expect(thread.stack == nil, "it is held and cannot answer")
    for name in ["main", "worker-1"] {
      let stack = try #require(stall.threads.first { $0.name == name }?.stack, "\(name)")
      #expect(stack.contains { $0.hasSuffix("  headway") } && stack.last?.hasPrefix("[") == false, "\(stack)")
    }
    let text = try String(contentsOf: place.url("run/stall-1.txt"), encoding: .utf8)
    #expect(text.contains("Stack of worker-1") && text.contains("the stack of 1 of "), "\(text)")

    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: try Data(contentsOf: place.url("run/summary.json")), subject: "summary.json")
    #expect(!summary.completed && summary.stalls == [stall] && summary.books == nil)
    #expect(summary.throughput.steps > 0 && summary.loss?.train.count == summary.throughput.steps)
    #expect(summary.findings.map(\.cause) == ["deadlock"])
    let trace = [UInt8](try Data(contentsOf: place.url("run/trace.hwtrace")))
    let reader = try TraceReader(file: "trace.hwtrace", byteCount: trace.count) { offset, count in
      Array(trace[min(offset, trace.count)..<min(offset + count, trace.count)])
    }
    #expect(!reader.isFinished && reader.threads.contains { $0.name == "worker-0" })
    let report = try place.headway(["report", "run"])
    #expect(report.status == 0 && report.stdout.contains("Deadlock"), "\(report.stderr)")
  }
}

/// Holding a thread of another process with `ptrace`, from one thread throughout: the kernel wants that.
private enum Tracer {
  // Swift does not import the variadic function; on the machines that Headway runs on its arguments are
  // passed like any other's.
  private typealias Trace = @convention(c) (Int, Int32, Int, Int) -> Int
  private static let seize = 0x4206
  private static let interrupt = 0x4207
  /// `__WALL`: waits for threads too.
  private static let anyThread = Int32(0x4000_0000)

  private static var trace: Trace? {
    dlsym(nil, "ptrace").map { unsafeBitCast($0, to: Trace.self) }
  }

  /// Whether the kernel lets a parent hold its child; asked of a harmless one.
  static var isAllowed: Bool {
    let child = Process()
    child.executableURL = URL(filePath: "/bin/cat")
    child.standardInput = Pipe()
    child.standardOutput = FileHandle.nullDevice
    guard (try? child.run()) != nil else { return false }
    let isHeld = trace?(seize, child.processIdentifier, 0, 0) == 0
    // A held process gets no other signal.
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
    return isHeld
  }

  /// The thread of a process with a name, once it has worked for 20 ms.
  static func busyThread(named name: String, of process: Int32) throws -> Int32 {
    let tasks = "/proc/\(process)/task"
    while true {
      for entry in (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [] {
        let comm = try? String(contentsOfFile: "\(tasks)/\(entry)/comm", encoding: .utf8)
        let times = try? String(contentsOfFile: "\(tasks)/\(entry)/schedstat", encoding: .utf8)
        let worked = times?.split(separator: " ").first.flatMap { Int64($0) } ?? 0
        if comm == name + "\n", worked > 20_000_000, let thread = Int32(entry) { return thread }
      }
      sched_yield()
      try Task.checkCancellation()
    }
  }

  /// Holds a thread; whether it stands.
  static func hold(_ thread: Int32) -> Bool {
    guard let trace, trace(seize, thread, 0, 0) == 0, trace(interrupt, thread, 0, 0) == 0 else {
      return false
    }
    var status: Int32 = 0
    return waitpid(thread, &status, anyThread) == thread && status & 0xff == 0x7f
  }

  /// Waits until a held thread has ended.
  static func awaitEnd(of thread: Int32) {
    var status: Int32 = 0
    while waitpid(thread, &status, anyThread) == thread, status & 0xff == 0x7f {}
  }
}
