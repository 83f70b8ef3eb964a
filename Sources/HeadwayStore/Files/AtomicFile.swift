import Foundation
import HeadwayTrace

/// Files that exist whole or not at all.
///
/// The bytes go to a temporary name in the same directory, are synced, and take the final name by a
/// rename; then the directory is synced. A reader, or a crash at any moment, sees the old file or the
/// new one.
public enum AtomicFile {
  /// Writes `bytes` as the file at `path`, replacing a file that is there.
  ///
  /// - Throws: ``InputError`` naming the file: a full disk, a directory that may not be written, a path
  ///   through a file. The temporary file is removed.
  public static func write(_ bytes: Data, to path: String) throws(InputError) {
    let temporary = "\(path).hwtmp-\(getpid())"
    do {
      try writeAndRename(bytes, temporary, path)
    } catch {
      unlink(temporary)
      // The person asked for `path`; the temporary name would only puzzle.
      throw InputError(path, problem: error.problem, remedy: error.remedy)
    }
    try syncDirectory(of: path)
  }

  private static func writeAndRename(
    _ bytes: Data, _ temporary: String, _ path: String
  ) throws(InputError) {
    let file = try FileDescriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC, verb: "write")
    try file.write(bytes)
    try file.sync()
    if rename(temporary, path) != 0 { throw SystemFailure.error("write", path, code: errno) }
  }

  /// Makes a rename or a creation in the directory of `path` durable.
  static func syncDirectory(of path: String) throws(InputError) {
    let parent = (path as NSString).deletingLastPathComponent
    let directory = try FileDescriptor(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY, verb: "write")
    try directory.sync()
  }
}
