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
}

/// Everything that one thread writes while it is measured: its timer, its sites, its counts and its events.
///
/// Rows live in one cache-line-aligned allocation each, so that no two threads write to one line.
@usableFromInline
struct ThreadRow {
  /// Sites that can be told apart; crossings of further ones are counted and dropped.
  @inlinable static var siteCapacity: Int { 32 }
  /// Alignment and padding: two lines, because the prefetcher of x86-64 pulls lines in pairs.
  private static let alignment = 128

  @usableFromInline var timer: ExclusiveTimer
  // Invariant: valid as long as the probe that made the row; the probe frees both.
  @usableFromInline let window: UnsafePointer<WindowBounds>
  // Invariant: valid for `siteCapacity + 1` elements; the last collects the overflow.
  @usableFromInline let sites: UnsafeMutablePointer<SiteTotals>
  // Invariant: as long-lived as the row, which frees it; in lines of its own, read by other threads.
  @usableFromInline let published: UnsafeMutablePointer<PublishedCounts>
  @usableFromInline let open: OpenStates
  @usableFromInline var timeline: ProgressTimeline
  @usableFromInline var readingsFailed = 0
  @usableFromInline var sink = EventSink()

  /// Allocates a zeroed row; free it with ``deallocate(_:)``.
  static func allocate(window: UnsafePointer<WindowBounds>) -> UnsafeMutablePointer<ThreadRow> {
    func table<Element>(of element: Element, count: Int) -> UnsafeMutablePointer<Element> {
      let bytes = (count * MemoryLayout<Element>.stride + alignment - 1) / alignment * alignment
      let table = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
        .bindMemory(to: Element.self, capacity: count)
      table.initialize(repeating: element, count: count)
      return table
    }
    let timer = ExclusiveTimer(
      totals: table(of: ExclusiveTimer.Totals(), count: ExclusiveTimer.slotCount),
      stack: table(
        of: ExclusiveTimer.OpenState(slot: 0, ticks: 0, cpuNs: 0), count: ExclusiveTimer.depthCapacity))
    let published = UnsafeMutableRawPointer.allocate(byteCount: alignment, alignment: alignment)
      .bindMemory(to: PublishedCounts.self, capacity: 1)
    published.initialize(to: PublishedCounts())
    return table(
      of: ThreadRow(
        timer: timer, window: window, sites: table(of: SiteTotals(), count: siteCapacity + 1),
        published: published, open: .allocate(),
        timeline: ProgressTimeline(counts: table(of: 0, count: ProgressTimeline.capacity))),
      count: 1)
  }

  /// Bytes of a row and its tables.
  static var heapBytes: Int {
    func padded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }
    return padded(ExclusiveTimer.slotCount * MemoryLayout<ExclusiveTimer.Totals>.stride)
      + padded(ExclusiveTimer.depthCapacity * MemoryLayout<ExclusiveTimer.OpenState>.stride)
      + padded((siteCapacity + 1) * MemoryLayout<SiteTotals>.stride)
      + padded(MemoryLayout<ThreadRow>.stride)
  }

  /// Frees a row and its tables.
  static func deallocate(_ row: UnsafeMutablePointer<ThreadRow>) {
    row.pointee.timer.totals.deallocate()
    row.pointee.timer.stack.deallocate()
    row.pointee.sites.deallocate()
    row.pointee.published.deinitialize(count: 1)
    row.pointee.published.deallocate()
    row.pointee.open.deallocate()
    row.pointee.timeline.counts.deallocate()
    row.deallocate()
  }

  private init(
    timer: ExclusiveTimer, window: UnsafePointer<WindowBounds>, sites: UnsafeMutablePointer<SiteTotals>,
    published: UnsafeMutablePointer<PublishedCounts>, open: OpenStates, timeline: ProgressTimeline
  ) {
    self.timer = timer
    self.window = window
    self.sites = sites
    self.published = published
    self.open = open
    self.timeline = timeline
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

  /// Both clocks of the calling thread, the CPU clock first, so that each transition's cost goes to the
  /// state that it ends.
  @inlinable
  mutating func read() -> ExclusiveTimer.Reading {
    var cpuNs = headway_thread_cpu_ns()
    if cpuNs == .max {
      readingsFailed &+= 1
      cpuNs = timer.lastCpuNs
    }
    return ExclusiveTimer.Reading(
      ticks: headway_ticks(), cpuNs: cpuNs, windowBegin: window.pointee.begin.load(ordering: .relaxed),
      windowEnd: window.pointee.end.load(ordering: .relaxed))
  }
}
