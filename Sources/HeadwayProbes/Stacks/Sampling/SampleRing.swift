import CHeadwayLinux
import CHeadwaySampler
import Glibc
import HeadwayTrace

/// One thread's ring of samples, from its attachment until it has been read empty.
///
/// `@unchecked Sendable`: the thread's signal handler writes and one reader reads, through atomics in C. The
/// ring is detached once, under the lock of the ``StackSampler``, and freed with the last reference, which
/// the sampler holds until the ring has been detached and read.
package final class SampleRing: @unchecked Sendable {
  /// The thread's name.
  package let name: String
  /// What it is for.
  let role: ThreadRole
  /// The operating system's thread.
  let threadID: ThreadID
  /// More samples than the ring can hold at once.
  let recordCapacity: Int
  private let ring: OpaquePointer

  /// Begins to sample the calling thread, to read the ring by hand.
  ///
  /// - Throws: The `errno` of the failure.
  package convenience init(
    name: String, periodNs: UInt64, stackBytes: Int, ringBytes: Int
  ) throws(AttachFailure) {
    try self.init(
      name: name, role: .worker, threadID: ThreadID(headway_gettid()),
      settings: headway_sampler_settings(
        period_ns: periodNs, first_ns: periodNs, counts_cpu_time: 0, keeps_sleeping: 1,
        ticks_are_monotonic_ns: UInt32(headway_clock_is_monotonic()), stack_bytes: UInt32(stackBytes),
        ring_bytes: UInt32(ringBytes), label: nil, wake: nil))
  }

  /// Begins to sample the calling thread.
  ///
  /// - Throws: The `errno` of the failure.
  init(
    name: String, role: ThreadRole, threadID: ThreadID, settings: headway_sampler_settings
  ) throws(AttachFailure) {
    var settings = settings
    var ring: OpaquePointer?
    let status = headway_sampler_attach(&settings, &ring)
    guard status == 0, let ring else { throw AttachFailure(number: status) }
    self.name = name
    self.role = role
    self.threadID = threadID
    recordCapacity = Int(settings.ring_bytes) / MemoryLayout<headway_sample>.size + 1
    self.ring = ring
  }

  deinit { headway_sampler_release(ring) }

  /// Ends the sampling of the thread; once.
  package func detach() { headway_sampler_detach(ring) }

  /// Samples written to the ring and dropped because it was full, so far.
  package var counts: (taken: UInt64, dropped: UInt64) {
    var counts = headway_sampler_counts()
    _ = headway_sampler_read(ring, nil, 0, &counts)
    return (counts.taken, counts.dropped)
  }

  /// Reads and forgets the next sample; `false` when there is none.
  package func skip() -> Bool {
    var counts = headway_sampler_counts()
    return withUnsafeTemporaryAllocation(byteCount: StackSampler.recordBytes(1 << 16), alignment: 16) {
      read(into: $0, counts: &counts)
    }
  }

  /// Copies the next sample into a buffer, which must be aligned to 16 bytes; `false` when there is none.
  func read(into buffer: UnsafeMutableRawBufferPointer, counts: inout headway_sampler_counts) -> Bool {
    headway_sampler_read(ring, buffer.baseAddress, UInt32(clamping: buffer.count), &counts) > 0
  }
}

/// Why a thread could not be attached.
package struct AttachFailure: Error {
  /// An `errno`.
  var number: Int32
  /// In words.
  var reason: String {
    switch number {
    case EBUSY: "another sampler has the thread, or every signal is taken"
    case ENOTSUP: "stacks are sampled on x86-64 only"
    case EAGAIN: "the limit on pending signals is reached (ulimit -i)"
    default: String(cString: strerror(number))
    }
  }
}
