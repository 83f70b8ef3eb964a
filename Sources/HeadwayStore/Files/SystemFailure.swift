import Foundation
import HeadwayTrace

/// A system call on a file that failed, turned into the one sentence that a person can act on.
enum SystemFailure {
  /// Describes `code`, the `errno` of a failed attempt to `verb` the file at `path`.
  static func error(_ verb: String, _ path: String, code: Int32) -> InputError {
    switch code {
    case ENOSPC, EDQUOT:
      InputError(
        path, problem: "could not \(verb): the disk is full",
        remedy: "free space there or choose another directory")
    case EACCES, EPERM, EROFS:
      InputError(
        path, problem: "could not \(verb): permission is denied",
        remedy: "choose a directory that you may write to")
    case ENOTDIR:
      InputError(
        path, problem: "could not \(verb): a part of the path is a file, not a directory",
        remedy: "choose another path")
    case EISDIR:
      InputError(path, problem: "could not \(verb): it is a directory", remedy: "name a file")
    case ENOENT:
      InputError(
        path, problem: "could not \(verb): there is no such file or directory", remedy: "check the path")
    default:
      InputError(
        path, problem: "could not \(verb): \(String(cString: strerror(code)))", remedy: "check the path")
    }
  }
}

/// An open file descriptor, closed when the value goes away.
struct FileDescriptor: ~Copyable {
  let raw: Int32
  let path: String

  /// Opens a file; `verb` says in the error's sentence what was attempted.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644, verb: String) throws(InputError) {
    raw = open(path, flags | O_CLOEXEC, mode)
    self.path = path
    if raw < 0 { throw SystemFailure.error(verb, path, code: errno) }
  }

  deinit { if raw >= 0 { close(raw) } }

  /// Writes every byte, however many calls that takes.
  borrowing func write(_ bytes: Data) throws(InputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // The pointer is used within the call only, and `write` does not keep it.
      let written = rest.withUnsafeBytes { Glibc.write(raw, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw SystemFailure.error("write", path, code: errno)
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Waits until the bytes are on the disk. A device without a disk behind it has nothing to wait for.
  borrowing func sync() throws(InputError) {
    if fsync(raw) != 0 && errno != EINVAL && errno != EROFS {
      throw SystemFailure.error("write", path, code: errno)
    }
  }
}
