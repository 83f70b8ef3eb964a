import Foundation
import HeadwayStatistics
import Testing

@Suite struct ScalingFitTests {
  private static let counts = [1, 2, 4, 8, 16, 32]

  private func sample(_ law: ScalingLaw, blocks: Int = 8, noise: Double = 0, seed: UInt64 = 3) throws
    -> ScalingSample
  {
    var generator = SplitMix64(seed: seed)
    func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 - 0.5 }
    return try #require(
      ScalingSample(
        threads: Self.counts,
        blocks: (0..<blocks).map { _ in
          let level = exp(0.4 * uniform())
          return Self.counts.map { law.throughput(threads: Double($0)) * level * exp(noise * uniform()) }
        }))
  }

  @Test func theLawHasTheKnownPeakAndRoof() throws {
    let specsdm91 = ScalingLaw(gamma: 89.995, sigma: 0.0277285, kappa: 0.0001044)
    #expect(abs(try #require(specsdm91.peakThreads) - 96.52) < 0.02)
    #expect(abs(try #require(specsdm91.roof) - 3245) < 1)
    let other = ScalingLaw(gamma: 1, sigma: 0.001, kappa: 1e-5)
    #expect(abs(try #require(other.peakThreads) - 316.07) < 0.01)
    #expect(ScalingLaw(gamma: 1, sigma: 0.1, kappa: 0).peakThreads == nil)
    #expect(ScalingLaw(gamma: 1, sigma: 1, kappa: 0.1).peakThreads == nil)
    #expect(ScalingLaw(gamma: 1, sigma: 0, kappa: 0).roof == nil)
    #expect(specsdm91.throughput(threads: 1) == 89.995)
  }

  @Test(arguments: [
    ScalingLaw(gamma: 100, sigma: 0, kappa: 0), ScalingLaw(gamma: 100, sigma: 0.05, kappa: 0),
    ScalingLaw(gamma: 90, sigma: 0.03, kappa: 0.001),
  ])
  func exactDataGiveTheirOwnLaw(law: ScalingLaw) throws {
    let fit = try #require(ScalingFit(try sample(law)))
    let usl = try #require(fit.candidates.last)
    #expect(usl.form == .usl)
    // Blocks are centred on their mean level, so only γ moves with them.
    #expect(abs(usl.law.sigma - law.sigma) < 1e-9)
    #expect(abs(usl.law.kappa - law.kappa) < 1e-9)
    #expect(usl.largestError < 1e-9)
  }

  @Test func theCriterionPicksTheLawThatMadeTheData() throws {
    for (law, form) in [
      (ScalingLaw(gamma: 100, sigma: 0, kappa: 0), ScalingLaw.Form.linear),
      (ScalingLaw(gamma: 100, sigma: 0.08, kappa: 0), .amdahl),
      (ScalingLaw(gamma: 100, sigma: 0.02, kappa: 0.002), .usl),
    ] {
      var right = 0
      for seed in 1...20 {
        let fit = try #require(
          ScalingFit(try sample(law, noise: 0.04, seed: UInt64(seed)), resamples: 0))
        right += fit.best.form == form ? 1 : 0
      }
      #expect(right >= 16, "\(form) was picked \(right) times of 20")
    }
  }

  @Test func intervalsHoldTheTruth() throws {
    let law = ScalingLaw(gamma: 100, sigma: 0.04, kappa: 0.001)
    var held = 0
    for seed in 1...60 {
      let fit = try #require(ScalingFit(try sample(law, noise: 0.06, seed: UInt64(seed)), resamples: 199))
      let interval = try #require(fit.interval { $0.sigma })
      held += interval.lower <= law.sigma && law.sigma <= interval.upper ? 1 : 0
    }
    // Eight blocks make a percentile interval a little narrow; 60 samples of a 90 % chance give 47 or more
    // in all but 1 of 1,000 seeds.
    #expect(held >= 47, "\(held) of 60 intervals hold σ")
  }

  @Test func aPeakIsOnlyClaimedWhereTheDataCarryOne() throws {
    let peaked = try #require(
      ScalingFit(try sample(ScalingLaw(gamma: 100, sigma: 0.02, kappa: 0.002), noise: 0.02)))
    let peak = try #require(peaked.peak)
    #expect(peak.interval.lower < 22.1 && 22.1 < peak.interval.upper)
    #expect(try #require(ScalingFit(try sample(ScalingLaw(gamma: 1, sigma: 0.05, kappa: 0)))).peak == nil)
    let far = ScalingLaw(gamma: 100, sigma: 0.02, kappa: 1e-5)
    #expect(try #require(ScalingFit(try sample(far))).peak == nil)
    let oneBlock = try sample(ScalingLaw(gamma: 100, sigma: 0.02, kappa: 0.002), blocks: 1)
    #expect(try #require(ScalingFit(oneBlock)).peak == nil)
  }

  @Test func aSampleIsCheckedAndCut() throws {
    #expect(ScalingSample(threads: [1, 2], blocks: []) == nil)
    #expect(ScalingSample(threads: [2, 1], blocks: [[1, 2]]) == nil)
    #expect(ScalingSample(threads: [0, 1], blocks: [[1, 2]]) == nil)
    #expect(ScalingSample(threads: [1, 2], blocks: [[1]]) == nil)
    #expect(ScalingSample(threads: [1, 2], blocks: [[1, 0]]) == nil)
    let whole = try sample(ScalingLaw(gamma: 1, sigma: 0, kappa: 0))
    #expect(whole.upTo(threads: 8)?.threads == [1, 2, 4, 8])
    #expect(whole.upTo(threads: 0) == nil)
    #expect(ScalingFit(try #require(whole.upTo(threads: 8))) == nil)
  }

  @Test func theSerialFractionIsKarpAndFlatts() throws {
    #expect(karpFlatt(speedUp: 1, threads: 1) == nil)
    #expect(karpFlatt(speedUp: 0, threads: 4) == nil)
    // Amdahl's law with a serial share of 0.1 gives it back at every N.
    for n in [2.0, 4, 16, 63] {
      let speedUp = 1 / (0.1 + 0.9 / n)
      #expect(abs(try #require(karpFlatt(speedUp: speedUp, threads: n)) - 0.1) < 1e-12)
    }
  }
}
