import Glibc
import Benchmark
import HeadwayProbes
import HeadwayTrace

/// What recording costs, beside the two clock readings that any timer needs.
func probeBenchmarks() {
  let many = Benchmark.Configuration(
    metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(1))

  Benchmark("probe: two clock readings", configuration: many) { benchmark in
    let (_, me) = try recorder(.counters)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      blackHole(me.now())
      blackHole(me.now())
    }
  }

  for times in [false, true] {
    Benchmark("probe: end of an operation, \(times ? "timed" : "not timed")", configuration: many) {
      benchmark in
      let (probe, me) = try recorder(.counters, operations: times)
      let state = probe.state(StateDefinition(name: "work", category: .useful))
      let operation = probe.operation("operation")
      me.enter(state)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { me.ended(operation) }
      benchmark.stopMeasurement()
      me.leave()
      probe.retire(me)
    }
  }

  for level in [ProbeLevel.counters, .events] {
    Benchmark("probe: span begin + end, \(level.rawValue)", configuration: many) { benchmark in
      let (probe, me) = try recorder(level)
      let state = probe.state(StateDefinition(name: "operation", category: .useful))
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        let start = me.begin()
        me.span(state, from: start)
      }
      benchmark.stopMeasurement()
      probe.retire(me)
    }

    Benchmark("probe: state enter + leave, \(level.rawValue)", configuration: many) { benchmark in
      let (probe, me) = try recorder(level)
      let state = probe.state(StateDefinition(name: "work", category: .useful))
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        me.enter(state)
        me.leave()
      }
      benchmark.stopMeasurement()
      probe.retire(me)
    }
  }
}

/// A probe with the calling thread registered; events go to a file that is gone with the process.
private func recorder(
  _ level: ProbeLevel, operations: Bool = false
) throws -> (RecordingProbe, RecordingHandle) {
  let path = level == .events ? "/tmp/headway-benchmark-\(getpid()).hwtrace" : nil
  let probe = try RecordingProbe(
    level: level, traceURL: path, budgetBytes: 1 << 30, operations: operations)
  if let path { unlink(path) }
  let me = probe.register(name: "main", role: .main)
  probe.openWindow()
  return (probe, me)
}
