import Foundation
import HeadwayTrace

/// Sentences for what the operating system refused, from its error number.
package enum FileFailure {
  /// A file or directory that could not be opened or read.
  package static func cannotRead(_ path: String, _ code: Int32) -> InputError {
    switch code {
    case ENOENT:
      InputError(path, problem: "there is no such file or directory", remedy: "check the path")
    case EACCES, EPERM:
      InputError(
        path, problem: "this process may not read it",
        remedy: "change its permissions, or choose another file")
    default:
      InputError(
        path, problem: "it cannot be read (\(reason(code)))", remedy: "check the file and its file system")
    }
  }

  /// A file or directory that could not be created or written.
  package static func cannotWrite(_ path: String, _ code: Int32) -> InputError {
    switch code {
    case ENOSPC, EDQUOT:
      InputError(
        path, problem: "the disk is full (\(reason(code)))",
        remedy: "free some space, or write to another file system")
    case EACCES, EPERM, EROFS:
      InputError(
        path, problem: "this process may not write there (\(reason(code)))",
        remedy: "change the permissions, or choose another place")
    case ENOENT, ENOTDIR:
      InputError(
        path, problem: "the directory to write in does not exist (\(reason(code)))",
        remedy: "create it, or choose another place")
    default:
      InputError(
        path, problem: "it cannot be written (\(reason(code)))",
        remedy: "check the directory and its file system")
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
