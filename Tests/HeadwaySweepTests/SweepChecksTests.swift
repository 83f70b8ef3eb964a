import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct SweepChecksTests {
  private func sweep(axes: String = "{ threads: [1, 2], prefetch: [off, on] }") throws -> LiteralSweep {
    try LiteralSweep(axes: axes, rates: (0..<5).map { _ in [1_000, 1_000] })
  }

  private func check(_ summary: SweepSummary, _ start: String) throws -> SweepCheck {
    try #require(summary.checks.first { $0.claim.hasPrefix(start) }, "\(summary.checks.map(\.claim))")
  }

  @Test func whatHoldsIsClaimed() throws {
    var sweep = try sweep()
    for arm in 0..<4 { sweep.change(arm, block: 0) { $0.setBooks(usefulMs: 50, of: 100) } }
    let checks = sweep.summary.checks
    #expect(checks.allSatisfy { $0.passed })
    #expect(
      checks.map(\.claim) == [
        "Every run did the same number of steps and tokens",
        "The loss curve is bitwise the same in every run of every cell",
        "The final weights are bitwise the same in every run of every cell",
        "The books of every run close within 1 %",
        "At most 1 % of the thread-time of any run is unknown",
        "Nothing that was to be recorded was lost",
      ])
    #expect(checks[0].detail == "10 runs, each 100 steps and 51200 tokens")
    #expect(checks[3].detail.contains("over 4 runs with books"))
  }

  @Test func aRunWithOtherLossesIsNamed() throws {
    var sweep = try sweep()
    sweep.change(3, block: 1) { $0.loss?.trainBitsHash = "other" }
    let loss = try check(sweep.summary, "The loss curve")
    #expect(!loss.passed && loss.detail == "1 of 10 runs differs: 2 threads, prefetch, block 2")
    #expect(try check(sweep.summary, "The final weights").passed)
  }

  @Test func kernelsAndGrainMayChangeBitsAndThreadsMayNot() throws {
    var sweep = try sweep(axes: "{ kernels: [reference, simd], threads: [1, 2] }")
    for arm in [2, 3] {
      for block in 0..<2 { sweep.change(arm, block: block) { $0.loss?.trainBitsHash = "simd" } }
    }
    let loss = try check(sweep.summary, "The loss curve")
    #expect(loss.passed && loss.claim == "The loss curve is bitwise the same in all runs that share kernels")
    #expect(loss.detail == "10 runs in 2 groups, because kernels may change bits")
    sweep.change(0, block: 0) { $0.loss?.trainBitsHash = "simd" }
    #expect(try check(sweep.summary, "The loss curve").passed == false)
  }

  @Test func aSingleRunProvesNothing() throws {
    let summary = try LiteralSweep(axes: "{ threads: [1] }", rates: [[1_000]]).summary
    #expect(!summary.checks.contains { $0.claim.contains("bitwise") })
  }

  @Test func lessWorkIsNoticed() throws {
    var sweep = try sweep()
    sweep.change(1, block: 0) { $0.throughput.steps -= 1 }
    let work = try check(sweep.summary, "Every run did the same")
    #expect(!work.passed && work.detail == "not so in 1 thread, prefetch, block 1")
    let uneven = try LiteralSweep(axes: "{ steps: [10, 20] }", rates: [[1, 1], [1, 1]]).summary
    #expect(try check(uneven, "Every run did the steps and tokens that its configuration").passed)
  }

  @Test func openBooksUnknownTimeAndLossesAreNoticed() throws {
    var sweep = try sweep()
    sweep.change(0, block: 0) { $0.setBooks(usefulMs: 50, of: 100, closureError: 0.011) }
    sweep.change(1, block: 0) { $0.setBooks(usefulMs: 50, of: 100, closureError: .nan) }
    sweep.change(2, block: 1) {
      $0.setBooks(usefulMs: 50, of: 100)
      $0.books?.unknownShare = 0.02
      $0.losses = RecordLosses(eventsDropped: 7, readingsFailed: 1)
    }
    let books = try check(sweep.summary, "The books")
    #expect(!books.passed)
    #expect(books.detail.hasSuffix("above it: 1 thread, block 1; 1 thread, prefetch, block 1"))
    let unknown = try check(sweep.summary, "At most 1 %")
    #expect(!unknown.passed && unknown.detail.contains("largest share 2.000 % (2 threads, block 2)"))
    let lost = try check(sweep.summary, "Nothing that was")
    #expect(!lost.passed && lost.detail == "7 events and 1 readings were lost in 2 threads, block 2")
  }
}
