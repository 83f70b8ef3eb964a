import Glibc
import HeadwayTrace

/// Reading of trace files from the disk.
public enum TraceFile {
  /// Opens a trace for reading piece by piece.
  ///
  /// - Throws: ``InputError`` naming the file when it cannot be read or is no trace.
  public static func reader(of path: String) throws(InputError) -> TraceReader {
    let file = try OpenFile(path)
    return try TraceReader(file: path, byteCount: file.byteCount) { (offset, count) throws(InputError) in
      try file.read(offset, count)
    }
  }

  /// Reads a whole trace.
  ///
  /// - Throws: ``InputError`` naming the file and the field when it cannot be read or is damaged.
  public static func read(_ path: String) throws(InputError) -> RecordedTrace {
    try reader(of: path).recordedTrace()
  }
}

/// A file open for reading, closed with the last reference.
private final class OpenFile {
  let byteCount: Int
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(InputError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var facts = stat()
    guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      throw InputError(
        path, problem: "the trace cannot be opened (\(String(cString: strerror(code))))",
        remedy: "name a trace.hwtrace of a run directory")
    }
    byteCount = Int(facts.st_size)
  }

  deinit { close(descriptor) }

  func read(_ offset: Int, _ count: Int) throws(InputError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    var filled = 0
    while filled < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled, off_t(offset + filled))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        throw InputError(
          path, problem: "the trace cannot be read (\(String(cString: strerror(errno))))",
          remedy: "check the disk and try again")
      }
      guard got > 0 else { break }
      filled += got
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }
}
