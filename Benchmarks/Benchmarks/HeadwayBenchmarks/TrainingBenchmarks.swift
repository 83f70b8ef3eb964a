import Benchmark
import BenchmarkInputs
import HeadwayEngine
import HeadwayTrace

/// Whole training runs of a few steps: an iteration is one run, so compare rows, and read the steps'
/// own times in a run's summary.
func trainingBenchmarks() {
  for kernels in [KernelChoice.simd, .blas] {
    for threads in [1, 2] {
      let name = "training: 16 steps, \(threads) \(threads == 1 ? "worker" : "workers"), \(kernels.rawValue)"
      Benchmark(name, configuration: .init(metrics: [.wallClock, .throughput], maxDuration: .seconds(5))) {
        benchmark in
        let corpus = try BenchmarkInputs.corpus()
        let configuration = try benchmarkConfiguration(threads: threads, kernels: kernels)
        benchmark.startMeasurement()
        let outcome = try TrainingRun.run(
          configuration: configuration, corpus: corpus, tracePath: nil, resumeFrom: nil,
          observer: SilentObserver())
        benchmark.stopMeasurement()
        blackHole(outcome.loss.train.last)
      }
    }
  }
}

/// Configuration S of the seeds: V 1000, C 128, 2 layers, 4 heads, batches of 4 × 32.
private func benchmarkConfiguration(threads: Int, kernels: KernelChoice) throws -> RunConfiguration {
  var configuration = RunConfiguration()
  configuration.width = 128
  configuration.batchesPerStep = 4
  configuration.steps = 16
  configuration.evaluationBatches = 0
  configuration.threads = threads
  configuration.kernels = kernels
  configuration.probe = .counters
  try configuration.validate(subject: "benchmark")
  return configuration
}
