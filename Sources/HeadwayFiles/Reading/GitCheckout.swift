import Foundation

/// What a git checkout has checked out, read from its files: no git is needed.
public enum GitCheckout {
  /// The commit that is checked out in a directory, or in the nearest one above it that is a checkout; `nil` outside of
  /// one, and in one without a commit.
  public static func commit(at directory: String = FileManager.default.currentDirectoryPath) -> String? {
    var folder = URL(filePath: directory)
    while true {
      if let git = repository(of: folder), let head = line(of: git.appending(path: "HEAD")) {
        return commit(head, in: git)
      }
      let parent = folder.deletingLastPathComponent()
      if parent.path == folder.path { return nil }
      folder = parent
    }
  }

  /// The directory in which the checkout keeps its own state: `.git` or, of a worktree, where that file points.
  private static func repository(of folder: URL) -> URL? {
    let git = folder.appending(path: ".git")
    if Directory.isDirectory(git.path(percentEncoded: false)) { return git }
    guard let pointer = line(of: git), pointer.hasPrefix("gitdir: ") else { return nil }
    return URL(filePath: String(pointer.dropFirst(8)), relativeTo: URL(filePath: folder.path + "/"))
  }

  private static func commit(_ head: String, in git: URL) -> String? {
    guard head.hasPrefix("ref: ") else { return head.isEmpty ? nil : head }
    let name = String(head.dropFirst(5))
    // The branches of a worktree stand with the repository that it belongs to.
    let common = line(of: git.appending(path: "commondir")).map {
      URL(filePath: $0, relativeTo: URL(filePath: git.path + "/"))
    }
    for place in [git, common].compactMap(\.self) {
      if let loose = line(of: place.appending(path: name)) { return loose }
      let packed = try? String(contentsOf: place.appending(path: "packed-refs"), encoding: .utf8)
      let line = packed?.split(separator: "\n").first { $0.hasSuffix(" " + name) }
      if let commit = line?.split(separator: " ").first { return String(commit) }
    }
    return nil
  }

  /// A file of one line, without its end; `nil` when it cannot be read.
  private static func line(of file: URL) -> String? {
    (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
