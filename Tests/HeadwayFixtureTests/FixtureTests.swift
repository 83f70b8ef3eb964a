import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Every engine with a known answer, on real threads, recorded with the library and read as a report reads it:
/// the first finding is what was planted.
///
/// Where other load on the machine stands first, the kernel's own figures must prove it, and the fixture is
/// run once more; see ``FixtureOutcome/verdict(_:)``.
@Suite(
  "Engines with known answers", .serialized,
  .enabled(if: MachineFacts.read().usableCpus >= 2, "the planted causes need two CPUs"))
struct FixtureTests {
  private static let stress = ProcessInfo.processInfo.environment["HEADWAY_STRESS"] == "1"

  /// Records until the planted cause comes first, at most twice; `nil` where the machine was too busy.
  private func named(
    _ planted: String?, _ record: () throws -> FixtureOutcome
  ) throws -> FixtureOutcome? {
    for _ in 0..<2 {
      let outcome = try record()
      #expect((outcome.summary.books?.closureError ?? 1) < 0.001)
      switch outcome.verdict(planted) {
      case .named: return outcome
      case .busy: continue
      case .missed:
        Issue.record("\(planted ?? "nothing") was planted; found: \(outcome.findings)")
        return nil
      }
    }
    return nil
  }

  @Test(arguments: PlantedFixture.allCases) func theFirstFindingIsWhatWasPlanted(
    _ fixture: PlantedFixture
  ) throws {
    guard let outcome = try named(fixture.cause, fixture.record) else { return }
    let statement = outcome.summary.findings.first?.statement ?? ""
    switch fixture {
    case .fixedLateThread:
      #expect(statement.contains("worker-0 was the last to arrive"))
    case .rotatingLateThread:
      #expect(statement.contains("no one worker is the late one"), "\(statement)")
      let useful = outcome.summary.threads.filter { $0.role == .worker }.map {
        Double($0.time(.useful).count)
      }
      let balance = useful.reduce(0, +) / Double(useful.count) / (useful.max() ?? 1)
      #expect(balance > 0.95, "each has as much work as the other over the run")
    case .serialSection: #expect(statement.contains("merge"))
    case .busyMain: #expect(statement.contains("monitor") && statement.contains("no task"))
    case .burstyProducer: #expect(statement.contains("items.empty") && statement.contains("loader"))
    case .spinningBarrier: #expect(statement.contains("coordinator"))
    case .lockConvoy:
      #expect(statement.contains("sums") && statement.contains("update"), "\(statement)")
      let holders = try #require(outcome.patterns.locks.first?.holderNs)
      #expect(holders.keys.sorted() == ["worker-0", "worker-1"])
    case .falseSharing: #expect(statement.contains("accumulate"))
    case .threadsAnewEachEpoch, .moreThreadsThanCores, .healthy: break
    }
  }

  @Test func aBarrierThatSleepsWaitsAsLongAndBurnsNothing() throws {
    func record(polls: Bool) throws -> FixtureOutcome {
      try FixtureEngine.record { PlantedFixture.meeting(in: $0, polls: polls) }
    }
    let polled = try record(polls: true)
    let slept = try record(polls: false)
    #expect(polled.causes.contains("spinning"), "\(polled.findings)")
    #expect(!slept.causes.contains("spinning"), "\(slept.findings)")
    // The coordinator waits while the worker works, however it waits.
    for outcome in [polled, slept] { #expect(outcome.waitShare(of: "coordinator", at: "round") > 0.8) }
    #expect(slept.cpuShare(of: "coordinator") < 0.2)
    #expect(polled.cpuShare(of: "coordinator") > 2 * slept.cpuShare(of: "coordinator"))
  }

  @Test func aMainThreadThatPollsInsideAWaitIsSeenToo() throws {
    let record = { try FixtureEngine.record { PlantedFixture.busyMain(in: $0, asWait: true) } }
    guard let outcome = try named("busy_main", record) else { return }
    #expect(outcome.summary.findings.first?.statement.contains("latch.tasks_done") == true)
  }

  @Test func aSlowProducerBehindAFullQueueIsNotABurstyOne() throws {
    let record = { try FixtureEngine.record { PlantedFixture.queue(in: $0, burst: 1) } }
    guard let outcome = try named("input_bound", record) else { return }
    #expect(!outcome.causes.contains("bursty_producer"))
    let queue = try #require(outcome.patterns.queues.first)
    #expect(queue.isSettled && queue.producers == ["loader"] && queue.consumers == ["worker-0"])
  }

  /// Two CPUs of one core slow each other down as well, so the padded ones need not be free of it: they have less.
  /// Threads that take turns on a busy machine do not interfere at all: it is looked for five times at most, and
  /// what was seen while the workers lacked a CPU says nothing.
  @Test func paddedAccumulatorsInterfereLess() throws {
    var isBusy = false
    func slowdown(padded: Bool) throws -> Double? {
      let outcome = try FixtureEngine.record { PlantedFixture.accumulators(in: $0, padded: padded) }
      isBusy = isBusy || outcome.runnableShare >= 0.1
      return outcome.patterns.interferences.first?.slowdown
    }
    var seen: [String] = []
    for _ in 0..<5 {
      isBusy = false
      guard let shared = try slowdown(padded: false) else { return }
      let padded = try slowdown(padded: true) ?? 1
      if shared > 1.3 * padded { return }
      if !isBusy { seen.append("\(shared) shared, \(padded) padded") }
    }
    guard !seen.isEmpty else { return }
    Issue.record("padding changed nothing: \(seen)")
  }

  @Test(.enabled(if: stress, "set HEADWAY_STRESS=1 to run every fixture ten times"))
  func tenTimesOutOfTen() throws {
    print("| fixture | planted | named first | other load first, proven | missed |\n|---|---|---|---|---|")
    for fixture in PlantedFixture.allCases {
      var counts: [FixtureVerdict: Int] = [:]
      var notes: [String] = []
      for _ in 0..<10 {
        let outcome = try fixture.record()
        let verdict = outcome.verdict(fixture.cause)
        counts[verdict, default: 0] += 1
        if verdict != .named { notes.append(outcome.findings) }
      }
      print(
        "| \(fixture.rawValue) | \(fixture.cause ?? "nothing") | \(counts[.named] ?? 0)/10"
          + " | \(counts[.busy] ?? 0) | \(counts[.missed] ?? 0) |")
      for note in notes { print("  not first: \(note)") }
      #expect(counts[.missed] == nil, "\(fixture): \(notes)")
    }
  }
}
