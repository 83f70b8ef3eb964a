/// The discrete-event simulation of a ``SimulationModel`` (method 7): a pure function, the same for the same
/// model every time.
///
/// Time is in nanoseconds. A thread is computing, waiting, on its way from a wait (woken, not yet running),
/// or at its end. Three kinds of event move time on: the end of some work and of a slice, which the cores know, and a
/// wake-up.
package struct Simulation {
  enum Reason {
    case barrier(Int)
    case room(Int)
    case item(Int)
    case latch(Int)
  }

  /// What a thread is doing.
  enum Activity {
    case ready
    case computing(Work, since: Double, isWaking: Bool)
    case waiting(Reason, since: Double)
    case ended(since: Double)
  }

  struct Thread {
    var place = 0
    var activity = Activity.ready
    var item = Work.none
    var times = ThreadTimes()
    /// CPU time still to be paid for waking others.
    var owed = 0.0
  }

  struct BarrierState {
    var waiting: [Int] = []
  }

  struct QueueState {
    var items: [Work]
    var head = 0
    var consumers: [Int] = []
    var producers: [(thread: Int, item: Work)] = []
    var count: Int { items.count - head }
  }

  struct LatchState {
    var missing = 0
    var waiter: Int?
  }

  let model: SimulationModel
  var pool: CorePool
  var wakeUps = EventHeap()
  var threads: [Thread]
  var barriers: [BarrierState]
  var queues: [QueueState]
  var latches: [LatchState]
  var now = 0.0
  private var stepBegan = 0.0
  private var result = SimulationResult()

  private init(_ model: SimulationModel) {
    self.model = model
    pool = CorePool(
      cores: model.cores, threads: model.threads.count, speeds: model.speeds, bandwidth: model.bandwidth,
      slices: model.slices, refill: model.refill)
    threads = Array(repeating: Thread(), count: model.threads.count)
    barriers = Array(repeating: BarrierState(), count: model.barriers.count)
    queues = model.queues.map { QueueState(items: $0.items) }
    latches = Array(repeating: LatchState(), count: model.latches.count)
  }

  /// Runs a model until its first thread ends, or until no thread can go on.
  package static func run(_ model: SimulationModel) -> SimulationResult {
    var simulation = Simulation(model)
    return simulation.run()
  }

  private var isOver: Bool {
    if case .ended = threads.first?.activity { return true }
    return threads.isEmpty
  }

  private mutating func run() -> SimulationResult {
    for thread in threads.indices { proceed(thread) }
    while !isOver {
      let next = pool.next()
      let wake = wakeUps.first
      if let wake, wake.time <= next?.time ?? .infinity {
        wakeUps.removeFirst()
        move(to: max(wake.time, now))
        endWait(of: wake.subject)
        proceed(wake.subject)
      } else if let next {
        move(to: next.time)
        switch next.event {
        case .end(let thread):
          endWork(of: thread)
          proceed(thread)
        case .slice(let core): pool.turn(core)
        }
      } else {
        break
      }
    }
    return finished()
  }

  private mutating func move(to time: Double) {
    pool.advance(to: time)
    now = time
  }

  // MARK: - Threads

  /// Performs a thread's operations until one takes time.
  private mutating func proceed(_ thread: Int) {
    let program = model.threads[thread]
    while true {
      if threads[thread].owed > 0 {
        compute(thread, Work(coreNs: threads[thread].owed), isWaking: true)
        threads[thread].owed = 0
        return
      }
      if threads[thread].place == program.operations.count, program.repeats, !program.operations.isEmpty {
        threads[thread].place = 0
      }
      guard threads[thread].place < program.operations.count else {
        pool.stop(thread)
        threads[thread].activity = .ended(since: now)
        return
      }
      let operation = program.operations[threads[thread].place]
      threads[thread].place += 1
      if perform(operation, on: thread) { continue }
      return
    }
  }

  /// Performs an operation; `false` when the thread has to wait for its end.
  private mutating func perform(_ operation: ThreadOperation, on thread: Int) -> Bool {
    switch operation {
    case .compute(let work): return compute(thread, work, isWaking: false)
    case .perform: return compute(thread, threads[thread].item, isWaking: false)
    case .cross(let barrier): return cross(barrier, thread)
    case .put(let queue, let item): return put(item, into: queue, thread)
    case .get(let queue): return get(from: queue, thread)
    case .arm(let latch, let count): latches[latch].missing = count
    case .countDown(let latch): countDown(latch, thread)
    case .join(let latch):
      guard latches[latch].missing > 0 else { return true }
      latches[latch].waiter = thread
      wait(thread, for: .latch(latch))
      return false
    case .beginStep: stepBegan = now
    case .endStep: result.stepsNs.append(now - stepBegan)
    }
    return true
  }

  @discardableResult
  private mutating func compute(_ thread: Int, _ work: Work, isWaking: Bool) -> Bool {
    guard work.coreNs > 0 else { return true }
    threads[thread].activity = .computing(work, since: now, isWaking: isWaking)
    pool.start(thread, work: work.coreNs, traffic: work.bytes / work.coreNs)
    return false
  }

  private mutating func endWork(of thread: Int) {
    guard case .computing(let work, let since, let isWaking) = threads[thread].activity else { return }
    book(thread, work, wall: now - since, isWaking: isWaking)
    threads[thread].activity = .ready
  }

  /// Books work up to now. On a slower or a busier machine the work itself takes longer; what goes beyond the
  /// time that the thread had a core is time without one.
  private mutating func book(_ thread: Int, _ work: Work, wall: Double, isWaking: Bool) {
    let own = work.coreNs > 0 ? min(work.cpuNs / work.coreNs, 1) : 1
    let useful = min(pool.occupancy(of: thread) * own, wall)
    if isWaking { threads[thread].times.waking += useful } else { threads[thread].times.useful += useful }
    threads[thread].times.runnable += wall - useful
  }

  // MARK: - The end

  private mutating func finished() -> SimulationResult {
    result.spanNs = now
    result.isComplete = isOver
    for thread in threads.indices {
      switch threads[thread].activity {
      case .ready: break
      case .computing(let work, let since, let isWaking):
        book(thread, work, wall: now - since, isWaking: isWaking)
      case .waiting(let reason, let since): book(thread, wait: now - since, for: reason)
      case .ended(let since): threads[thread].times.exited += now - since
      }
    }
    result.threads = threads.map(\.times)
    return result
  }
}
