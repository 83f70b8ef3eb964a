import CHeadwayLinux
import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Virtual speed-ups on threads whose truth is known. What is credited is exact whatever the machine does
/// meanwhile; that somebody waits shows in the thread's switches off the CPU.
@Suite(.timeLimit(.minutes(2))) struct CausalProbeTests {
  /// Computes until the calling thread has used this much CPU time.
  private func burn(microseconds: UInt64) {
    let start = headway_thread_cpu_ns()
    while headway_thread_cpu_ns() < start + microseconds * 1_000 {}
  }

  private var voluntarySwitches: Int64 { threadSwitches().voluntary }

  private func probe(_ experiments: [CausalExperiment], steps: Int = 2) -> CausalProbe {
    CausalProbe(experiments: experiments, stepsPerExperiment: steps, warmupSteps: 1)
  }

  @Test func aRegionThatIsTheWholeStepShrinksByItsSpeedUp() {
    let experiments = [0, 0.25, 0.5, 1].map { CausalExperiment(region: "work", speedup: $0) } + [.baseline]
    let probe = probe(experiments)
    let work = probe.state(StateDefinition(name: "work", category: .useful))
    let me = probe.register(name: "main", role: .main)
    let steps = CausalProbe.stepsNeeded(
      experiments: experiments.count, stepsPerExperiment: 2, warmupSteps: 1)
    for step in 0..<steps {
      me.enter(work)
      burn(microseconds: 300)
      me.leave()
      me.step(step, from: me.now())
    }
    let measured = probe.measurements(blockLength: 5)
    #expect(
      measured.map(\.experiment) == experiments && measured.allSatisfy { $0.steps == 2 && $0.block == 0 })
    for one in measured {
      // All but the few nanoseconds between two regions lie in the region.
      let share = Double(one.insertedNs.count) / Double(one.wallNs.count)
      #expect(share <= one.experiment.speedup)
      #expect(share >= 0.9 * one.experiment.speedup, "\(share) of \(one.experiment)")
    }
    #expect(measured[4].insertedNs == .zero && measured[4].stepNs >= 300_000)
  }

  @Test func onlyTheRegionItselfCounts() {
    let probe = probe([CausalExperiment(region: "inner", speedup: 0.5)], steps: 4)
    let outer = probe.state(StateDefinition(name: "outer", category: .useful))
    let inner = probe.state(StateDefinition(name: "inner", category: .useful))
    let nested = probe.state(StateDefinition(name: "nested", category: .useful))
    let me = probe.register(name: "main", role: .main)
    var ticks: UInt64 = 0
    for step in 0..<7 {
      me.enter(outer)
      burn(microseconds: 500)
      let start = headway_ticks()
      me.enter(inner)
      burn(microseconds: 100)
      let beforeNested = headway_ticks()
      me.enter(nested)
      burn(microseconds: 500)
      me.leave()
      let afterNested = headway_ticks()
      burn(microseconds: 100)
      me.leave()
      // The last four steps are the measured ones.
      if step >= 3 { ticks += headway_ticks() - start - (afterNested - beforeNested) }
      me.leave()
      me.step(step, from: me.now())
    }
    let one = probe.measurements(blockLength: 1)
    #expect(one.count == 1)
    let upper = FastClock().rate.nanoseconds(ofTicks: ticks).count / 2
    let inserted = one.first?.insertedNs.count ?? 0
    // 2 · 100 µs of CPU time in each of four steps, half of it.
    #expect(inserted >= 400_000 && inserted <= upper + upper / 50, "\(inserted) of \(upper)")
  }

  /// A thread that worked meanwhile pays at its next change of state; one that waited owes nothing.
  @Test(arguments: [false, true]) func whoWorkedPaysAndWhoWaitedDoesNot(waits: Bool) {
    let probe = probe([CausalExperiment(region: "work", speedup: 1)])
    let work = probe.state(StateDefinition(name: "work", category: .useful))
    let other = probe.state(StateDefinition(name: "other", category: .useful))
    let waiting = probe.state(StateDefinition(name: "queue.empty", category: .blocked, site: "queue"))
    let main = probe.register(name: "main", role: .main)
    for step in 0..<2 { main.step(step, from: main.now()) }
    let (registered, credited, done) = (EventGate(), EventGate(), EventGate())
    let outcome = Outcome()
    Thread.detachNewThread { [self] in
      let me = probe.register(name: "worker-0", role: .worker)
      if waits { me.enter(waiting) }
      registered.open()
      credited.wait()
      if waits { me.leave() }
      let before = voluntarySwitches
      let start = headway_ticks()
      me.enter(other)
      outcome.set(ticks: headway_ticks() - start, switches: voluntarySwitches - before)
      me.leave()
      done.open()
    }
    registered.wait()
    let start = headway_ticks()
    main.enter(work)
    burn(microseconds: 20_000)
    main.leave()
    let atMost = headway_ticks() - start
    credited.open()
    done.wait()
    let (ticks, switches) = outcome.value
    if waits {
      #expect(switches == 0, "it went on at once")
    } else {
      #expect(switches >= 1, "it slept")
      // 20 ms of CPU time lie in the region at least, and s is 1.
      #expect(FastClock().rate.nanoseconds(ofTicks: ticks).count >= 19_900_000)
      #expect(ticks >= atMost / 100)
    }
  }

  @Test func tooFewStepsLeaveTheLastExperimentOut() {
    let probe = probe([.baseline, .baseline])
    let me = probe.register(name: "main", role: .main)
    for step in 0..<6 { me.step(step, from: me.now()) }
    #expect(probe.measurements(blockLength: 2).count == 1)
    #expect(CausalProbe.stepsNeeded(experiments: 2, stepsPerExperiment: 2, warmupSteps: 1) == 8)
  }

  /// What the worker saw; set before a gate opens and read after it.
  private final class Outcome: @unchecked Sendable {
    private(set) var value: (ticks: UInt64, switches: Int64) = (0, 0)
    func set(ticks: UInt64, switches: Int64) { value = (ticks, switches) }
  }
}
