import Foundation
import HeadwayTrace

/// A zeroed block of `count` elements at a 64-byte-aligned address, freed with its owner.
///
/// The one place where the engine's raw memory is allocated and freed; everything else borrows
/// ``base`` while it holds the buffer. Every page is touched at allocation, so that no training step
/// pays for it.
package final class AlignedBuffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // @unchecked: `base` never changes. Who writes which element when is the owner's contract: the
  // trainer gives each task its own slot and each worker its own arena, and orders phases by the
  // team's barriers or latch.

  /// The first element; valid as long as the buffer is held.
  package let base: UnsafeMutablePointer<Element>
  /// Elements allocated.
  package let count: Int
  /// Bytes allocated.
  package var byteCount: Int { count * MemoryLayout<Element>.stride }

  /// Allocates and zeroes `count` elements.
  ///
  /// - Parameter purpose: What the memory is for; stands in the error's sentence.
  /// - Throws: ``InputError`` when the machine has no such block.
  package init(count: Int, purpose: String) throws(InputError) {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    var raw: UnsafeMutableRawPointer?
    // Linux promises memory that it does not have; asking for more than there is would end the process.
    guard count >= 0, !overflow, bytes <= physicalMemoryBytes() ?? .max,
      posix_memalign(&raw, 64, bytes) == 0, let raw
    else {
      throw InputError(
        "memory", field: purpose, problem: "\(count) elements cannot be allocated",
        remedy: "use a smaller model, batch or number of threads")
    }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { free(base) }

  /// Sets every element to zero bits.
  package func clear() { memset(base, 0, byteCount) }

  /// The elements, as a collection that must not outlive the buffer.
  package var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: count)
  }
}

/// The machine's memory; `nil` when the system does not say.
func physicalMemoryBytes() -> Int? {
  let pages = sysconf(Int32(_SC_PHYS_PAGES))
  let page = sysconf(Int32(_SC_PAGESIZE))
  return pages > 0 && page > 0 ? pages * page : nil
}
