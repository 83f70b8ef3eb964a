import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct VerdictSentenceTests {
  private func two(_ verdict: Verdict?, faster: Bool = true) -> SweepSummary {
    var first = SampleSweep.cell(1, "barrier", "off")
    var second = SampleSweep.cell(2, "queue", "off")
    first.tokensPerSecond = Estimate(value: 1_000, lower: 990, upper: 1_010, sampleCount: 8)
    second.tokensPerSecond = Estimate(
      value: faster ? 1_820 : 900, lower: faster ? 1_800 : 890, upper: faster ? 1_840 : 910, sampleCount: 8)
    second.speedup = Estimate(value: 1.82, lower: 1.79, upper: 1.85, sampleCount: 8)
    second.verdict = verdict
    return SampleSweep.summary([first, second])
  }

  @Test func fasterIsStatedWithItsIntervals() {
    #expect(
      VerdictSentence.words(for: two(.faster))
        == "On 2 CPUs the fastest cell is 2 threads, queue: 1,820 tokens/s [1,800, 1,840], 1.82× [1.79, 1.85]"
        + " the baseline (1 thread, barrier).")
  }

  @Test func inconclusiveSaysSo() {
    let words = VerdictSentence.words(for: two(.inconclusive))
    #expect(words.contains("it is inconclusive whether any cell beats the baseline"))
    #expect(words.contains("from 8 blocks"))
  }

  @Test func equivalentIsNoWin() {
    #expect(VerdictSentence.words(for: two(.equivalent)).contains("no cell is faster than the baseline"))
  }

  @Test func baselineCanBeTheFastest() {
    #expect(
      VerdictSentence.words(for: two(.slower, faster: false))
        .hasPrefix("On 2 CPUs no cell measured more than the baseline, 1 thread, barrier: 1,000 tokens/s"))
  }

  @Test func overlappingIntervalsLeaveTheOrderOpen() {
    var sweep = two(.faster)
    var rival = sweep.cells[1]
    rival.id = "rival"
    rival.label = "2 threads, queue, prefetch"
    rival.tokensPerSecond = Estimate(value: 1_810, lower: 1_790, upper: 1_830, sampleCount: 8)
    sweep.cells.append(rival)
    #expect(
      VerdictSentence.words(for: sweep)
        .hasSuffix(
          "Its interval overlaps that of 2 threads, queue, prefetch, so the order among them is open."))
  }

  @Test func withoutIntervalsNoneIsInvented() {
    var sweep = two(.inconclusive)
    sweep.cells[1].tokensPerSecond = Estimate(value: 1_820, lower: nil, upper: nil, sampleCount: 3)
    sweep.cells[1].speedup = Estimate(value: 1.82, lower: nil, upper: nil, sampleCount: 3)
    let words = VerdictSentence.words(for: sweep)
    #expect(words.contains("1,820 tokens/s, 1.82× the baseline"))
    #expect(!words.contains("["))
  }
}
