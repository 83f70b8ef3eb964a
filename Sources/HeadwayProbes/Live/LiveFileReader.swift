import CHeadwayLinux
import Glibc
import HeadwayTrace

/// Reads the status file of a run that another process records, again and again.
///
/// Owned by one thread.
public final class LiveFileReader {
  /// What the kernel says of the process that records.
  public enum Holder: Equatable, Sendable {
    /// It lives, under this number; `nil` where it lives in a part of the machine that this process does not
    /// see.
    case living(process: Int32?)
    /// It is gone.
    case gone
    /// The file system does not say.
    case unknown
  }

  private let path: String
  private let descriptor: Int32

  /// Opens a status file; `nil` when there is none.
  ///
  /// - Throws: ``InputError`` when it cannot be opened.
  public init?(opening path: String) throws(InputError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else { return }
    let code = errno
    if code == ENOENT { return nil }
    throw InputError(
      path, problem: "the status of the run cannot be opened (\(String(cString: strerror(code))))",
      remedy: "run headway top as the user who runs the training")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether the process that records lives, by the lock that it holds. Its number cannot have passed to a
  /// stranger: the kernel gives it with the lock.
  public func holder() -> Holder {
    var lock = flock()
    lock.l_type = Int16(F_RDLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard fcntl(descriptor, F_GETLK, &lock) == 0 else { return .unknown }
    if lock.l_type == Int16(F_UNLCK) { return .gone }
    return .living(process: lock.l_pid > 0 ? lock.l_pid : nil)
  }

  /// The status now; `nil` while the file is being made.
  ///
  /// - Throws: ``InputError`` when it cannot be read or is no status file.
  public func snapshot() throws(InputError) -> LiveSnapshot? {
    let (head, now) = try settled(0, LiveFormat.headerBytes)
    guard head.count == LiveFormat.headerBytes, head[0] != 0 else { return nil }
    let definitions = try read(LiveFormat.headerBytes, LiveFormat.firstRow - LiveFormat.headerBytes)
    var rows: [(bytes: [UInt8], now: UInt64)] = []
    while rows.count < LiveFormat.rowLimit {
      let row = try settled(LiveFormat.firstRow + rows.count * LiveFormat.rowBytes, LiveFormat.Row.used)
      if row.bytes.count < LiveFormat.Row.used { break }
      rows.append(row)
    }
    return try LiveSnapshot(head: head, definitions: definitions, rows: rows, now: now, file: path)
  }

  /// A part of the file, and when it was read. Two equal readings in a row are an instant's; where the part
  /// changes under every attempt the latest is taken: no word of it is torn, and what is missing of one
  /// interval is found in the next.
  private func settled(_ offset: Int, _ count: Int) throws(InputError) -> (bytes: [UInt8], now: UInt64) {
    var last = try read(offset, count)
    var now = headway_ticks()
    for _ in 0..<4 {
      let next = try read(offset, count)
      if next == last { break }
      last = next
      now = headway_ticks()
    }
    return (last, now)
  }

  private func read(_ offset: Int, _ count: Int) throws(InputError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { break }
        filled += got
      }
    }
    if failed { throw unreadable() }
    return bytes
  }

  private func unreadable() -> InputError {
    InputError(
      path, problem: "the status of the run cannot be read (\(String(cString: strerror(errno))))",
      remedy: "check the disk and try again")
  }
}
