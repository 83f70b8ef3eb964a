import CHeadwayLinux
import HeadwayTrace
import Synchronization

/// The ends of the measured window in ticks, shared by every row; `UInt64.max` until known.
@usableFromInline
struct WindowBounds: ~Copyable {
  // Relaxed everywhere: each value is the whole message, and nothing else is published through it. See
  // `RecordingProbe.openWindow()` for why no thread books across a bound that it has not seen.
  @usableFromInline let begin = Atomic<UInt64>(.max)
  @usableFromInline let end = Atomic<UInt64>(.max)
}

/// What one thread has been given at one site.
@usableFromInline
struct SiteTotals {
  @usableFromInline var count: UInt64 = 0
  @usableFromInline var lastArrivals: UInt64 = 0
  @usableFromInline var imbalanceTicks: UInt64 = 0
  @usableFromInline var wakeupTicks: UInt64 = 0
  @usableFromInline var waitTicks: UInt64 = 0
  /// The part of the waits that lies in the window.
  @usableFromInline var windowTicks: UInt64 = 0
  /// From the noted ends of the waits to the ends of their states.
  @usableFromInline var leavingTicks: UInt64 = 0
  /// The longest interval of the site's histogram.
  @usableFromInline var longestTicks: UInt64 = 0
}

/// Everything that one thread writes while it is measured: its timer, its sites, its counts and its events.
///
/// Rows live in one cache-line-aligned allocation each, so that no two threads write to one line.
@usableFromInline
struct ThreadRow {
  /// Sites that can be told apart; crossings of further ones are counted and dropped.
  @inlinable static var siteCapacity: Int { 32 }
  /// How long after a reading of both clocks a thread is known to have kept its CPU whatever the kernel says, in
  /// nanoseconds: below what two changes of thread take.
  static var unbrokenNs: UInt64 { 1_500 }
  /// How long the CPU clock is not asked at most, in nanoseconds, where the kernel says that the thread has kept its CPU: a
  /// hypervisor that took the CPU away meanwhile goes unnoticed by the thread, not by the clock.
  static var trustedNs: UInt64 { 5_000_000 }
  /// Alignment and padding: two lines, because the prefetcher of x86-64 pulls lines in pairs.
  private static let alignment = 128

  @usableFromInline var timer: ExclusiveTimer
  // Invariant: valid as long as the probe that made the row; the probe frees both.
  @usableFromInline let window: UnsafePointer<WindowBounds>
  // Invariant: valid for `siteCapacity + 1` elements; the last collects the overflow.
  @usableFromInline let sites: UnsafeMutablePointer<SiteTotals>
  // Invariant: as long-lived as the row; in lines of its own, read by other threads.
  @usableFromInline let published: UnsafeMutablePointer<PublishedCounts>
  @usableFromInline let open: OpenStates
  @usableFromInline var timeline: ProgressTimeline
  // Invariant: `DurationHistogram.bucketCount` counts for each element of `sites`, one site's after another.
  @usableFromInline let lengths: UnsafeMutablePointer<UInt32>
  /// Nanoseconds a tick, in units of 2⁻³²: finds the bucket of a length without a division.
  @usableFromInline let tickLength: UInt64
  /// ``unbrokenNs`` in ticks.
  @usableFromInline let unbrokenTicks: UInt64
  /// ``trustedNs`` in ticks.
  @usableFromInline let trustedTicks: UInt64
  // Invariant: that of the thread that fills the row, from `begin()` to `end()`.
  /// Where the kernel notes that the thread lost its CPU; absent where it does not.
  @usableFromInline var switchWord: UnsafeMutablePointer<UInt64>?
  /// When the CPU clock was asked last.
  @usableFromInline var askedTicks: UInt64 = 0
  /// How often the CPU clock was asked.
  @usableFromInline var clockReadings: UInt64 = 0
  @usableFromInline var readingsFailed = 0
  @usableFromInline var sink = EventSink()
  /// The number of ``changingChunks``, where events are recorded.
  var chunkState = ExclusiveTimer.unattributed
  /// Times the operations inside the states; absent where nobody asked for it.
  @usableFromInline var operations: OperationTimer?
  /// The outermost open states that the trace knows to be open.
  @usableFromInline var announced = 0

  // Invariant: valid for `LiveFormat.Row.used` bytes, zeroed at first: a row in the memory of the
  // status file, which the probe keeps, or memory of the row's own, which it then frees. What other threads may
  // read and copy lies there, at the places that the format says.
  private let shared: UnsafeMutableRawPointer
  private let ownsShared: Bool

  /// Allocates a zeroed row; free it with ``deallocate(_:)``.
  ///
  /// - Parameters:
  ///   - live: The row's memory in that of the run's status file; `nil` without one.
  ///   - timesOperations: Whether the row times operations.
  ///   - alwaysAsksClock: Whether the CPU clock is asked at every reading, for measuring what that costs.
  static func allocate(
    window: UnsafePointer<WindowBounds>, rate: ClockRate, live: UnsafeMutableRawPointer? = nil,
    timesOperations: Bool = false, alwaysAsksClock: Bool = false
  ) -> UnsafeMutablePointer<ThreadRow> {
    func table<Element>(of element: Element, count: Int) -> UnsafeMutablePointer<Element> {
      let table = memory(MemoryLayout<Element>.stride * count).bindMemory(to: Element.self, capacity: count)
      table.initialize(repeating: element, count: count)
      return table
    }
    let shared = live ?? memory(LiveFormat.Row.used)
    if live == nil { shared.initializeMemory(as: UInt8.self, repeating: 0, count: LiveFormat.Row.used) }
    let totals = (shared + LiveFormat.Row.totals)
      .bindMemory(to: ExclusiveTimer.Totals.self, capacity: ExclusiveTimer.slotCount)
    totals.initialize(repeating: ExclusiveTimer.Totals(), count: ExclusiveTimer.slotCount)
    let published = (shared + LiveFormat.Row.counts).bindMemory(to: PublishedCounts.self, capacity: 1)
    published.initialize(to: PublishedCounts())
    let row = table(
      of: ThreadRow(
        timer: ExclusiveTimer(
          totals: totals,
          stack: table(
            of: ExclusiveTimer.OpenState(slot: 0, ticks: 0, cpuNs: 0), count: ExclusiveTimer.depthCapacity)),
        window: window, sites: table(of: SiteTotals(), count: siteCapacity + 1), published: published,
        open: OpenStates(in: shared + LiveFormat.Row.open),
        timeline: ProgressTimeline(counts: table(of: 0, count: ProgressTimeline.capacity)),
        lengths: table(of: 0, count: (siteCapacity + 1) * DurationHistogram.bucketCount),
        tickLength: UInt64(rate.nanoseconds(ofTicks: 1 << 32).count),
        alwaysAsksClock: alwaysAsksClock, shared: shared, ownsShared: live == nil),
      count: 1)
    if timesOperations {
      row.pointee.operations = OperationTimer(
        totals: table(of: OperationTimer.Totals(), count: OperationTimer.count))
    }
    return row
  }

  /// Memory in lines of its own.
  private static func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
    .allocate(byteCount: padded(bytes), alignment: alignment)
  }

  private static func padded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

  /// Bytes of a row and its tables on the heap.
  static func heapBytes(isLive: Bool, timesOperations: Bool) -> Int {
    (isLive ? 0 : padded(LiveFormat.Row.used))
      + padded(ExclusiveTimer.depthCapacity * MemoryLayout<ExclusiveTimer.OpenState>.stride)
      + padded((siteCapacity + 1) * MemoryLayout<SiteTotals>.stride)
      + padded(ProgressTimeline.capacity * MemoryLayout<UInt32>.stride)
      + padded((siteCapacity + 1) * DurationHistogram.bucketCount * MemoryLayout<UInt32>.stride)
      + padded(MemoryLayout<ThreadRow>.stride)
      + (timesOperations ? padded(OperationTimer.count * MemoryLayout<OperationTimer.Totals>.stride) : 0)
  }

  /// Frees a row and its tables.
  static func deallocate(_ row: UnsafeMutablePointer<ThreadRow>) {
    row.pointee.timer.stack.deallocate()
    row.pointee.sites.deallocate()
    row.pointee.published.deinitialize(count: 1)
    row.pointee.timeline.counts.deallocate()
    row.pointee.lengths.deallocate()
    row.pointee.operations?.totals.deallocate()
    if row.pointee.ownsShared { row.pointee.shared.deallocate() }
    row.deallocate()
  }

  /// Says which thread fills the row, for readers of the status file; on that thread. Nobody does when `nil`.
  func show(_ thread: ThreadID, isActive: Bool) {
    let word = (shared + LiveFormat.Row.thread).assumingMemoryBound(to: UInt64.self)
    headway_store_release_u64(word, UInt64(UInt32(bitPattern: thread.rawValue)) | (isActive ? 1 << 32 : 0))
  }

  /// The word that says what a queue held; `nil` for a site beyond those that are told apart.
  @usableFromInline
  func depthWord(of site: SiteID) -> UnsafeMutablePointer<UInt64>? {
    guard site.rawValue < Self.siteCapacity else { return nil }
    return (shared + LiveFormat.Row.depths).assumingMemoryBound(to: UInt64.self) + Int(site.rawValue)
  }

  private init(
    timer: ExclusiveTimer, window: UnsafePointer<WindowBounds>, sites: UnsafeMutablePointer<SiteTotals>,
    published: UnsafeMutablePointer<PublishedCounts>, open: OpenStates, timeline: ProgressTimeline,
    lengths: UnsafeMutablePointer<UInt32>, tickLength: UInt64, alwaysAsksClock: Bool,
    shared: UnsafeMutableRawPointer, ownsShared: Bool
  ) {
    self.shared = shared
    self.ownsShared = ownsShared
    self.timer = timer
    self.window = window
    self.sites = sites
    self.lengths = lengths
    self.tickLength = tickLength
    // A clock that cannot tell such times apart is always asked; 2³² ticks would not fit the product of a reading.
    func ticks(_ nanoseconds: UInt64) -> UInt64 {
      tickLength == 0 || alwaysAsksClock ? 0 : min((nanoseconds << 32) / tickLength, 1 << 31)
    }
    unbrokenTicks = ticks(Self.unbrokenNs)
    trustedTicks = ticks(Self.trustedNs)
    self.published = published
    self.open = open
    self.timeline = timeline
  }

  /// What it takes a thread to get room for further events: the tool's own cost.
  static var changingChunks: StateDefinition { StateDefinition(name: "trace.chunk", category: .selfCost) }

  /// Records an event, or counts it as dropped.
  @inlinable
  mutating func append(_ record: TraceRecord) {
    if sink.remaining >= 1 { sink.store(record) } else { changeChunk(for: record) }
  }

  /// Records an event of two records, which stay together, or counts it as dropped.
  @inlinable
  mutating func append(_ first: TraceRecord, _ second: TraceRecord) {
    if sink.remaining >= 2 {
      sink.store(first)
      sink.store(second)
    } else {
      changeChunk(for: first, second)
    }
  }

  /// Records an event in the next chunk, and how long it took to get that, or counts the event as dropped.
  @usableFromInline
  @inline(never)
  mutating func changeChunk(for first: TraceRecord, _ second: TraceRecord? = nil) {
    guard sink.mayRefill else { return sink.drop() }
    timer.enter(chunkState, at: read())
    let hasRoom = sink.refill()
    let change = timer.leave(at: read())
    guard hasRoom else { return sink.drop() }
    sink.store(first)
    if let second { sink.store(second) }
    guard let change, sink.remaining > 0, change.slot < ExclusiveTimer.unattributed else { return }
    // After the event, which ended before.
    sink.store(record(of: change))
  }

  /// The event of a state that has just been left.
  @inlinable
  func record(of left: ExclusiveTimer.OpenState) -> TraceRecord {
    TraceRecord(
      start: left.ticks, duration: timer.lastTicks &- left.ticks, kind: .state,
      detail: UInt8(truncatingIfNeeded: timer.depth), code: UInt16(truncatingIfNeeded: left.slot),
      argument: timer.lastCpuNs &- left.cpuNs)
  }

  /// Counts completed tasks, and when: the timeline has those of the window.
  @inlinable
  mutating func complete(tasks: Int, tokens: Int) {
    let now = headway_ticks()
    published.pointee.complete(tasks: tasks, tokens: tokens, at: now)
    let begin = window.pointee.begin.load(ordering: .relaxed)
    guard now >= begin, now <= window.pointee.end.load(ordering: .relaxed) else { return }
    timeline.add(tasks, at: now - begin)
  }

  /// Books the time since the last operation to the one that ends now.
  @inlinable
  mutating func end(_ operation: OperationID) {
    operations?.end(
      Int(operation.rawValue), in: timer.slot, at: headway_ticks(),
      windowBegin: window.pointee.begin.load(ordering: .relaxed),
      windowEnd: window.pointee.end.load(ordering: .relaxed))
  }

  /// Begins a stretch of the calling thread, in no state, and returns when.
  mutating func begin() -> UInt64 {
    switchWord = headway_switch_word()
    if let switchWord { headway_watch_switches(switchWord) }
    let cpuNs = headway_thread_cpu_ns()
    askedTicks = headway_ticks()
    timer.start(ticks: askedTicks, cpuNs: cpuNs == .max ? 0 : cpuNs)
    return askedTicks
  }

  /// Ends the calling thread's stretch: its word is its own again.
  mutating func end() {
    if let switchWord { headway_forget_switches(switchWord) }
    switchWord = nil
  }

  /// Both clocks of the calling thread, the CPU clock first, so that each transition's cost goes to the
  /// state that it ends.
  ///
  /// The CPU clock is a system call, and a dear one after a stretch of computing. It is not asked while the thread has kept
  /// its CPU since the last reading, as the kernel says or because no switch is so short: all of that time is CPU time. It
  /// is asked every ``trustedNs`` in any case.
  @inlinable
  mutating func read() -> ExclusiveTimer.Reading {
    let now = headway_ticks()
    let passed = now &- timer.lastTicks
    if now &- askedTicks < trustedTicks, passed < trustedTicks,
      passed < unbrokenTicks || switchWord.map({ headway_no_switch($0) }) ?? false
    {
      return reading(at: now, cpuNs: timer.lastCpuNs &+ (passed &* tickLength) >> 32)
    }
    return askedReading()
  }

  /// Both clocks, and from here on the kernel tells of a switch.
  @usableFromInline
  @inline(never)
  mutating func askedReading() -> ExclusiveTimer.Reading {
    // Before the clock is asked: a switch in between is then noticed at the next reading.
    if let switchWord { headway_watch_switches(switchWord) }
    clockReadings &+= 1
    var cpuNs = headway_thread_cpu_ns()
    if cpuNs == .max {
      readingsFailed &+= 1
      cpuNs = timer.lastCpuNs
    }
    askedTicks = headway_ticks()
    return reading(at: askedTicks, cpuNs: cpuNs)
  }

  @inlinable
  func reading(at ticks: UInt64, cpuNs: UInt64) -> ExclusiveTimer.Reading {
    ExclusiveTimer.Reading(
      ticks: ticks, cpuNs: cpuNs, windowBegin: window.pointee.begin.load(ordering: .relaxed),
      windowEnd: window.pointee.end.load(ordering: .relaxed))
  }

  /// Tells the trace of the innermost open state before another one is entered inside it; those around it
  /// it has been told of.
  @usableFromInline
  mutating func announceInnermost() {
    announced = timer.depth
    guard timer.depth <= ExclusiveTimer.depthCapacity else { return }
    let open = timer.stack[timer.depth - 1]
    guard open.slot < ExclusiveTimer.unattributed else { return }
    append(
      TraceRecord(
        start: open.ticks, kind: .entered, detail: UInt8(truncatingIfNeeded: timer.depth - 1),
        code: UInt16(truncatingIfNeeded: open.slot)))
  }

  /// Keeps the trace up to date on what the thread is doing, after a change of state.
  @inlinable
  mutating func showInnermost() {
    announced = min(announced, timer.depth)
    let slot = timer.slot
    sink.show(slot < ExclusiveTimer.unattributed ? slot : nil, depth: timer.depth)
  }

  /// The row's number for a site; sites beyond the capacity share the last.
  @inlinable
  static func index(of site: SiteID) -> Int { min(Int(site.rawValue), siteCapacity) }

  /// The part of an interval that lies in the window, in ticks.
  @inlinable
  func ticksInWindow(from start: Ticks, to end: Ticks) -> UInt64 {
    let from = max(start.rawValue, window.pointee.begin.load(ordering: .relaxed))
    let to = min(end.rawValue, window.pointee.end.load(ordering: .relaxed))
    return to > from ? to &- from : 0
  }

  /// Counts an interval in a site's histogram.
  @inlinable
  func count(_ ticks: UInt64, at site: Int) {
    let product = ticks.multipliedFullWidth(by: tickLength)
    let length = product.high >> 32 == 0 ? product.high << 32 | product.low >> 32 : .max
    let bucket =
      lengths + (site * DurationHistogram.bucketCount + DurationHistogram.bucket(ofNanoseconds: length))
    bucket.pointee &+= 1
    if ticks > sites[site].longestTicks { sites[site].longestTicks = ticks }
  }

  /// A site's histogram.
  func histogram(at site: Int, rate: ClockRate) -> DurationHistogram {
    let counts = UnsafeBufferPointer(
      start: lengths + site * DurationHistogram.bucketCount, count: DurationHistogram.bucketCount)
    return DurationHistogram(
      counts: counts.map { Int($0) }, longestNs: rate.nanoseconds(ofTicks: sites[site].longestTicks))
  }
}
