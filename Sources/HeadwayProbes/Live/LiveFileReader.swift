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
  public func holder() -> Holder { LiveLock.holder(descriptor) }

  /// The status as it was copied last; `nil` while the file is being made.
  ///
  /// - Throws: ``InputError`` when it cannot be read or is no status file.
  public func snapshot() throws(InputError) -> LiveSnapshot? {
    let head = try settled(0, LiveFormat.headerBytes)
    guard head.count == LiveFormat.headerBytes, head[0] != 0 else { return nil }
    let now = headway_ticks()
    let definitions = try read(LiveFormat.headerBytes, LiveFormat.firstRow - LiveFormat.headerBytes)
    var rows: [[UInt8]] = []
    while rows.count < LiveFormat.rowLimit {
      let row = try settled(LiveFormat.place(ofRow: rows.count), LiveFormat.Row.used)
      if row.count < LiveFormat.Row.used { break }
      rows.append(row)
    }
    return try LiveSnapshot(head: head, definitions: definitions, rows: rows, readAt: now, file: path)
  }

  /// A part of the file as it was copied: two equal readings in a row, between which no copy came.
  private func settled(_ offset: Int, _ count: Int) throws(InputError) -> [UInt8] {
    var last = try read(offset, count)
    for _ in 0..<4 {
      let next = try read(offset, count)
      if next == last { break }
      last = next
    }
    return last
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
