import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Ctrl-C in the middle of training, with the real binary: the run saves, exits with 130, and goes on later to
/// the bits that it would have reached anyway.
@Suite(.serialized) struct InterruptionTests {
  /// Enough that a signal sent at the first arrives long before the last.
  private static let steps = 3000

  private static let length = [
    "width=8", "batch_size=1", "sequence_length=8", "batches_per_step=2", "learning_rate=1e-3",
    "steps=\(steps)", "probe=events", "trace_budget_bytes=65536",
  ].flatMap { ["--set", $0] }

  private static let ways = [
    ["scheduling=barrier", "threads=2"],
    ["scheduling=queue", "threads=3", "prefetch=2", "reduction=tree"],
    ["topology=kissing", "threads=3", "prefetch=1", "barrier=futex"],
  ]

  /// The command line of one leg: its run directory, and what it saves.
  private func leg(_ run: String, _ way: [String], saving checkpoint: String) -> [String] {
    ["train", "--corpus", "corpus", "--quiet", "--run-directory", run, "--checkpoint", checkpoint]
      + Workplace.smallModel + Self.length + way.flatMap { ["--set", $0] }
  }

  private func summary(_ place: Workplace, _ run: String) throws -> RunSummary {
    try HeadwayJSON.decode(
      RunSummary.self, from: try Data(contentsOf: place.url("\(run)/summary.json")), subject: run)
  }

  /// Interrupts a leg once its trace is there, which is when the workers are about to start. A machine so
  /// busy that the leg is over before the signal arrives gets another try.
  private func interrupt(_ place: Workplace, _ name: String, _ more: [String], _ way: [String]) throws
    -> RunSummary
  {
    for attempt in 1...20 {
      let run = "\(name)-\(attempt)"
      let child = try place.start(leg(run, way, saving: name) + more)
      try place.waitForFile("\(run)/trace.hwtrace")
      child.interrupt()
      child.waitUntilExit()
      try #require(child.terminationReason == .exit)
      if child.terminationStatus == 0 { continue }
      try #require(child.terminationStatus == 130)
      return try summary(place, run)
    }
    throw Unreachable()
  }

  private struct Unreachable: Error {}

  @Test(.timeLimit(.minutes(5)))
  func anInterruptedRunGoesOnToTheSameBits() throws {
    let place = try Workplace()
    let built = try place.headway(
      ["corpus", "build", "text", "--output", "corpus", "--vocabulary-size", "300"])
    try #require(built.status == 0, "\(built.stderr)")
    let straight = try place.headway(leg("whole", [], saving: "whole-out"))
    try #require(straight.status == 0, "\(straight.stderr)")
    let whole = try summary(place, "whole")
    try #require(whole.loss?.train.count == Self.steps)

    for (number, way) in Self.ways.enumerated() {
      // Interrupted twice, the second time on other axes; then to the end on yet others.
      let next = Self.ways[(number + 1) % Self.ways.count]
      let first = try interrupt(place, "first\(number)", [], way)
      let second = try interrupt(place, "second\(number)", ["--resume", "first\(number)"], next)
      let last = "last\(number)"
      let rest = try place.headway(
        leg(last, way, saving: "\(last)-out") + ["--resume", "second\(number)"])
      try #require(rest.status == 0, "\(rest.stderr)")
      let end = try summary(place, last)

      #expect(!first.completed && !second.completed && end.completed)
      let losses = (first.loss?.train ?? []) + (second.loss?.train ?? []) + (end.loss?.train ?? [])
      #expect(losses.map(\.step) == Array(1...Self.steps))
      #expect(losses.map(\.value.bitPattern) == whole.loss?.train.map(\.value.bitPattern), "\(way)")
      #expect(end.loss?.weightBitsHash == whole.loss?.weightBitsHash, "\(way)")
      #expect(end.loss?.validation == whole.loss?.validation, "\(way)")
      for file in ["model.safetensors", "optimizer.safetensors"] {
        let same = try Data(contentsOf: place.url("\(last)-out/\(file)"))
        #expect(try Data(contentsOf: place.url("whole-out/\(file)")) == same, "\(file) of \(way)")
      }
    }
  }
}
