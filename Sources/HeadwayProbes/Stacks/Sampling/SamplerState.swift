import HeadwayTrace

/// What the threads of a ``StackSampler`` share, under its lock.
struct SamplerState {
  /// Whether threads can be attached.
  var isRunning = false
  /// The clock since the start, whose rate the profile will have.
  var clock: FastClock?
  /// Attachments so far, those that failed included.
  var attached = 0
  /// The rings of the threads that are attached.
  var live: [SampleRing] = []
  /// Rings that the sampler's thread has not taken over yet.
  var fresh: [SampleRing] = []
  /// Rings whose threads have been detached since the sampler's thread last looked.
  var detached: [SampleRing] = []
  /// Threads that could not be attached, and why.
  var warnings: [String] = []
  /// Samples unwound so far, by thread name.
  var progress: [String: Int] = [:]
  /// The sampler's thread.
  var thread: OSThread?
  /// What was collected, once the thread has ended.
  var outcome: CollectorBox?

  /// Ends the sampling of every thread that is still attached.
  mutating func detachAll() {
    for ring in live { ring.detach() }
    detached += live
    live = []
  }
}

/// Carries the collector from the sampler's thread to the one that stopped it.
///
/// `@unchecked Sendable`: the thread lets go of the collector before it hands the box over, and is joined
/// before the box is opened.
final class CollectorBox: @unchecked Sendable {
  let collector: StackCollector
  init(_ collector: StackCollector) { self.collector = collector }
}
