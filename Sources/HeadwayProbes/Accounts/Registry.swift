import CHeadwayLinux
import Glibc
import HeadwayTrace

/// The names of a run, numbered in the order of their registration.
struct NumberedNames<Definition> {
  private(set) var definitions: [Definition] = []
  private var numbers: [String: Int] = [:]

  /// The number of a name; a new name takes the next one.
  mutating func number(of definition: Definition, named name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = definitions.count
    definitions.append(definition)
    return definitions.count - 1
  }
}

/// One row of the books: a name, and the threads that have filled it one after another.
struct RegistryEntry {
  let name: String
  let role: ThreadRole
  // Invariant: allocated at registration, freed by the probe's `deinit`.
  let row: UnsafeMutablePointer<ThreadRow>
  /// Whether the row lies in the memory of the status file.
  let isLive: Bool
  var threadID: ThreadID
  /// The stretches in which a thread filled the row; the last one's end is `nil` while it does.
  var stretches: [(begin: UInt64, end: UInt64?)] = []
  /// Scheduler statistics when the window opened or the thread came later; `nil` when none count now.
  var schedulingBase: SchedulingReading?
  /// Scheduler statistics inside the window so far.
  var scheduled = SchedulingReading(onCpuNs: 0, runDelayNs: 0)
  /// Whether every reading of the scheduler statistics succeeded.
  var schedulingIsKnown = true
  /// A bound on what `scheduled` contains from outside the window.
  var schedulingSlackTicks: UInt64 = 0
  var switchesBase: SwitchCounts?
  /// Switches of the retired stretches; `nil` once a reading failed.
  var switches: SwitchCounts? = SwitchCounts(voluntary: 0, involuntary: 0)
  /// The kernel's performance events inside the window.
  var counters = CounterLedger()

  /// Whether a thread fills the row now.
  var isActive: Bool { stretches.last.map { $0.end == nil } ?? false }
}

/// What has been registered with a probe, under its lock.
struct Registry {
  var clock: FastClock
  var states = NumberedNames<StateDefinition>()
  var sites = NumberedNames<SiteDefinition>()
  var operations = NumberedNames<String>()
  var entries: [RegistryEntry] = []
  var readingsFailed = 0
  var warnings: [String] = []
  /// Whether scheduler statistics count now.
  var isWindowOpen = false
  /// What the machine had done when the window opened.
  var activityBase: SystemActivity?
  /// What others took of the CPUs in the window.
  var foreign: ForeignTime?
  let trace: TraceFileWriter?
  let live: LiveFile?
  /// Whether the rows time operations.
  let timesOperations: Bool
  /// Whether events are recorded.
  var isTraceOpen: Bool

  init(clock: FastClock, trace: TraceFileWriter?, live: LiveFile?, timesOperations: Bool) {
    self.clock = clock
    self.trace = trace
    self.live = live
    self.timesOperations = timesOperations
    isTraceOpen = trace != nil
  }

  /// The number of a state.
  mutating func number(of state: StateDefinition) -> Int {
    let known = states.definitions.count
    let number = states.number(of: state, named: state.name)
    if number == known {
      trace?.define(.state(state), number: number)
      live?.define(.state(state), number: number)
    }
    return number
  }

  /// The number of a site.
  mutating func number(of site: SiteDefinition) -> Int {
    let known = sites.definitions.count
    let number = sites.number(of: site, named: site.name)
    if number == known {
      trace?.define(.site(site), number: number)
      live?.define(.site(site), number: number)
    }
    return number
  }

  /// How far ahead the window's ends are announced: 4 µs, far above the time that a store takes to be
  /// seen, and below anything that a run could notice.
  var announcementTicks: UInt64 { max(1, clock.rate.ticksPerSecond / 250_000) }

  /// Adds the calling thread under a name, taking up a retired row of that name.
  mutating func register(
    name: String, role: ThreadRole, window: UnsafePointer<WindowBounds>, counters: ThreadCounters?
  ) -> Int {
    let thread = ThreadID(headway_gettid())
    var unique = name
    var suffix = 2
    while entries.contains(where: { $0.name == unique && $0.isActive }) {
      unique = "\(name)#\(suffix)"
      suffix += 1
    }
    if unique != name {
      warnings.append("two threads were registered as \(name) at once; the later one is \(unique)")
    }
    let index: Int
    if let known = entries.firstIndex(where: { $0.name == unique }) {
      index = known
      entries[index].threadID = thread
    } else {
      index = entries.count
      let memory = live?.addRow(
        of: RecordedThread(name: unique, role: role, processID: getpid(), threadID: thread), number: index)
      entries.append(
        RegistryEntry(
          name: unique, role: role,
          row: ThreadRow.allocate(
            window: window, rate: clock.rate, live: memory, timesOperations: timesOperations),
          isLive: memory != nil,
          threadID: thread))
      openSink(index)
    }
    entries[index].switchesBase = readSwitches()
    let begin = headway_ticks()
    if isWindowOpen { openScheduling(index) }
    if let counters { entries[index].counters.take(counters, isCounting: isWindowOpen) }
    let ticks = entries[index].row.pointee.begin()
    // What the kernel counts of the thread from its reading on, and the books do not.
    if isWindowOpen { entries[index].schedulingSlackTicks += ticks - min(begin, ticks) }
    entries[index].stretches.append((begin: ticks, end: nil))
    entries[index].row.pointee.open.clear()
    entries[index].row.pointee.open.changed(at: ticks)
    entries[index].row.pointee.show(thread, isActive: true)
    entries[index].row.pointee.announced = 0
    if entries[index].row.pointee.sink.isOpen {
      entries[index].row.pointee.append(
        TraceRecord(
          start: ticks, kind: .threadBegan, argument: UInt64(UInt32(bitPattern: thread.rawValue))))
    }
    return index
  }

  /// Lets a new row write into the trace.
  private mutating func openSink(_ index: Int) {
    guard let trace, isTraceOpen else { return }
    let entry = entries[index]
    let definition = trace.define(
      .thread(
        RecordedThread(
          name: entry.name, role: entry.role, processID: getpid(), threadID: entry.threadID)),
      number: index)
    entry.row.pointee.sink = EventSink(writer: trace, thread: index, definition: definition)
    entry.row.pointee.chunkState = number(of: ThreadRow.changingChunks)
    // Now, before the thread is in the books. Where there is no chunk, the first event finds that out.
    _ = entry.row.pointee.sink.refill()
  }

  /// Ends the calling thread's stretch of a row, and returns its counters, which are to be closed.
  mutating func retire(_ row: UnsafeMutablePointer<ThreadRow>) -> ThreadCounters? {
    guard let index = entries.firstIndex(where: { $0.row == row }), entries[index].isActive else {
      warnings.append("a thread was retired that was not registered")
      return nil
    }
    let reading = row.pointee.askedReading()
    row.pointee.timer.advance(to: reading)
    let openStates = row.pointee.timer.depth
    if openStates > 0 {
      warnings.append("\(entries[index].name) was retired with \(openStates) states still open")
    }
    let last = entries[index].stretches.count - 1
    entries[index].stretches[last].end = row.pointee.timer.lastTicks
    if row.pointee.sink.isOpen {
      row.pointee.append(TraceRecord(start: row.pointee.timer.lastTicks, kind: .threadEnded))
    }
    row.pointee.end()
    row.pointee.open.changed(at: row.pointee.timer.lastTicks)
    row.pointee.show(entries[index].threadID, isActive: false)
    if isWindowOpen { closeScheduling(index, at: row.pointee.timer.lastTicks) }
    entries[index].addSwitches(readSwitches())
    entries[index].switchesBase = nil
    return entries[index].counters.giveBack(isCounting: isWindowOpen)
  }

  private mutating func readSwitches() -> SwitchCounts? {
    let counts = SwitchCounts.read()
    if counts == nil { readingsFailed += 1 }
    return counts
  }
}

extension RegistryEntry {
  /// Adds the switches of the current stretch, ended by `counts`.
  mutating func addSwitches(_ counts: SwitchCounts?) {
    guard let before = switchesBase, let counts, let sum = switches else {
      switches = nil
      return
    }
    switches = sum + (counts - before)
  }
}

extension RecordingProbe {
  /// Registers the calling thread. A name that was retired is taken up again; a name that is in use gets a
  /// number behind it, and a warning.
  public func register(name: String, role: ThreadRole) -> RecordingHandle {
    // Opened by the thread itself, before its row begins: the time lies in no state. None once the window has
    // closed, because nothing would count.
    let isOver = window.pointee.end.load(ordering: .relaxed) < .max
    let counters = countsEvents && !isOver ? ThreadCounters.open() : nil
    let (address, unique) = registry.withLock { registry in
      let index = registry.register(
        name: name, role: role, window: UnsafePointer(window), counters: counters)
      return (UInt(bitPattern: registry.entries[index].row), registry.entries[index].name)
    }
    let handle = handle(at: address)
    // The row outlives the attachment, which ends when the thread retires or the sampler is stopped.
    if let stacks, role != .sampler, let slot = handle.row.pointer(to: \.timer.slot) {
      stacks.attach(name: unique, role: role, label: UnsafePointer(slot))
    }
    return handle
  }

  /// Ends the calling thread's row.
  public func retire(_ handle: RecordingHandle) {
    stacks?.detach()
    let address = UInt(bitPattern: handle.row)
    let counters = registry.withLock { registry in
      UnsafeMutablePointer<ThreadRow>(bitPattern: address).flatMap { registry.retire($0) }
    }
    counters?.close()
  }

  /// Rows leave the lock as numbers because a pointer may not cross it; this is the one way back.
  private func handle(at address: UInt) -> RecordingHandle {
    guard let row = UnsafeMutablePointer<ThreadRow>(bitPattern: address) else {
      preconditionFailure("a registered row has an address")
    }
    return RecordingHandle(row: row)
  }
}
