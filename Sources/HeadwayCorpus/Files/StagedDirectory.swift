import Foundation
import HeadwayTrace

/// A directory that appears whole or not at all: filled under a temporary name beside its place, synced,
/// and renamed. What is not committed is removed with the value.
///
/// A killed process cannot remove its directory, so the next one for the same place does: every directory
/// is locked (`flock`) while it is filled, and one without a lock that is no longer young is abandoned.
package struct StagedDirectory: ~Copyable {
  /// Where the directory is filled.
  package let path: String
  /// Where it will appear.
  package let destination: String
  private var isCommitted = false
  // Holds the lock; −1 where the file system has none.
  private let lock: Int32

  private static let marker = ".hwtmp-"
  // Longer than a live process takes from making its directory to locking it.
  private static let youngSeconds = 60

  /// Creates the temporary directory, and the directories above it.
  ///
  /// - Throws: ``InputError`` when something is in the destination's place or a directory cannot be made.
  package init(for destination: String) throws(InputError) {
    let trimmed =
      destination.count > 1 && destination.hasSuffix("/") ? String(destination.dropLast()) : destination
    self.destination = trimmed
    path = Self.temporaryName(for: trimmed)
    if let problem = Self.obstacle(at: trimmed) { throw problem }
    try Self.makeDirectories((trimmed as NSString).deletingLastPathComponent)
    Self.removeAbandoned(for: trimmed)
    guard mkdir(path, 0o755) == 0 else { throw FileFailure.cannotWrite(trimmed, errno) }
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
  }

  deinit {
    if !isCommitted { try? FileManager.default.removeItem(atPath: path) }
    if lock >= 0 { close(lock) }
  }

  /// A name beside a path that nobody else uses.
  package static func temporaryName(for path: String) -> String {
    "\(path)\(marker)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  }

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

  /// Removes what killed processes left beside a destination.
  private static func removeAbandoned(for destination: String) {
    let above = (destination as NSString).deletingLastPathComponent
    let parent = above.isEmpty ? "." : above
    let prefix = (destination as NSString).lastPathComponent + marker
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let path = parent + "/" + name
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
      guard status.st_mtim.tv_sec + youngSeconds < time(nil) else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
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
