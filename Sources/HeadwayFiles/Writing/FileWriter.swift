import HeadwayTrace
import Glibc

/// Writes one new file from its beginning to its end, through a buffer, and syncs it.
///
/// Owns its descriptor: it is closed when the writer goes, finished or not.
package struct FileWriter: ~Copyable {
  private static let bufferBytes = 1 << 18
  private let file: FileDescriptor
  private var buffer: [UInt8] = []

  /// Creates or empties a file.
  ///
  /// - Parameters:
  ///   - path: Where to write.
  ///   - name: The file that an error names, where it will be known by another name than `path`.
  /// - Throws: ``InputError`` when the file cannot be created.
  package init(path: String, named name: String? = nil) throws(InputError) {
    file = try FileDescriptor(path, O_WRONLY | O_CREAT | O_TRUNC, for: .write, named: name)
  }

  /// Appends bytes.
  ///
  /// - Throws: ``InputError`` naming the file, when the disk is full or fails.
  package mutating func write(_ bytes: some Collection<UInt8>) throws(InputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Appends bytes; many at once are not copied.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(InputError) {
    if buffer.count + bytes.count >= Self.bufferBytes {
      try flush()
      try file.write(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Writes out what is buffered and syncs the file to its device.
  package consuming func finish() throws(InputError) {
    try flush()
    try file.sync()
  }

  private mutating func flush() throws(InputError) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
