import Foundation
import HeadwayTrace

/// A directory that appears whole or not at all: filled under a temporary name beside its place, synced,
/// and renamed. What is not committed is removed with the value.
package struct StagedDirectory: ~Copyable {
  /// Where the directory is filled.
  package let path: String
  /// Where it will appear.
  package let destination: String
  private var isCommitted = false

  /// Creates the temporary directory, and the directories above it.
  ///
  /// - Throws: ``InputError`` when something is in the destination's place or a directory cannot be made.
  package init(for destination: String) throws(InputError) {
    let trimmed =
      destination.count > 1 && destination.hasSuffix("/") ? String(destination.dropLast()) : destination
    self.destination = trimmed
    path = "\(trimmed).hwtmp-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    if let problem = Self.obstacle(at: trimmed) { throw problem }
    try Self.makeDirectories((trimmed as NSString).deletingLastPathComponent)
    guard mkdir(path, 0o755) == 0 else { throw FileFailure.cannotWrite(trimmed, errno) }
  }

  deinit { if !isCommitted { try? FileManager.default.removeItem(atPath: path) } }

  /// Renames the directory into its place.
  ///
  /// - Returns: `false` when somebody else put a directory there meanwhile; this one is removed.
  package consuming func commit() throws(InputError) -> Bool {
    try Self.sync(path, subject: destination)
    guard rename(path, destination) == 0 else {
      if errno == EEXIST || errno == ENOTEMPTY { return false }
      throw FileFailure.cannotWrite(destination, errno)
    }
    isCommitted = true
    let parent = (destination as NSString).deletingLastPathComponent
    try Self.sync(parent.isEmpty ? "." : parent, subject: destination)
    return true
  }

  /// Makes a directory and those above it; one that is there is left as it is.
  package static func makeDirectories(_ path: String) throws(InputError) {
    guard !path.isEmpty, path != "/" else { return }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw FileFailure.cannotWrite(path, ENOTDIR) }
      return
    }
    try makeDirectories((path as NSString).deletingLastPathComponent)
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileFailure.cannotWrite(path, errno) }
  }

  private static func obstacle(at destination: String) -> InputError? {
    var status = stat()
    guard lstat(destination, &status) == 0 else { return nil }
    let isDirectory = status.st_mode & S_IFMT == S_IFDIR
    let entries = isDirectory ? try? FileManager.default.contentsOfDirectory(atPath: destination) : nil
    if entries?.isEmpty == true { return nil }
    return InputError(
      destination, problem: isDirectory ? "the directory is not empty" : "there is a file in its place",
      remedy: "remove it, or choose another output")
  }

  private static func sync(_ path: String, subject: String) throws(InputError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure.cannotWrite(subject, errno) }
    defer { close(descriptor) }
    // EINVAL: a file system that cannot sync directories.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure.cannotWrite(subject, errno) }
  }
}
