import Foundation
import Glibc
import HeadwayTrace

/// Whether a run's or a sweep's directory can be read without leaving it: what came from elsewhere could hold links to
/// files of its reader's, or a pipe that never answers.
public enum Containment {
  /// Directories below one another beyond which nothing of Headway lies.
  private static let deepest = 8

  /// Refuses a directory with something in it that is neither a file, nor a directory, nor a link to one of them in the
  /// same directory.
  ///
  /// - Throws: ``InputError`` naming what it is.
  public static func check(_ directory: String) throws(InputError) {
    guard let root = resolved(directory) else {
      throw InputError(
        directory, problem: "there is no such directory", remedy: "it was removed; look at the list again")
    }
    try check(root, in: root, depth: 0)
  }

  private static func check(_ directory: String, in root: String, depth: Int) throws(InputError) {
    if depth > deepest {
      throw InputError(
        directory, problem: "this lies deeper than anything of Headway, so nothing around it is shown",
        remedy: "move it elsewhere")
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
      let path = directory + "/" + name
      switch kind(path) {
      case S_IFDIR: try check(path, in: root, depth: depth + 1)
      case S_IFREG, nil: break
      case S_IFLNK:
        let end = resolved(path)
        if let end, isInside(end, root), kind(end) == S_IFREG || kind(end) == S_IFDIR { break }
        throw InputError(
          path, problem: "this is a link that leads out of the directory, so nothing in it is shown",
          remedy: "put a copy of the file there, or remove the link")
      default:
        throw InputError(
          path, problem: "this is neither a file nor a directory, so nothing beside it is shown",
          remedy: "remove it")
      }
    }
  }

  /// Whether a name that a file gives, such as a journal's of a run's directory, stays in the directory of that file.
  public static func isInside(relative name: String) -> Bool {
    !name.hasPrefix("/") && !name.utf8.contains(0) && !name.split(separator: "/").contains("..")
  }

  /// Whether something is a link.
  static func isLink(_ path: String) -> Bool { kind(path) == S_IFLNK }

  private static func isInside(_ path: String, _ root: String) -> Bool {
    path == root || path.hasPrefix(root + "/")
  }

  /// What lies at a path, a link itself and not its end; `nil` for nothing.
  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// A path without links; `nil` where it leads nowhere.
  private static func resolved(_ path: String) -> String? {
    guard let end = realpath(path, nil) else { return nil }
    // `realpath` gave the memory to its caller, who copies it and gives it back.
    defer { free(end) }
    return String(cString: end)
  }
}
