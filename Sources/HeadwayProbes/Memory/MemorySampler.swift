import CHeadwayLinux
import HeadwayTrace

/// Samples the process's memory on a thread of its own, 10 times a second, while a run is measured.
///
///     let sampler = MemorySampler(probe: probe)       // before the window opens: registers its states
///     try sampler.start()
///     …
///     let samples = sampler.stop()
///
/// The thread is in the books: role `sampler`, `memory.sample` while it reads (the tool's own cost) and
/// `memory.sleep` in between. Once ``start()`` has returned it allocates nothing until ``stop()``. Readings
/// whose cost grows with the program's memory are spaced so that they take less than a thousandth of one core.
///
/// Where the probe shows its run in a status file, the thread copies it after each sample, so that no other
/// thread has to wake up for that: see ``LiveFile``.
///
/// Belongs to one thread, which starts and stops it once; a sampler that is let go while it runs leaves its
/// thread behind.
public final class MemorySampler<P: Probe>: @unchecked Sendable {
  // @unchecked Sendable: `series`, `reader` and `schedule` are touched by the sampling thread only between
  // its creation and its end, and by the owner only before and after; creation and join order the accesses.

  /// Samples in a second.
  public static var hertz: UInt64 { 10 }

  private let probe: P
  private let sampling: StateID
  private let sleeping: StateID
  private let originNs: UInt64
  private let periodNs: UInt64
  private var series: MemorySeries
  private var reader: MemoryReader
  private let ready = FutexFlag()
  private let ending = FutexFlag()
  private var thread: OSThread?
  /// The status file whose own thread rests while this one copies.
  private var pausedLive: LiveFile?

  /// Prepares a sampler; call before the probe's window opens.
  public convenience init(probe: P) {
    self.init(
      probe: probe, reader: MemoryReader(), series: MemorySeries(), periodNs: 1_000_000_000 / Self.hertz)
  }

  /// The same with another source, room and distance of the samples.
  package init(probe: P, reader: consuming MemoryReader, series: MemorySeries, periodNs: UInt64) {
    self.probe = probe
    self.reader = reader
    self.series = series
    self.periodNs = periodNs
    originNs = probe.clockOriginNs
    sampling = probe.state(StateDefinition(name: "memory.sample", category: .selfCost))
    sleeping = probe.state(StateDefinition(name: "memory.sleep", category: .blocked))
  }

  /// Starts the thread, and returns when it has taken the first sample.
  ///
  /// - Throws: An `InputError` when the kernel refuses the thread.
  public func start() throws(InputError) {
    precondition(thread == nil, "the sampler is running")
    thread = try OSThread(
      name: "memory-sampler", purpose: .measuring, stackBytes: 256 << 10,
      remedy: "raise the limit on processes and memory (ulimit -u, ulimit -v), or use probe: off"
    ) { self.sample() }
    ready.wait()
    if let live = probe.live, live.pauseCopying() { pausedLive = live }
  }

  /// Ends the thread at once, wherever it is, and gives what it saw; `nil` when it was not running.
  public func stop() -> MemorySamples? {
    guard let thread else { return nil }
    ending.raise()
    thread.join()
    self.thread = nil
    pausedLive?.resumeCopying()
    pausedLive = nil
    return MemorySamples(
      series: series.kept, taken: series.taken, peak: series.peak, readingsFailed: reader.failures.named)
  }

  /// The thread's life.
  private func sample() {
    let me = probe.register(name: "memory-sampler", role: .sampler)
    me.enter(sleeping)
    var schedule = SamplingSchedule(startNs: headway_monotonic_ns(), periodNs: periodNs)
    repeat {
      me.enter(sampling)
      takeSample(&schedule)
      ready.raise()
      probe.live?.copy()
      me.leave()
    } while !ending.wait(atMostNs: schedule.wait(fromNs: headway_monotonic_ns()))
    me.leave()
    probe.retire(me)
  }

  private func takeSample(_ schedule: inout SamplingSchedule) {
    let now = headway_monotonic_ns()
    var sample = reader.read(at: Nanoseconds(Int64(clamping: now - min(now, originNs))))
    for part in SamplingSchedule.DearPart.allCases {
      let start = headway_monotonic_ns()
      guard schedule.mayTake(part, atNs: start) else { continue }
      switch part {
      case .heap: reader.addHeap(to: &sample)
      case .proportional: reader.addProportional(to: &sample)
      }
      schedule.took(part, fromNs: start, toNs: headway_monotonic_ns())
    }
    series.append(sample)
    schedule.sampled(atNs: headway_monotonic_ns())
  }
}
