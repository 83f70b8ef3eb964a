import CHeadwayLinux
import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Synchronization
import Testing

/// What the kernel says of a thread that lost its CPU, against what it counts.
@Suite(
  .serialized,
  .enabled(if: headway_switch_word() != nil, "the C library or the kernel has no restartable sequences"))
struct SwitchWordTests {
  /// What a thread saw of its own switches.
  private struct Sightings {
    var kept = 0
    var lost = 0
    /// Stretches that the thread is said to have kept its CPU through, and in which the kernel counted a switch.
    var contradictions = 0
  }

  @Test func aSleepIsNoticed() throws {
    let word = try #require(headway_switch_word())
    headway_watch_switches(word)
    usleep(1_000)  // What is to be noticed, not a wait for something.
    #expect(!headway_no_switch(word))
  }

  /// Two threads compute on one CPU, so that each is sent off it again and again in the middle of its work.
  @Test(.timeLimit(.minutes(2))) func aThreadThatIsSentOffItsCPUKnowsIt() throws {
    let isOver = Atomic<Bool>(false)
    let rival = try OSThread(name: "rival", purpose: .program) {
      _ = bindToFirstCpu()
      // Relaxed: it only ends a loop.
      while !isOver.load(ordering: .relaxed) { spin(nanoseconds: 1_000) }
    }
    let seen = Mutex(Sightings())
    let watcher = try OSThread(name: "watcher", purpose: .program) {
      _ = bindToFirstCpu()
      let result = Self.watch(until: 20)
      seen.withLock { $0 = result }
      isOver.store(true, ordering: .relaxed)
    }
    watcher.join()
    rival.join()
    let result = seen.withLock { $0 }
    #expect(result.contradictions == 0)
    #expect(result.lost >= 20)
    #expect(result.kept > result.lost, "a tenth of a millisecond is mostly unbroken: \(result)")
  }

  /// The states of two threads that share a CPU have half of it each, whatever their wall time is.
  @Test(.timeLimit(.minutes(2))) func theBooksOfThreadsThatShareACPU() throws {
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    let (short, long) = (probe.state(.useful("short")), probe.state(.useful("long")))
    let main = probe.register(name: "main", role: .main)
    let gate = EventGate()
    let truth = Mutex([String: UInt64]())
    let threads = try ["one", "other"].map { name in
      try OSThread(name: name, purpose: .program) {
        _ = bindToFirstCpu()
        let me = probe.register(name: name, role: .worker)
        gate.wait()
        let begin = threadCpuNs()
        // Without a system call, at whose end the threads would take turns, outside of their states.
        for _ in 0..<600 {
          me.enter(short)
          spin(nanoseconds: 20_000)
          me.leave()
          me.enter(long)
          spin(nanoseconds: 400_000)
          me.leave()
        }
        let used = threadCpuNs() - begin
        probe.retire(me)
        truth.withLock { $0[name] = used }
      }
    }
    probe.openWindow()
    gate.open()
    for thread in threads { thread.join() }
    probe.closeWindow()
    probe.retire(main)
    let accounts = probe.accounts()
    for (name, used) in truth.withLock({ $0 }) {
      let thread = try #require(accounts.threads.first { $0.name == name })
      let states = try [thread.states["short"], thread.states["long"]].map { try #require($0) }
      let cpu = states.reduce(0) { $0 + Double($1.cpuNs.count) }
      let wall = states.reduce(0) { $0 + Double($1.wallNs.count) }
      #expect(abs(cpu / Double(used) - 1) < 0.02, "\(name): \(cpu) of \(used)")
      #expect(wall > 1.5 * cpu, "\(name) waited for its CPU: \(wall), \(cpu)")
    }
  }

  private static func watch(until switches: Int) -> Sightings {
    var result = Sightings()
    guard let word = headway_switch_word() else { return result }
    while result.lost < switches {
      headway_watch_switches(word)
      let before = threadSwitches()
      spin(nanoseconds: 100_000)
      let after = threadSwitches()
      if headway_no_switch(word) {
        result.kept += 1
        if before != after { result.contradictions += 1 }
      } else if before != after {
        result.lost += 1
      }
    }
    return result
  }
}
