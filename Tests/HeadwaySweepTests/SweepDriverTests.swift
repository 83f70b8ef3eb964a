import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite(.serialized) struct SweepDriverTests {
  @Test func everyArmRunsOnceABlockInThePlannedOrder() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 2, maximum: 3 }",
      script: FakeSweep.succeed + "\nread line || echo 'no input'\necho \"${#HEADWAY_PADDING}\" >&2")
    try sweep.run()
    let records = try sweep.records()
    #expect(records.map(\.arm) == sweep.plan.order.flatMap { $0 })
    #expect(records.map(\.block) == (0..<3).flatMap { Array(repeating: $0, count: 5) })
    #expect(records.map(\.position) == (0..<3).flatMap { _ in Array(0..<5) })
    #expect(records.allSatisfy { $0.outcome == .completed && $0.exitStatus == 0 && $0.reason == nil })
    for record in records {
      let run = try RunDirectory(opening: sweep.directory.resolve(record.directory))
      let arm = try #require(sweep.plan.arms.first { $0.id == record.arm })
      #expect(try run.configuration() == arm.configuration)
      #expect(StoredFile.lastLines(5, of: run.logPath) == ["no input", String(record.paddingBytes)])
    }
    #expect(Set(records.map(\.paddingBytes)).count > 10)
    let recorded = try sweep.read()
    #expect(recorded.runs.count == 15 && recorded.excluded.isEmpty && recorded.cutShort == nil)
    #expect(recorded.blocks.map(\.block) == [0, 1, 2])
    #expect(try SweepDirectory(opening: sweep.directory.path).plan(SweepPlan.self) == sweep.plan)
    #expect(sweep.observer.finished.map(\.done) == Array(1...15))
    #expect(sweep.observer.finished.allSatisfy { $0.total == 15 && $0.remaining != nil })
    #expect(sweep.observer.planned == [15])
  }

  @Test func aCrashIsTriedAgainAndThenCostsOneRun() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 1, maximum: 1 }",
      script: """
        case "$2" in
          *-1_*queue) echo one; echo two >&2; kill -KILL $$;;
          *-2_*queue) case "$3" in *attempt*) ;; *) echo first; exit 3;; esac;;
        esac
        \(FakeSweep.succeed)
        """)
    try sweep.run()
    let records = try sweep.records()
    #expect(records.count == 7)
    let killed = records.filter { $0.arm == "threads-1_scheduling-queue" }
    #expect(killed.map(\.signal) == [9, 9] && killed.allSatisfy { $0.outcome == .failed })
    #expect(
      killed[0].reason == "it was ended by signal 9 (SIGKILL)" && killed[0].lastLines == ["one", "two"])
    #expect(
      killed.map(\.directory) == [
        "runs/threads-1_scheduling-queue/0", "runs/threads-1_scheduling-queue/0-attempt-2",
      ])
    let flaky = records.filter { $0.arm == "threads-2_scheduling-queue" }
    #expect(flaky.map(\.outcome) == [.failed, .completed])
    #expect(flaky[0].reason == "it exited with status 3" && flaky[0].exitStatus == 3)
    let recorded = try sweep.read()
    #expect(Set(recorded.runs.map(\.record.arm)).count == 4)
    #expect(
      recorded.excluded.map(\.cell).sorted() == ["1 thread, queue", "1 thread, queue", "2 threads, queue"])
    #expect(recorded.excluded.contains { $0.lastLines == ["one", "two"] })
    #expect(
      sweep.observer.warnings.contains { $0.contains("it was ended by signal 9 (SIGKILL); trying again") })
    #expect(sweep.observer.finished.last?.done == 7 && sweep.observer.finished.last?.total == 7)
  }

  /// One arm waits for a writer that never comes; it also ignores the request to end.
  @Test func aHangIsEndedWhenItsTimeIsUp() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 1, maximum: 1 }\nretries: 0\ntimeout_seconds: 0.3",
      script: """
        case "$2" in
          *-1_*queue) mkfifo "$1/fifo"; echo waiting; read line < "$1/fifo";;
          *-2_*queue) mkfifo "$1/fifo"; trap '' TERM; echo deaf; read line < "$1/fifo";;
        esac
        \(FakeSweep.succeed)
        """)
    try sweep.run(graceSeconds: 0.1)
    let records = try sweep.records()
    #expect(records.count == 5)
    let polite = try #require(records.first { $0.arm == "threads-1_scheduling-queue" })
    #expect(polite.outcome == .timedOut && polite.signal == Int(SIGTERM) && polite.lastLines == ["waiting"])
    #expect(polite.reason == "it was still running after 0.3 s and was ended")
    let deaf = try #require(records.first { $0.arm == "threads-2_scheduling-queue" })
    #expect(deaf.outcome == .timedOut && deaf.signal == Int(SIGKILL) && deaf.lastLines == ["deaf"])
    #expect(try sweep.read().runs.count == 3)
  }

  /// Garbage, nothing, another configuration, an unfinished run: each exits well and is still no measurement.
  @Test func aRunThatWroteNothingUsableHasFailed() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 1, maximum: 1 }\nretries: 0",
      script: """
        case "$2" in
          threads-1_scheduling-barrier) echo '{"schema": 7' > "$1/summary.json";;
          threads-1_scheduling-queue) ;;
          threads-2_scheduling-barrier) cp "$4/threads-2_scheduling-queue.json" "$1/summary.json";;
          threads-2_scheduling-queue) sed 's/"completed" : true/"completed" : false/' "$4/$2.json" > "$1/summary.json";;
          *) \(FakeSweep.succeed);;
        esac
        """)
    try sweep.run()
    let reasons = Dictionary(
      uniqueKeysWithValues: try sweep.records().map { ($0.arm, $0.reason ?? "completed") })
    #expect(reasons["threads-1_scheduling-barrier"]!.contains("its summary cannot be used: "))
    #expect(reasons["threads-1_scheduling-queue"]!.contains("there is no such file"))
    #expect(
      reasons["threads-2_scheduling-barrier"] == "it ran with another scheduling than the plan asks for")
    #expect(reasons["threads-2_scheduling-queue"] == "it exited with status 0 before it had done its work")
    #expect(reasons["threads-1_scheduling-barrier_bare"] == "completed")
  }

  @Test func aSweepInWhichNothingRunsEndsAfterItsFirstBlock() throws {
    let sweep = try FakeSweep("retries: 0", script: "echo broken; exit 7")
    try sweep.run()
    #expect(try sweep.records().count == 5)
    #expect(
      try sweep.read().cutShort
        == "no run of block 1 succeeded (it exited with status 7), so the sweep ended")
  }

  @Test func aProgramThatCannotBeStartedIsAnError() throws {
    let sweep = try FakeSweep()
    let command = RunCommand(executable: sweep.temporary.path("no such program")) { _ in [] }
    let driver = SweepDriver(
      plan: sweep.plan, directory: sweep.directory, command: command, observer: sweep.observer,
      activity: { nil })
    let error = try #require(refusal { try driver.run() })
    #expect("\(error)".contains("no such program: could not be started: No such file or directory"))
  }

  /// The run tells by opening the pipe that it and its own child are up; then the sweep is stopped.
  @Test func aCancellationEndsTheRunAndItsChildrenAndKeepsWhatWasMeasured() throws {
    let sweep = try FakeSweep(
      "blocks: { minimum: 2, maximum: 2 }",
      script: """
        case "$2/$3" in
          *queue/1) (read line < "$4/fifo") & wait;;
        esac
        \(FakeSweep.succeed)
        """)
    let fifo = sweep.temporary.path("prepared/fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    let isUp = EventGate()
    let hasEnded = EventGate()
    let canWrite = Mailbox()
    let cancellation = sweep.cancellation
    Thread {
      let writer = open(fifo, O_WRONLY)  // Returns when the run's child has opened its end.
      isUp.open()
      cancellation.cancel()
      hasEnded.wait()
      // Who might still read has been killed; a pipe without a reader says so.
      signal(SIGPIPE, SIG_IGN)
      let deadline = Date(timeIntervalSinceNow: 60)
      while write(writer, "\n", 1) == 1 && Date() < deadline { sched_yield() }
      canWrite.put(errno == EPIPE ? "nobody reads" : "somebody reads")
      close(writer)
    }.start()
    try sweep.run()
    hasEnded.open()
    #expect(isUp.wait())
    #expect(canWrite.take() == "nobody reads")
    let records = try sweep.records()
    #expect(records.last?.outcome == .cancelled)
    #expect(records.dropLast().allSatisfy { $0.outcome == .completed } && records.count > 5)
    let recorded = try sweep.read()
    #expect(recorded.cutShort == "the sweep was stopped in block 2")
    #expect(recorded.runs.count == records.count - 1)
    let summary = SweepSummarizer.summarize(recorded)
    #expect(summary.partial && summary.blocks.complete == 1 && summary.blocks.planned == 2)
  }

  @Test func aSweepThatIsCancelledBeforeItBeginsRunsNothing() throws {
    let sweep = try FakeSweep()
    sweep.cancellation.cancel()
    try sweep.run()
    #expect(try sweep.records().isEmpty)
    #expect(try sweep.read().cutShort == "the sweep was stopped in block 1")
  }
}

/// Hands one text from one thread to another.
final class Mailbox: @unchecked Sendable {
  // `text` is written before the gate opens and read after it: the gate's lock orders the two.
  private var text = ""
  private let gate = EventGate()
  func put(_ text: String) {
    self.text = text
    gate.open()
  }
  func take() -> String { gate.wait() ? text : "nothing came" }
}
