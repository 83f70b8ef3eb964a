import Foundation
import HeadwayTrace

/// A whole file mapped read-only: the one place of this module that holds mapped memory.
///
/// The bytes live until the handle is released; whoever takes ``bytes`` keeps the handle alive as long.
/// The file must not shrink while mapped (touching a page past its end kills the process): corpora are
/// written under a temporary name and renamed, so nothing of Headway shrinks one in place.
package final class MappedFile: @unchecked Sendable {
  // Sendable: the mapping is private and read-only from `init` to `deinit`, so any number of threads may
  // read it; `deinit` runs after the last reference, hence after the last reader.

  /// The path as it was opened.
  package let path: String
  /// The file's bytes; empty for an empty file.
  package let bytes: UnsafeRawBufferPointer

  /// Maps a regular file.
  ///
  /// - Throws: ``InputError`` when the file is missing, unreadable, not a regular file, or cannot be mapped.
  package init(path: String) throws(InputError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.cannotRead(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure.cannotRead(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputError(path, problem: "this is not a regular file", remedy: "name a file")
    }
    self.path = path
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw FileFailure.cannotRead(path, errno)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
