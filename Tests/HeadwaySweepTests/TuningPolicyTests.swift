import Foundation
import HeadwayStatistics
import HeadwaySweep
import Testing

/// The search on machines whose truth is known.
@Suite struct TuningPolicyTests {
  /// A machine: throughput by threads, scheduling, reduction and prefetch, and what is predicted of it.
  private struct World {
    var candidates: [TuningPolicy.Candidate] = []
    var truth: [Double] = []
    var generator: SplitMix64

    init(seed: UInt64, error: Double, bias: Double = 0, unpredicted: Bool = false) {
      generator = SplitMix64(seed: seed)
      for threads in [1, 2, 3, 4, 6, 8] {
        for scheduling in ["barrier", "queue"] {
          for reduction in ["serial", "segmented"] {
            for kernels in unpredicted ? ["simd", "blas"] : ["simd"] {
              let parallel = Double(min(threads, 2)) * (threads > 2 ? 0.95 : 1)
              var rate = 10_000 * parallel
              if scheduling == "queue" { rate *= 1.02 }
              if reduction == "segmented" { rate *= threads > 1 ? 1.05 : 0.99 }
              let predicted = rate
              // What the prediction does not know: a common factor, and one of each candidate.
              rate *= exp(bias + error * normal())
              if kernels == "blas" { rate *= 1.1 }
              truth.append(rate)
              candidates.append(
                TuningPolicy.Candidate(
                  settings: [
                    "threads": "\(threads)", "scheduling": scheduling, "reduction": reduction,
                    "kernels": kernels,
                  ], prediction: kernels == "blas" ? nil : (predicted, 0.1)))
            }
          }
        }
      }
    }

    mutating func normal() -> Double {
      let (u, v) = (Double(generator.below(1 << 30) + 1), Double(generator.below(1 << 30)))
      return (-2 * log(u / Double(1 << 30))).squareRoot() * cos(2 * .pi * v / Double(1 << 30))
    }

    /// Searches; the share by which the winner is slower than the best, and the measurements.
    mutating func search(noise: Double) -> (loss: Double, runs: Int) {
      var policy = TuningPolicy(candidates, noise: max(noise, 0.005))
      while let next = policy.next, policy.measurements < 1_000 {
        policy.record(truth[next] * exp(noise * normal()), of: next)
      }
      guard let best = policy.best, let most = truth.max() else { return (1, policy.measurements) }
      return (1 - truth[best] / most, policy.measurements)
    }
  }

  @Test(arguments: [(0.02, 0.0, false), (0.05, 0.0, false), (0.05, 0.3, false), (0.05, 0.0, true)])
  func theWinnerIsWithinThreePerCentOfTheBest(error: Double, bias: Double, unpredicted: Bool) {
    var losses: [Double] = []
    var runs = 0
    for seed in 0..<200 {
      var world = World(seed: UInt64(seed), error: error, bias: bias, unpredicted: unpredicted)
      let found = world.search(noise: 0.02)
      losses.append(found.loss)
      runs += found.runs
    }
    let candidates = World(seed: 0, error: 0, unpredicted: unpredicted).candidates.count
    #expect(losses.count { $0 > 0.03 } <= 10, "in \(losses.count { $0 > 0.03 }) of 200 searches not")
    // An exhaustive sweep has six blocks of every candidate at least.
    #expect(
      Double(runs) / 200 <= Double(candidates * 6) / 5, "\(Double(runs) / 200) of \(candidates * 6) runs")
  }

  @Test func aPerfectPredictionNeedsFewRuns() {
    var world = World(seed: 1, error: 0)
    let found = world.search(noise: 0.001)
    #expect(found.loss < 0.01 && found.runs <= 24, "\(found.runs) runs")
  }

  @Test func whatCannotWinIsNotMeasured() {
    var world = World(seed: 2, error: 0.01)
    var policy = TuningPolicy(world.candidates, noise: 0.02)
    while let next = policy.next { policy.record(world.truth[next] * exp(0.02 * world.normal()), of: next) }
    let single = world.candidates.indices.filter { world.candidates[$0].settings["threads"] == "1" }
    #expect(single.allSatisfy { policy.measurements(of: $0) == 0 })
    #expect(
      policy.best.map { (policy.believed($0).lower...policy.believed($0).upper).contains(world.truth[$0]) }
        != nil)
  }

  @Test func aCandidateThatFailsIsNotTriedAgain() {
    var policy = TuningPolicy([
      .init(settings: ["threads": "2"], prediction: (200, 0.1)),
      .init(settings: ["threads": "1"], prediction: (100, 0.1)),
    ])
    #expect(policy.next == 0 && policy.best == nil)
    policy.fail(0)
    #expect(policy.next == 1)
    policy.record(99, of: 1)
    policy.record(101, of: 1)
    #expect(policy.next == nil && policy.best == 1 && policy.ranking == [1])
  }

  @Test func aNeighbourThatIsFasterThanPredictedRaisesTheOthers() {
    let candidates = ["a", "b"].map {
      TuningPolicy.Candidate(settings: ["kind": $0, "same": "x"], prediction: (100, 0.2))
    }
    var policy = TuningPolicy(candidates)
    let before = policy.believed(1).value
    policy.record(130, of: 0)
    #expect(policy.believed(1).value > before * 1.1)
  }
}
