import CHeadwayLinux
import Foundation
import HeadwayTrace

/// A directory that appears whole or not at all: filled under a temporary name beside its place, synced,
/// and renamed. What is not committed is removed with the value.
///
///     let staged = try StagedDirectory(for: "out", replacing: .nothing)
///     try staged.place.write("facts.json") { try HeadwayJSON.document(facts) }
///     try staged.commit()
///
/// A killed process cannot remove its directory, so the next one for the same place does: every directory
/// is locked (`flock`) while it is filled, and one without a lock that is no longer young is abandoned.
package struct StagedDirectory: ~Copyable {
  /// Where the directory is filled.
  package let place: StagedPlace
  // Where it will stand, without symbolic links: they stay what they are.
  private let target: String
  private let replaced: Replaced
  // Holds the lock; −1 where the directory cannot be opened.
  private let lock: Int32

  // Longer than a live process takes from making its directory to locking it.
  private static let youngSeconds = 60

  /// Creates the temporary directory, and the directories above it.
  ///
  /// - Throws: ``InputError`` when something that may not be replaced is in the destination's place, or a
  ///   directory cannot be made.
  package init(for destination: String, replacing replaced: Replaced) throws(InputError) {
    if let problem = replaced.obstacle(at: destination) { throw problem }
    let target = Self.resolve(destination)
    let place = StagedPlace(path: TemporaryName.beside(target), destination: Self.trim(destination))
    try Directory.create(Directory.parent(of: place.destination))
    Self.removeAbandoned(for: target)
    if mkdir(place.path, 0o755) != 0 {
      throw SystemFailure.error(.createDirectory, place.destination, code: errno)
    }
    self.place = place
    self.target = target
    self.replaced = replaced
    lock = open(place.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { flock(lock, LOCK_EX | LOCK_NB) }
  }

  // After a commit, what was replaced stands under the temporary name, or nothing.
  deinit {
    Self.remove(place.path)
    if lock >= 0 { close(lock) }
  }

  /// Gives the directory its place. What is replaced is exchanged with it in one step, so that at every
  /// instant one whole directory stands there. Where the file system cannot exchange, the old one is set
  /// aside, under a name that ends in `.hwtmp-previous`, until the new one has its place.
  ///
  /// - Returns: `false` when somebody else meanwhile put a directory there that may not be replaced; this
  ///   one is removed.
  @discardableResult
  package consuming func commit() throws(InputError) -> Bool {
    try Directory.sync(place.path, naming: place.destination)
    if rename(place.path, target) != 0 {
      guard errno == EEXIST || errno == ENOTEMPTY else { throw failure() }
      if replaced.obstacle(at: target) != nil { return false }
      if headway_exchange(place.path, target) != 0 { try setAside() }
    }
    try Directory.sync(Directory.parent(of: target), naming: place.destination)
    return true
  }

  private func setAside() throws(InputError) {
    let aside = target + Self.asideSuffix
    Self.remove(aside)
    if rename(target, aside) != 0 { throw failure() }
    if rename(place.path, target) != 0 {
      let error = failure()
      rename(aside, target)
      throw error
    }
    Self.remove(aside)
  }

  private static let asideSuffix = TemporaryName.mark + "previous"

  private func failure() -> InputError { SystemFailure.error(.write, place.destination, code: errno) }

  /// Refuses a place where a directory is bound to fail, without leaving a trace: the nearest directory
  /// above that exists must be writable.
  package static func requirePlace(
    at destination: String, replacing replaced: Replaced
  ) throws(InputError) {
    if let problem = replaced.obstacle(at: destination) { throw problem }
    var parent = Directory.parent(of: resolve(destination))
    while access(parent, F_OK) != 0 && parent != "/" { parent = Directory.parent(of: parent) }
    let isDirectory = Directory.isDirectory(parent)
    if !isDirectory || access(parent, W_OK | X_OK) != 0 {
      throw InputError(
        destination,
        problem: "cannot be created in \(parent), which is \(isDirectory ? "not writable" : "a file")",
        remedy: "choose a place you may write to")
    }
  }

  /// Removes what killed processes left beside a destination.
  private static func removeAbandoned(for target: String) {
    let parent = Directory.parent(of: target)
    let last = (target as NSString).lastPathComponent
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(last + TemporaryName.mark) && name != last + asideSuffix {
      let path = parent + "/" + name
      guard let left = try? FileDescriptor(path, O_RDONLY | O_DIRECTORY, for: .write),
        let status = try? left.status(), flock(left.raw, LOCK_EX | LOCK_NB) == 0,
        status.st_mtim.tv_sec + youngSeconds < time(nil)
      else { continue }
      remove(path)
    }
  }

  private static func resolve(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  private static func trim(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}

extension StagedDirectory {
  /// What a new directory may take the place of, besides an empty directory.
  package enum Replaced: Sendable {
    /// Nothing else.
    case nothing
    /// A directory that holds the file `mark`; `kind` is what such a directory is called.
    case directory(mark: String, kind: String)

    /// Why a place is taken; `nil` when it is not.
    func obstacle(at path: String) -> InputError? {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      let isDirectory = Directory.isDirectory(path)
      let entries = isDirectory ? try? FileManager.default.contentsOfDirectory(atPath: path) : nil
      if entries?.isEmpty == true { return nil }
      switch self {
      case .nothing:
        return InputError(
          path, problem: isDirectory ? "the directory is not empty" : "there is a file in its place",
          remedy: "remove it, or choose another output")
      case .directory(let mark, let kind):
        if entries?.contains(mark) == true { return nil }
        return InputError(
          path, problem: "exists and is not a \(kind)", remedy: "name a new directory, or remove it first")
      }
    }
  }
}
