import Foundation
import HeadwayTrace

/// Writes one new file from its beginning to its end, through a buffer, and syncs it.
///
/// Owns its descriptor: it is closed when the writer goes, finished or not.
package struct FileWriter: ~Copyable {
  private static let bufferBytes = 1 << 18
  private let descriptor: Int32
  private let subject: String
  private var buffer: [UInt8] = []

  /// Creates or empties a file.
  ///
  /// - Parameters:
  ///   - path: Where to write.
  ///   - subject: The file that an error names, where it will be known by another name than `path`.
  /// - Throws: ``InputError`` when the file cannot be created.
  package init(path: String, subject: String? = nil) throws(InputError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    self.subject = subject ?? path
    guard descriptor >= 0 else { throw FileFailure.cannotWrite(self.subject, errno) }
    buffer.reserveCapacity(Self.bufferBytes)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends bytes.
  ///
  /// - Throws: ``InputError`` naming the file, when the disk is full or fails.
  package mutating func write(_ bytes: some Collection<UInt8>) throws(InputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Appends numbers, little-endian.
  package mutating func write<Number: FixedWidthInteger>(numbers: [Number]) throws(InputError) {
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { buffer.append(contentsOf: $0) }
    }
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Writes out what is buffered and syncs the file to its device.
  package consuming func finish() throws(InputError) {
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw FileFailure.cannotWrite(subject, errno)
    }
  }

  private mutating func flush() throws(InputError) {
    var done = 0
    while done < buffer.count {
      let written = buffer.withUnsafeBytes { bytes in
        // In bounds: `done` < `bytes.count`, and the remainder's length goes with its start.
        systemWrite(
          descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]).baseAddress, bytes.count - done)
      }
      if written < 0 && errno == EINTR { continue }
      guard written >= 0 else { throw FileFailure.cannotWrite(subject, errno) }
      done += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// Reads files that somebody may be changing, so that mapping them would be unsafe.
enum WholeFile {
  /// The bytes of a file, into memory that is reused.
  static func read(_ path: String, into bytes: inout [UInt8]) throws(InputError) {
    bytes.removeAll(keepingCapacity: true)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.cannotRead(path, errno) }
    defer { close(descriptor) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileFailure.cannotRead(path, errno) }
      guard count > 0 else { return }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}

// The C functions under other names, because members called `read` and `write` hide them.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
