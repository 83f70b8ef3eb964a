import Glibc
import HeadwayTrace

/// A whole file mapped read-only: the one place that holds mapped memory.
///
/// The bytes are lent for the length of a call, so that nobody reads them once they are unmapped.
/// The file must not shrink while mapped (touching a page past its end kills the process): what
/// Headway writes gets its name when it is whole, so nothing of Headway shrinks one in place.
public final class MappedFile: @unchecked Sendable {
  // Sendable: the mapping is private and read-only from `init` to `deinit`, so any number of threads may
  // read it; `deinit` runs after the last reference, hence after the last reader.

  /// The path as it was opened.
  public let path: String
  /// Bytes in the file.
  public var count: Int { bytes.count }

  @usableFromInline let bytes: UnsafeRawBufferPointer

  /// Maps a regular file.
  ///
  /// - Throws: ``InputError`` when the file is missing, unreadable, not a regular file, or cannot be mapped.
  public init(path: String) throws(InputError) {
    let file = try FileDescriptor.reading(path)
    self.path = path
    let count = try file.size()
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.raw, 0), base != MAP_FAILED else {
      throw SystemFailure.error(.read, path, code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  /// Lends the file's bytes to `body`, which must not let them escape.
  @inlinable @inline(__always)
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(self) { () throws(Failure) in try body(bytes) }
  }

  /// Lends the file's bytes as text; see ``withBytes(_:)``.
  @inlinable @inline(__always)
  public func withText<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Nothing writes to the mapping, and its bytes are never bound to another type than this one and
    // `UInt16`, both trivial.
    try withBytes { (bytes) throws(Failure) in try body(bytes.bindMemory(to: UInt8.self)) }
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
