import Benchmark

/// Timed figures of the parts. Compare rows of one table: absolute times move with the machine and its
/// neighbours.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], scalingFactor: .one, maxDuration: .seconds(1))
  probeBenchmarks()
  stackBenchmarks()
  waitBenchmarks()
  kernelBenchmarks()
  trainingBenchmarks()
}
