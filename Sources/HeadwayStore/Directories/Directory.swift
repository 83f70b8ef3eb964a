import Foundation
import HeadwayTrace

/// Creating directories with a sentence for each way in which that fails.
enum Directory {
  /// Creates a directory and those above it; one that is there and empty will do.
  ///
  /// - Throws: ``InputError`` when `path` is a file, is not empty, or cannot be created.
  static func createFresh(_ path: String, what: String) throws(InputError) {
    try create(path)
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw SystemFailure.error("read", path, code: errno)
    }
    if !entries.isEmpty {
      throw InputError(
        path, problem: "the directory is not empty, and \(what) starts in a fresh one",
        remedy: "choose another directory or remove this one")
    }
    if access(path, W_OK) != 0 { throw SystemFailure.error("write", path, code: errno) }
  }

  /// Creates a directory and those above it.
  static func create(_ path: String) throws(InputError) {
    if isDirectory(path) { return }
    if access(path, F_OK) == 0 {
      throw InputError(path, problem: "it is a file, not a directory", remedy: "choose another path")
    }
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty && parent != path { try create(parent) }
    if mkdir(path, 0o755) != 0 && errno != EEXIST {
      throw SystemFailure.error("create the directory", path, code: errno)
    }
  }

  /// Whether a directory stands at `path`.
  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Requires an existing directory.
  static func require(_ path: String, remedy: String) throws(InputError) {
    if isDirectory(path) { return }
    let isThere = access(path, F_OK) == 0
    throw InputError(
      path, problem: isThere ? "it is a file, not a directory" : "there is no such directory", remedy: remedy)
  }
}
