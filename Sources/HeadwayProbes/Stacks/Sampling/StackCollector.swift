import CHeadwayLinux
import CHeadwaySampler
import HeadwayTrace

/// Reads samples out of the rings and unwinds them.
///
/// Belongs to the sampler's thread until that has been joined, and to whoever stopped the sampler afterwards.
final class StackCollector {
  /// A sample, unwound.
  struct Sample {
    var ticks: UInt64
    var stack: Int32
    var state: Int16
    var isSleeping: Bool
    var periods: UInt32
    var previousCostTicks: UInt32
  }

  /// One attachment's samples and counts.
  struct Track {
    /// The thread.
    let thread: SampledThread
    /// Its ring, until it has been detached and read empty.
    var ring: SampleRing?
    var samples: [Sample] = []
    var counts = headway_sampler_counts()
    var truncated = 0
    var failed = 0
    /// Samples beyond ``sampleCapacity``.
    var overflowed = 0
  }

  /// Samples of all threads that are kept: about 100 MB.
  static let sampleCapacity = 4 << 20

  let images = ImageMap()
  private(set) var tree = StackTree()
  private(set) var tracks: [Track] = []
  private(set) var sampleCount = 0
  private let unwinder: Unwinder
  // Invariant: allocated and freed here; aligned to 16 bytes as the reader demands.
  private let buffer: UnsafeMutableRawBufferPointer

  /// Prepares for records of up to `recordBytes`.
  init(recordBytes: Int) {
    unwinder = Unwinder(images: images)
    buffer = .allocate(byteCount: recordBytes, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Takes over an attachment.
  func add(_ ring: SampleRing) {
    tracks.append(
      Track(
        thread: SampledThread(name: ring.name, role: ring.role, threadID: ring.threadID), ring: ring))
  }

  /// Lets go of an attachment whose thread had been detached when the last ``collect()`` began.
  func close(_ ring: SampleRing) {
    if let index = tracks.firstIndex(where: { $0.ring === ring }) { tracks[index].ring = nil }
  }

  /// Samples by thread name.
  var progress: [String: Int] {
    tracks.reduce(into: [:]) { $0[$1.thread.name, default: 0] += $1.samples.count }
  }

  /// Reads every ring empty, as it is when its turn comes, and unwinds what it held.
  func collect() {
    images.update(now: headway_ticks())
    for index in tracks.indices {
      guard let ring = tracks[index].ring else { continue }
      // Bounded, so that a fast thread cannot keep the reader to itself; more than any ring holds.
      for _ in 0..<ring.recordCapacity {
        guard ring.read(into: buffer, counts: &tracks[index].counts), let record = buffer.baseAddress else {
          break
        }
        keep(CopiedStack(record), in: index)
      }
    }
  }

  private func keep(_ stack: CopiedStack, in index: Int) {
    guard sampleCount < Self.sampleCapacity else {
      tracks[index].overflowed += 1
      return
    }
    switch unwinder.walk(stack) {
    case .complete: break
    case .truncated: tracks[index].truncated += 1
    case .failed: tracks[index].failed += 1
    }
    sampleCount += 1
    tracks[index].samples.append(
      Sample(
        ticks: stack.ticks, stack: tree.number(of: unwinder.places), state: Int16(clamping: stack.label),
        isSleeping: stack.isSleeping, periods: stack.periods,
        previousCostTicks: stack.previousCostTicks))
  }
}
