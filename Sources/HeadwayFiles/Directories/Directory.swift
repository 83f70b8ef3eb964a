import Foundation
import HeadwayTrace

/// Creating directories with a sentence for each way in which that fails.
package enum Directory {
  /// Creates a directory and those above it; one that is there and empty will do, and so will one in which a
  /// process was killed before its first file was whole.
  ///
  /// - Throws: ``InputError`` when `path` is a file, is not empty, or cannot be created.
  package static func createFresh(_ path: String, what: String) throws(InputError) {
    try create(path)
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw SystemFailure.error(.read, path, code: errno)
    }
    let unfinished = entries.filter(TemporaryName.isLeftOver)
    if entries.count > unfinished.count {
      throw InputError(
        path, problem: "the directory is not empty, and \(what) starts in a fresh one",
        remedy: "choose another directory or remove this one")
    }
    if access(path, W_OK) != 0 { throw SystemFailure.error(.write, path, code: errno) }
    for name in unfinished { unlink(path + "/" + name) }
  }

  /// Creates a directory and those above it; one that is there is left as it is.
  package static func create(_ path: String) throws(InputError) {
    if isDirectory(path) { return }
    if access(path, F_OK) == 0 {
      throw InputError(path, problem: "it is a file, not a directory", remedy: "choose another path")
    }
    let parent = parent(of: path)
    if parent != path && parent != "." { try create(parent) }
    if mkdir(path, 0o755) != 0 && errno != EEXIST {
      throw SystemFailure.error(.createDirectory, path, code: errno)
    }
  }

  /// Whether a directory stands at `path`.
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Requires an existing directory.
  package static func require(_ path: String, remedy: String) throws(InputError) {
    if isDirectory(path) { return }
    let isThere = access(path, F_OK) == 0
    throw InputError(
      path, problem: isThere ? "it is a file, not a directory" : "there is no such directory", remedy: remedy)
  }

  /// The directory that `path` lies in, as POSIX `dirname` says: `.` for a bare name.
  ///
  /// Not Foundation's `deletingLastPathComponent`, which on Linux traps on a bare name of one letter.
  package static func parent(of path: String) -> String {
    let slash = UInt8(ascii: "/")
    let name = path.utf8.reversed().drop { $0 == slash }
    let above = name.drop { $0 != slash }
    if above.isEmpty { return path.utf8.first == slash ? "/" : "." }
    let bytes = above.drop { $0 == slash }.reversed()
    return bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
  }

  /// Makes what was created and renamed in a directory durable; errors name `subject`.
  package static func sync(_ path: String, naming subject: String) throws(InputError) {
    try FileDescriptor(path, O_RDONLY | O_DIRECTORY, for: .write, named: subject).sync()
  }

  /// Makes a rename or a creation at `path` durable.
  package static func sync(above path: String) throws(InputError) {
    try sync(parent(of: path), naming: path)
  }
}
