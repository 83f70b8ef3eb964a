import Foundation
import HeadwayTrace

/// An open file or directory, closed when the value goes away; every failure becomes an ``InputError`` that
/// names it.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The system's number, for calls that have no method here; valid as long as the value.
  package let raw: Int32
  /// What errors name.
  package let path: String

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - flags: As `open(2)` takes them.
  ///   - attempt: What it is opened for.
  ///   - name: The file that errors name, where it will be known by another name than `path`.
  ///   - missing: The remedy when there is no such file.
  package init(
    _ path: String, _ flags: Int32, for attempt: FileAttempt, named name: String? = nil,
    missing: String = "check the path"
  ) throws(InputError) {
    raw = open(path, flags | O_CLOEXEC, 0o644)
    self.path = name ?? path
    if raw < 0 { throw SystemFailure.error(attempt, self.path, code: errno, missing: missing) }
  }

  /// Opens a regular file for reading at any position.
  package static func reading(_ path: String) throws(InputError) -> FileDescriptor {
    let file = try FileDescriptor(path, O_RDONLY, for: .read)
    if try file.status().st_mode & S_IFMT != S_IFREG {
      throw InputError(path, problem: "this is not a regular file", remedy: "name a file")
    }
    return file
  }

  deinit { if raw >= 0 { close(raw) } }

  /// The file's size in bytes.
  package func size() throws(InputError) -> Int { Int(try status().st_size) }

  /// What the system knows of the file.
  package func status() throws(InputError) -> stat {
    var status = stat()
    if fstat(raw, &status) != 0 { throw SystemFailure.error(.read, path, code: errno) }
    return status
  }

  /// Fills a block from a position in the file; a file that ends before is refused.
  package func read(into block: UnsafeMutableRawBufferPointer, at offset: Int) throws(InputError) {
    var done = 0
    while done < block.count {
      // In bounds: `done` < `block.count`, and the remainder's length goes with its start.
      let rest = UnsafeMutableRawBufferPointer(rebasing: block[done...])
      let count = pread(raw, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemFailure.error(.read, path, code: errno) }
      if count == 0 {
        throw InputError(
          path, problem: "it ends after \(offset + done) bytes, expected \(offset + block.count)",
          remedy: "it is truncated; write it again")
      }
      done += count
    }
  }

  /// `count` bytes from a position in the file.
  package func read(count: Int, at offset: Int) throws(InputError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBufferPointer { (block) throws(InputError) in
      try read(into: UnsafeMutableRawBufferPointer(block), at: offset)
    }
    return bytes
  }

  /// Appends what is left of the file to `bytes`, whatever its size claims (that of `/proc` is 0).
  package func read(appendingTo bytes: inout [UInt8]) throws(InputError) {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(raw, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemFailure.error(.read, path, code: errno) }
      if count == 0 { return }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Writes every byte, however many calls that takes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(InputError) {
    var done = 0
    while done < bytes.count {
      // In bounds: as in ``read(into:at:)``.
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Glibc.write(raw, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw SystemFailure.error(.write, path, code: errno) }
      done += count
    }
  }

  /// Writes every byte.
  package func write(_ bytes: [UInt8]) throws(InputError) {
    try bytes.withUnsafeBufferPointer { (block) throws(InputError) in
      try write(UnsafeRawBufferPointer(block))
    }
  }

  /// Waits until the bytes, or a directory's entries, are on the disk. A device or file system without a
  /// disk behind it has nothing to wait for.
  package func sync() throws(InputError) {
    if fsync(raw) != 0 && errno != EINVAL && errno != EROFS {
      throw SystemFailure.error(.write, path, code: errno)
    }
  }
}
