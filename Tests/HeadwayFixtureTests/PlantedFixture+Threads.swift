import Foundation
import HeadwayProbes
import HeadwayRecording
import HeadwayTestSupport
import HeadwayTrace

extension PlantedFixture {
  /// Two workers that the main thread makes anew in each epoch, for little work.
  static func threadsAnewEachEpoch(in run: EngineRun) -> FixtureEngine {
    let work = run.state("forward")
    let create = run.state("thread.create", category: .lifecycle)
    let join = run.state("thread.join", category: .lifecycle)
    let done = run.waitSite("epoch_done", kind: .latch)
    return FixtureEngine(members: []) { me in
      for epoch in 0..<120 {
        me.step(epoch) {
          let gates = (0..<2).map { _ in (done: EventGate(), gone: EventGate()) }
          me.within(create) {
            for (index, gate) in gates.enumerated() {
              Thread.detachNewThread {
                let worker = run.register("worker-\(index)")
                worker.within(work) { burnCPU(microseconds: 40) }
                worker.complete(tasks: 1)
                gate.done.open()
                worker.retire()
                gate.gone.open()
              }
            }
          }
          done.wait(me) { for gate in gates { gate.done.wait() } }
          me.within(join) { for gate in gates { gate.gone.wait() } }
        }
      }
    }
  }

  /// Twice as many workers as CPUs, all with work.
  static func moreThreadsThanCores(in run: EngineRun) -> FixtureEngine {
    let work = run.state("forward")
    let counts = SharedCounts()
    let workers = 2 * Int(MachineFacts.read().usableCpus.rounded(.up))
    return FixtureEngine(
      members: FixtureEngine.workers(workers) { me, _ in
        // Relaxed: a task is claimed by the addition.
        while counts.next.add(1, ordering: .relaxed).oldValue < workers * 8 {
          me.within(work) { burnCPU(microseconds: 4_000) }
          me.complete(tasks: 1)
        }
      })
  }

  /// Two workers that add to accumulators of their own: in each step two tasks each at the same time, and then
  /// one of them a third alone. A task is so many additions, whatever they cost.
  static func accumulators(in run: EngineRun, padded: Bool) -> FixtureEngine {
    let work = run.state("accumulate")
    let (site, barrier) = (run.barrier("end", participants: 2), PlantedBarrier(2))
    let accumulators = PlantedAccumulators(padded: padded)
    let additions = PlantedAccumulators.additions(inMicroseconds: 600)
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, index in
        func task() {
          me.within(work) { accumulators.add(index, times: additions) }
          me.complete(tasks: 1)
        }
        for step in 0..<40 {
          task()
          task()
          site.cross(me) { barrier.wait() }
          if step % 2 == index { task() }
          site.cross(me) { barrier.wait() }
        }
      })
  }

  /// Two workers with the same work, and a main thread that has none.
  static func healthy(in run: EngineRun) -> FixtureEngine {
    let work = run.state("forward")
    let (site, barrier) = (run.barrier("end", participants: 3), PlantedBarrier(3))
    let steps = 12
    return FixtureEngine(
      members: FixtureEngine.workers(2) { me, _ in
        for _ in 0..<steps {
          me.within(work) { burnCPU(microseconds: 12_000) }
          me.complete(tasks: 1)
          site.cross(me) { barrier.wait() }
        }
      }
    ) { me in
      for step in 0..<steps { me.step(step) { site.cross(me) { barrier.wait() } } }
    }
  }
}
