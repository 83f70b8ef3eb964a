import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("The recording probe on real threads", .serialized)
struct RecordingProbeTests {
  func probe() throws -> RecordingProbe {
    try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
  }

  func wallSum(_ thread: ThreadAccounts) -> Nanoseconds {
    thread.states.values.reduce(.zero) { $0 + $1.wallNs }
  }

  @Test("the states of the main thread sum to the window, in nanoseconds and exactly")
  func closesExactly() throws {
    let probe = try probe()
    let outer = probe.state(.useful("outer"))
    let inner = probe.state(.useful("inner"))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for _ in 0..<1_000 {
      main.enter(outer)
      main.enter(inner)
      main.leave()
      main.leave()
    }
    probe.closeWindow()
    let accounts = probe.accounts()
    let thread = try #require(accounts.threads.first)
    #expect(accounts.windowNs.count > 0)
    #expect(thread.presentNs == accounts.windowNs)
    #expect(wallSum(thread) == accounts.windowNs)
    #expect(thread.states.values.reduce(Nanoseconds.zero) { $0 + $1.cpuNs } == thread.cpuNs)
    #expect(thread.states["outer"]?.count == 1_000 && thread.states["inner"]?.count == 1_000)
    #expect(thread.transitions == 4_000)
    #expect(accounts.warnings.isEmpty && accounts.losses == RecordLosses(eventsDropped: 0, readingsFailed: 0))
    #expect((accounts.transitionCostNs?.count ?? 0) > 0)
  }

  @Test("a thread that computes and one that waits are told apart, by their own clocks")
  func burnerAndWaiter() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let idle = probe.state(.blocked("idle", site: "gate"))
    let burnt = EventGate()
    let main = probe.register(name: "main", role: .main)
    let waiter = PlantedThread(
      prepare: {
        let handle = probe.register(name: "waiter", role: .worker)
        handle.enter(idle)
        return UncheckedHandle(handle)
      },
      work: { handle, _ in
        burnt.wait()
        handle.value.leave()
        probe.retire(handle.value)
      })
    let burner = PlantedThread(
      prepare: { UncheckedHandle(probe.register(name: "burner", role: .worker)) },
      work: { handle, go in
        go.wait()
        handle.value.enter(work)
        burn(milliseconds: 40)
        handle.value.leave()
        handle.value.complete(tasks: 3, tokens: 96)
        burnt.open()
        probe.retire(handle.value)
      })
    #expect(waiter.ready.wait() && burner.ready.wait())
    let processBefore = processCpuNs()
    probe.openWindow()
    main.enter(idle)
    burner.go.open()
    #expect(burner.done.wait() && waiter.done.wait())
    main.leave()
    probe.closeWindow()
    let processCpu = Int64(processCpuNs() - processBefore)

    let accounts = probe.accounts()
    let byName = Dictionary(uniqueKeysWithValues: accounts.threads.map { ($0.name, $0) })
    let burning = try #require(byName["burner"])
    let waiting = try #require(byName["waiter"])
    let mainThread = try #require(byName["main"])
    let burnState = try #require(burning.states["work"])
    let waitState = try #require(waiting.states["idle"])
    let planted: Int64 = 40_000_000
    #expect(burnState.cpuNs.count >= planted)
    #expect(burnState.cpuNs.count < 2 * planted)
    #expect(burnState.wallNs >= burnState.cpuNs - Nanoseconds(1_000_000))
    // The waiter waited all the while that the burner burnt.
    #expect(waitState.wallNs >= burnState.wallNs)
    #expect(waitState.cpuNs.count < planted / 4)
    // What the process used is not what main used.
    #expect(processCpu >= planted && mainThread.cpuNs.count < planted / 4)
    #expect(burning.tasks == 3 && burning.tokens == 96 && waiting.tasks == 0)
    for thread in accounts.threads { #expect(wallSum(thread) == thread.presentNs) }
    #expect(mainThread.presentNs == accounts.windowNs)
    if let scheduled = burning.scheduledNs {
      #expect(abs(scheduled.count - burning.cpuNs.count) < planted / 4)
      #expect(burning.runDelayNs != nil && burning.schedulingSlackNs != nil)
    } else {
      #expect(accounts.losses.readingsFailed > 0)
    }
    #expect((waiting.voluntarySwitches ?? 0) >= 1)
  }

  @Test("threads that are there all the time sum to n times the window")
  func fullTeam() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let rest = probe.state(.blocked("rest", site: "gate"))
    let main = probe.register(name: "main", role: .main)
    let close = EventGate()
    let workers = (0..<4).map { index in
      PlantedThread(
        prepare: {
          let handle = probe.register(name: "worker-\(index)", role: .worker)
          handle.enter(rest)
          return UncheckedHandle(handle)
        },
        work: { handle, go in
          go.wait()
          handle.value.leave()
          for _ in 0..<100 {
            handle.value.enter(work)
            handle.value.leave()
          }
          handle.value.enter(rest)
          close.wait()
          handle.value.leave()
          probe.retire(handle.value)
        })
    }
    for worker in workers { #expect(worker.ready.wait()) }
    probe.openWindow()
    for worker in workers { worker.go.open() }
    // Its own share of the window: some work, so that the workers get to theirs.
    main.enter(work)
    burn(milliseconds: 5)
    main.leave()
    probe.closeWindow()
    close.open()
    for worker in workers { #expect(worker.done.wait()) }
    let accounts = probe.accounts()
    #expect(accounts.threads.count == 5)
    let sum = accounts.threads.reduce(Nanoseconds.zero) { $0 + wallSum($1) }
    #expect(sum.count == 5 * accounts.windowNs.count)
    #expect(accounts.threads.allSatisfy { $0.presentNs == accounts.windowNs })
  }

  @Test("a late thread and the gap between two threads of a row are not in the books")
  func lateAndGap() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    burn(milliseconds: 2)
    for _ in 0..<2 {
      let thread = PlantedThread(
        prepare: {},
        work: { _, _ in
          let handle = probe.register(name: "worker-0", role: .worker)
          handle.enter(work)
          burn(milliseconds: 3)
          handle.leave()
          probe.retire(handle)
        })
      #expect(thread.done.wait())
      burn(milliseconds: 2)
    }
    probe.closeWindow()
    probe.retire(main)
    let accounts = probe.accounts()
    #expect(accounts.threads.map(\.name) == ["main", "worker-0"] && accounts.warnings.isEmpty)
    let worker = accounts.threads[1]
    let state = try #require(worker.states["work"])
    #expect(state.count == 2 && state.cpuNs.count >= 6_000_000)
    #expect(wallSum(worker) == worker.presentNs)
    #expect(worker.presentNs.count <= accounts.windowNs.count - 6_000_000)
    #expect(worker.threadID != accounts.threads[0].threadID)
  }

  @Test(
    "two threads on one CPU show that each waited for it",
    .enabled("the kernel keeps scheduler statistics") { SchedulingReading.read(ThreadID(getpid())) != nil })
  func runDelay() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    let threads = (0..<2).map { index in
      PlantedThread(
        prepare: {
          #expect(bindToFirstCpu())
          return UncheckedHandle(probe.register(name: "worker-\(index)", role: .worker))
        },
        work: { handle, go in
          go.wait()
          handle.value.enter(work)
          burn(milliseconds: 60)
          handle.value.leave()
          probe.retire(handle.value)
        })
    }
    for thread in threads { #expect(thread.ready.wait()) }
    probe.openWindow()
    for thread in threads { thread.go.open() }
    for thread in threads { #expect(thread.done.wait()) }
    probe.closeWindow()
    probe.retire(main)
    let workers = probe.accounts().threads.dropFirst()
    let delays = workers.compactMap(\.runDelayNs?.count)
    #expect(delays.count == 2)
    // Whoever started second waited while the first ran, and the other way round.
    #expect(delays.reduce(0, +) >= 40_000_000)
    for worker in workers {
      let state = try #require(worker.states["work"])
      #expect(state.wallNs.count - state.cpuNs.count >= 10_000_000)
    }
  }

  @Test("open states are booked up to the window's end, and the books stay open")
  func openStates() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let main = probe.register(name: "main", role: .main)
    main.enter(work)
    probe.openWindow()
    burn(milliseconds: 1)
    let running = probe.accounts()
    #expect(wallSum(running.threads[0]) == running.windowNs && running.windowNs.count >= 1_000_000)
    probe.closeWindow()
    let closed = probe.accounts()
    burn(milliseconds: 1)
    main.leave()
    let after = probe.accounts()
    #expect(closed.threads[0].states["work"]?.count == 0)
    // Rates are measured anew each time; the books are the same up to that.
    let difference = abs(after.windowNs.count - closed.windowNs.count)
    #expect(difference <= closed.windowNs.count / 1_000 + 1_000)
    #expect(wallSum(after.threads[0]) == after.windowNs)
    #expect(after.threads[0].states.keys.sorted() == ["work"])
  }

  @Test("a thread that changes its state while the window opens and closes still closes its books")
  func racingWindow() throws {
    for _ in 0..<20 {
      let probe = try probe()
      let work = probe.state(.useful("work"))
      let main = probe.register(name: "main", role: .main)
      let closed = EventGate()
      let racer = PlantedThread(
        prepare: { UncheckedHandle(probe.register(name: "racer", role: .worker)) },
        work: { handle, go in
          go.open()
          while !closed.wait(atMost: 0) {
            handle.value.enter(work)
            handle.value.leave()
          }
          probe.retire(handle.value)
        })
      #expect(racer.go.wait())
      probe.openWindow()
      burn(milliseconds: 1)
      probe.closeWindow()
      closed.open()
      #expect(racer.done.wait())
      probe.retire(main)
      let accounts = probe.accounts()
      for thread in accounts.threads {
        #expect(thread.presentNs == accounts.windowNs && wallSum(thread) == accounts.windowNs)
      }
    }
  }

  @Test("without a window there are no books, and counts are kept")
  func noWindow() throws {
    let probe = try probe()
    let work = probe.state(.useful("work"))
    let site = probe.site(SiteDefinition(name: "end", kind: .barrier))
    let main = probe.register(name: "main", role: .main)
    main.enter(work)
    main.leave()
    main.complete(tasks: 1, tokens: 2)
    let now = main.now()
    main.crossed(site, generation: 0, arrival: now, release: now, departure: now, wasLast: true)
    let accounts = probe.accounts()
    #expect(accounts.windowNs == .zero && accounts.threads[0].presentNs == .zero)
    #expect(accounts.threads[0].states.isEmpty && accounts.threads[0].tokens == 2)
    #expect(accounts.threads[0].runDelayNs == nil)
    #expect(
      accounts.threads[0].barriers["end"]
        == BarrierAccount(
          episodes: 1, imbalanceNs: .zero, wakeupNs: .zero, lastArrivals: 1, windowWaitNs: .zero,
          leavingNs: .zero,
          spread: DurationHistogram()))
  }

  @Test("misuse bends nothing and is said")
  func misuse() throws {
    let probe = try probe()
    let states = (0..<66).map { probe.state(.useful("s\($0)")) }
    let sites = (0..<34).map { probe.site(SiteDefinition(name: "site\($0)", kind: .latch)) }
    #expect(probe.state(.useful("s5")) == states[5] && Set(states).count == 66)
    #expect(probe.site(SiteDefinition(name: "site5", kind: .latch)) == sites[5])
    let main = probe.register(name: "main", role: .main)
    let twin = probe.register(name: "main", role: .worker)
    probe.openWindow()
    main.leave()
    main.enter(states[65])
    main.leave()
    main.waited(sites[33], from: main.now(), to: main.now())
    main.waited(sites[31], from: main.now(), to: main.now())
    twin.enter(states[0])
    probe.retire(twin)
    probe.retire(twin)
    probe.closeWindow()
    let accounts = probe.accounts()
    #expect(accounts.threads.map(\.name) == ["main", "main#2"])
    #expect(accounts.threads[0].states.keys.sorted() == ["unattributed"])
    #expect(accounts.threads[0].waits.keys.sorted() == ["site31"])
    #expect(wallSum(accounts.threads[0]) == accounts.windowNs)
    #expect(wallSum(accounts.threads[1]) == accounts.threads[1].presentNs)
    #expect(
      Set(accounts.warnings) == [
        "two threads were registered as main at once; the later one is main#2",
        "main#2 was retired with 1 states still open",
        "a thread was retired that was not registered",
        "main left a state 1 times without having entered it",
        "the states s64, s65 are counted as unattributed",
        "the waits at site32, site33 are not counted",
      ])
  }

  @Test("the null probe is nothing at all")
  func null() {
    #expect(MemoryLayout<NullProbe.Handle>.size == 0 && !NullProbe.Handle.isRecording)
    #expect(RecordingHandle.isRecording)
    let handle = NullProbe().register(name: "main", role: .main)
    #expect(handle.now() == handle.begin())
  }
}

/// Carries a handle within one thread, between the two halves of a planted thread.
struct UncheckedHandle: @unchecked Sendable {
  let value: RecordingHandle
  init(_ value: RecordingHandle) { self.value = value }
}
