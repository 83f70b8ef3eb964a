import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Counters of real threads with planted truth. Where the kernel refuses a counter, the reason stands in its place.
@Suite("Counters of threads", .serialized) struct ThreadCountersTests {
  private func probe() throws -> RecordingProbe {
    try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, counters: true)
  }

  private func readings(_ accounts: RunAccounts, _ name: String) throws -> CounterReadings {
    try #require(accounts.threads.first { $0.name == name }?.counters, "\(name) has counters")
  }

  /// A thread of a name that registers, does something, and retires.
  private func planted(
    _ name: String, of probe: RecordingProbe, _ work: @escaping @Sendable () -> Void
  ) -> PlantedThread {
    PlantedThread(
      prepare: { UncheckedHandle(probe.register(name: name, role: .worker)) },
      work: { handle, go in
        go.wait()
        work()
        probe.retire(handle.value)
      })
  }

  @Test("every counter has a value or a reason, and threads that were not asked for have neither")
  func complete() throws {
    let probe = try probe()
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    burn(milliseconds: 2)
    probe.closeWindow()
    probe.retire(main)
    let counters = try readings(probe.accounts(), "main")
    let keys = Array(counters.counts.keys) + Array(counters.absent.keys)
    #expect(keys.sorted() == CounterKind.allCases.map(\.rawValue).sorted())
    #expect(counters.absent.values.allSatisfy { !$0.detail.isEmpty })
    #expect(counters.openingNs > .zero)
    let hardware = CounterKind.allCases.filter(\.isHardware)
    for kind in hardware where counters[kind] == nil {
      #expect(counters.absent[kind.rawValue]?.reason != .incomplete)
    }
    if let instructions = counters[.instructions] {
      #expect(instructions > 100_000, "2 ms of computing take more than that")
    }
    let plain = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    let other = plain.register(name: "main", role: .main)
    plain.openWindow()
    plain.closeWindow()
    plain.retire(other)
    #expect(plain.accounts().threads.allSatisfy { $0.counters == nil })
  }

  @Test("the task clock shows what a thread burnt in the window, and nothing from before")
  func taskClock() throws {
    let probe = try probe()
    let idle = probe.state(.blocked("idle", site: "gate"))
    let main = probe.register(name: "main", role: .main)
    let early = EventGate()
    let burner = PlantedThread(
      prepare: {
        let handle = probe.register(name: "burner", role: .worker)
        burn(milliseconds: 100)
        // A state's end is an end of what is booked: the interval that the window cuts has no CPU time to share.
        handle.enter(idle)
        return UncheckedHandle(handle)
      },
      work: { handle, go in
        go.wait()
        handle.value.leave()
        burn(milliseconds: 30)
        early.open()
        probe.retire(handle.value)
      })
    let idler = planted("idler", of: probe) { early.wait() }
    #expect(burner.ready.wait() && idler.ready.wait())
    probe.openWindow()
    burner.go.open()
    idler.go.open()
    #expect(burner.done.wait() && idler.done.wait())
    probe.closeWindow()
    probe.retire(main)
    let accounts = probe.accounts()
    let burnt = try readings(accounts, "burner")
    guard let clock = burnt[.taskClock] else {
      #expect(burnt.absent["task_clock_ns"] != nil)
      return
    }
    #expect((30_000_000..<90_000_000).contains(clock), "\(clock)")
    let idled = try #require(try readings(accounts, "idler")[.taskClock])
    #expect(idled < 30_000_000)
    let own = try #require(accounts.threads.first { $0.name == "burner" }).cpuNs.count
    #expect(abs(Int64(clock) - own) < 5_000_000, "two clocks of one thread: \(clock) and \(own)")
  }

  @Test("faults and switches are counted where they happen, in the window alone")
  func faultsAndSwitches() throws {
    let probe = try probe()
    let main = probe.register(name: "main", role: .main)
    let gates = (0..<20).map { _ in EventGate() }
    let answers = (0..<20).map { _ in EventGate() }
    let toucher = PlantedThread(
      prepare: {
        let handle = probe.register(name: "toucher", role: .worker)
        touchFreshPages(300)
        return UncheckedHandle(handle)
      },
      work: { handle, go in
        go.wait()
        touchFreshPages(500)
        for (gate, answer) in zip(gates, answers) {
          answer.open()
          gate.wait()
        }
        probe.retire(handle.value)
      })
    #expect(toucher.ready.wait())
    probe.openWindow()
    toucher.go.open()
    // Each gate is opened only after its answer, when the toucher is on its way to wait at it.
    for (gate, answer) in zip(gates, answers) {
      #expect(answer.wait())
      burn(milliseconds: 1)
      gate.open()
    }
    #expect(toucher.done.wait())
    probe.closeWindow()
    probe.retire(main)
    let counters = try readings(probe.accounts(), "toucher")
    if let faults = counters[.pageFaults] {
      #expect((500..<750).contains(faults), "\(faults) faults")
    } else {
      #expect(counters.absent["page_faults"] != nil)
    }
    if let switches = counters[.contextSwitches] {
      #expect(switches >= 1, "a thread that waited has been switched off")
      #expect(counters[.migrations] != nil)
    } else {
      #expect(counters.absent["context_switches"]?.reason == .notPermitted)
    }
  }

  @Test("threads that fill a row one after another add up, and each opens its own counters in the window")
  func oneAfterAnother() throws {
    let probe = try probe()
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for _ in 0..<3 {
      let worker = planted("worker-0", of: probe) { burn(milliseconds: 10) }
      #expect(worker.ready.wait())
      worker.go.open()
      #expect(worker.done.wait())
    }
    let halfway = try readings(probe.accounts(), "worker-0")
    probe.closeWindow()
    let late = planted("worker-0", of: probe) { burn(milliseconds: 50) }
    #expect(late.ready.wait())
    late.go.open()
    #expect(late.done.wait())
    probe.retire(main)
    let counters = try readings(probe.accounts(), "worker-0")
    #expect(counters.counts == halfway.counts, "what comes after the window counts for nothing")
    guard let clock = counters[.taskClock] else { return }
    #expect((30_000_000..<75_000_000).contains(clock), "\(clock)")
  }

  @Test("no descriptor is left open", .timeLimit(.minutes(1)))
  func closed() throws {
    do {
      let probe = try probe()
      let main = probe.register(name: "main", role: .main)
      let worker = planted("worker-0", of: probe) {}
      #expect(worker.ready.wait())
      #expect(openCounters() > 0 || (try? EventCounter(opening: .taskClock)) == nil)
      probe.openWindow()
      worker.go.open()
      #expect(worker.done.wait())
      // Neither closed nor retired: the probe's end closes what is left.
      _ = main
    }
    // Another test may hold one for a moment.
    while openCounters() > 0 { sched_yield() }
  }

  /// The performance events that this process has open.
  private func openCounters() -> Int {
    let folder = "/proc/self/fd/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.count { name in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + name))?.contains("perf_event")
        == true
    }
  }
}

/// Writes to pages that were never touched, one by one: each takes a fault.
private func touchFreshPages(_ count: Int) {
  let page = 4_096
  guard let memory = mmap(nil, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    memory != MAP_FAILED
  else { return }
  // MADV_NOHUGEPAGE: a huge page would take one fault for all.
  madvise(memory, count * page, 15)
  for index in 0..<count { memory.storeBytes(of: 1, toByteOffset: index * page, as: UInt8.self) }
  munmap(memory, count * page)
}
