import Glibc
import Synchronization

/// Uses the calling thread's CPU until its own CPU clock has advanced by so many microseconds: as much work
/// on a busy machine as on a quiet one.
public func burnCPU(microseconds: Int) {
  let end = threadCPUTime() + Int64(microseconds) * 1_000
  while threadCPUTime() < end {}
}

/// The calling thread's CPU time in nanoseconds.
public func threadCPUTime() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Accumulators of several threads in one block of memory, either packed into one cache line or each in lines
/// of its own: the same additions, of which the packed ones share a line falsely.
///
/// Thread safety: every slot is an atomic and is only accessed as one.
public final class PlantedAccumulators: @unchecked Sendable {
  // @unchecked Sendable: `slots` is allocated and initialised in `init`, freed in `deinit`, never moved.
  private let memory: UnsafeMutableRawPointer
  private let slots: UnsafeMutablePointer<Atomic<UInt64>>
  private let stride: Int
  private static let capacity = 64

  /// Accumulators for up to four threads; `padded` ones lie 128 bytes apart, the pair of lines that
  /// prefetchers pull in at once.
  public init(padded: Bool) {
    memory = .allocate(byteCount: Self.capacity * 8, alignment: 128)
    slots = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.capacity)
    for slot in 0..<Self.capacity { (slots + slot).initialize(to: Atomic(0)) }
    stride = padded ? 16 : 1
  }

  deinit { memory.deallocate() }

  /// Adds to one thread's accumulator so many times. Relaxed: only the sum counts.
  public func add(_ thread: Int, times: Int) {
    let slot = slots + thread % 4 * stride
    for _ in 0..<times { slot.pointee.add(1, ordering: .relaxed) }
  }

  /// How many additions take so many microseconds of CPU time while nobody else adds.
  public static func additions(inMicroseconds microseconds: Int) -> Int {
    let accumulators = PlantedAccumulators(padded: true)
    let batch = 20_000
    // The quickest of a few batches: what disturbs a batch makes it slower.
    let quickest = (0..<8).map { _ -> Int64 in
      let begin = threadCPUTime()
      accumulators.add(0, times: batch)
      return threadCPUTime() - begin
    }.min()
    return max(Int(Double(microseconds) * 1_000 / Double(max(quickest ?? 1, 1)) * Double(batch)), 1)
  }
}
