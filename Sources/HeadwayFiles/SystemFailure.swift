import Foundation
import HeadwayTrace

/// What was attempted with a file or directory, as errors say it.
package enum FileAttempt: String, Sendable {
  case read = "read"
  case write = "write"
  case createDirectory = "create the directory"
}

/// A system call on a file that failed, turned into the one sentence that a person can act on.
package enum SystemFailure {
  /// Describes `code`, the `errno` of a failed attempt.
  ///
  /// - Parameter missing: The remedy where there is nothing at `path`.
  package static func error(
    _ attempt: FileAttempt, _ path: String, code: Int32, missing: String = "check the path"
  ) -> InputError {
    let (problem, remedy) =
      switch code {
      case ENOSPC, EDQUOT:
        ("there is no space left on the disk", "free some space there, or choose another place")
      case EACCES, EPERM, EROFS:
        ("permission is denied", "change the permissions, or choose another place")
      case ENOTDIR: ("a part of the path is a file, not a directory", "choose another path")
      case EISDIR: ("it is a directory", "name a file")
      case ENOENT: ("there is no such file or directory", missing)
      default: (String(cString: strerror(code)), "check the path and its file system")
      }
    // That a file to be read is not there needs no more words.
    let attempted = attempt == .read && code == ENOENT ? "" : "could not \(attempt.rawValue): "
    return InputError(path, problem: attempted + problem, remedy: remedy)
  }
}

/// The bytes that `content` makes for the file at `path`.
///
/// - Throws: ``InputError`` when they cannot be made: a defect of the caller, not of the file.
package func encoded(
  for path: String, _ content: () throws -> Data
) throws(InputError) -> Data {
  do {
    return try content()
  } catch {
    throw InputError(path, problem: "it cannot be encoded (\(error))", remedy: "report this as a defect")
  }
}
