import Benchmark
import Foundation
import HeadwayProbes
import HeadwayThreads
import HeadwayTrace
import Synchronization

/// What meeting and handing over cost, without probes.
func waitBenchmarks() {
  let many = Benchmark.Configuration(
    metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(1))

  for threads in [2, 8] {
    Benchmark("barrier: episode of \(threads) threads, pthread", configuration: many) { benchmark in
      cross(PthreadBarrier(participants: threads), benchmark)
    }
    Benchmark("barrier: episode of \(threads) threads, futex", configuration: many) { benchmark in
      cross(CountingBarrier(participants: threads, polling: .never), benchmark)
    }
    Benchmark("barrier: episode of \(threads) threads, spin_then_block", configuration: many) { benchmark in
      let polling = Polling.bounded(threads: threads, usableCPUs: usableCPUCount())
      cross(CountingBarrier(participants: threads, polling: polling), benchmark)
    }
  }

  for consumers in [1, 2] {
    Benchmark("queue: item, 1 producer, \(consumers) consumers", configuration: many) { benchmark in
      handOver(consumers: consumers, benchmark)
    }
  }
}

/// Every participant crosses the barrier once an iteration; the calling thread is one of them.
private func cross<B: HeadwayThreads.Barrier>(_ barrier: B, _ benchmark: Benchmark) {
  let probe = NullProbe()
  let site = WaitSite.barrier("benchmark", polls: barrier.polls, probe: probe)
  let rounds = benchmark.scaledIterations.count
  let others = (1..<barrier.participants).map { participant in
    JoinableThread {
      let me = probe.register(name: "participant", role: .worker)
      for _ in 0...rounds { barrier.wait(participant: participant, at: site, probe: me) }
    }
  }
  let me = probe.register(name: "main", role: .main)
  barrier.wait(participant: 0, at: site, probe: me)
  benchmark.startMeasurement()
  for _ in benchmark.scaledIterations { barrier.wait(participant: 0, at: site, probe: me) }
  benchmark.stopMeasurement()
  for thread in others { thread.join() }
}

/// The calling thread pushes every item, the consumers pop them.
private func handOver(consumers: Int, _ benchmark: Benchmark) {
  let probe = NullProbe()
  let polling = Polling.bounded(threads: consumers + 1, usableCPUs: usableCPUCount())
  let queue = MPMCQueue<UInt64>(capacity: 1024, polling: polling)
  let empty = WaitSite(
    "work_queue", kind: .queueEmpty, state: "queue.empty", polls: polling.polls, probe: probe)
  let full = WaitSite(
    "work_queue_full", kind: .queueFull, state: "queue.full", polls: polling.polls, probe: probe)
  let threads = (0..<consumers).map { _ in
    JoinableThread {
      let me = probe.register(name: "consumer", role: .worker)
      while let item = queue.pop(at: empty, probe: me) { blackHole(item) }
    }
  }
  let me = probe.register(name: "main", role: .main)
  benchmark.startMeasurement()
  for item in benchmark.scaledIterations { _ = queue.push(UInt64(item), at: full, probe: me) }
  queue.close()
  for thread in threads { thread.join() }
  benchmark.stopMeasurement()
}

/// A thread that can be waited for.
private final class JoinableThread: Sendable {
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread { [done] in
      body()
      done.signal()
    }
  }

  func join() { done.wait() }
}
