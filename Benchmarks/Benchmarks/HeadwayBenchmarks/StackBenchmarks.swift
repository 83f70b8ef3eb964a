import Benchmark
import Foundation
import HeadwayProbes
import HeadwayTrace

/// What a stack sample costs inside the signal handler, by the sampler's own clock readings: the kernel's delivery
/// of the signal is not in it.
func stackBenchmarks() {
  let handler = BenchmarkMetric.custom(
    "Handler, ns (median of a second)", polarity: .prefersSmaller, useScalingFactor: false)

  // Warm: the median over a thousand samples of one place is not that of the first.
  Benchmark(
    "stacks: sample in the handler, 20 frames deep",
    configuration: .init(
      metrics: [handler], scalingFactor: .one, maxDuration: .seconds(8), maxIterations: 5)
  ) { benchmark in
    let sampler = try StackSampler(.init(mode: .cpu, frequencyHz: 1_000))
    try sampler.start(probe: NullProbe())
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      sampler.attach(name: "deep", role: .worker)
      blackHole(descend(20, until: ContinuousClock.now + .seconds(1)))
      sampler.detach()
      ended.signal()
    }
    ended.wait()
    let profile = sampler.stop()
    let depth = profile.samples.stack.map { profile.frames(of: $0).count }.max() ?? 0
    guard let median = profile.threads.first?.handlerMedianNs, depth >= 20 else {
      benchmark.error("\(profile.samples.count) samples, \(depth) frames deep at most: nothing to time")
      return
    }
    benchmark.measurement(handler, Int(median.count))
  }
}

/// Computes at the bottom of a chain of calls, each with a quarter of a kilobyte of its own.
@inline(never) private func descend(_ depth: Int, until end: ContinuousClock.Instant) -> UInt64 {
  withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 32) { frame in
    frame.initialize(repeating: UInt64(depth))
    var value = frame[depth % 32]
    if depth > 1 {
      value &+= descend(depth - 1, until: end)
    } else {
      while ContinuousClock.now < end {
        for step in 0..<10_000 as Range<UInt64> { value = value &* 6_364_136_223_846_793_005 &+ step }
      }
    }
    return value &+ frame[31 - depth % 32]
  }
}
