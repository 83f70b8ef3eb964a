import Foundation
import HeadwayTrace

/// Writes a directory whole or not at all: under a temporary name beside the target, brought to the disk,
/// then renamed over it.
enum AtomicDirectory {
  /// Writes `target` anew.
  ///
  /// When `target` exists, the two directories are exchanged in one step, so that at every instant one
  /// whole directory stands at `target`. Where the file system cannot exchange, the old one is set aside
  /// under a name that ends in `.previous` until the new one has its place.
  ///
  /// - Parameters:
  ///   - mark: A file that a directory must hold to be replaced; any other non-empty directory is refused.
  ///   - kind: What the directory is, for the error's sentence.
  ///   - write: Fills the temporary directory it is given.
  /// - Throws: ``InputError`` naming the file; the temporary directory is gone then and `target` untouched.
  static func write(
    _ target: String, replacingOnlyWith mark: String, kind: String,
    _ write: (String) throws(InputError) -> Void
  ) throws(InputError) {
    let url = URL(fileURLWithPath: target).resolvingSymlinksInPath()
    let parent = url.deletingLastPathComponent().path
    try refuseUnless(target, holds: mark, kind: kind)
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw InputError(parent, problem: "cannot be created", remedy: "choose a place you may write to")
    }
    let temporary = parent + "/." + url.lastPathComponent + ".\(getpid()).partial"
    remove(temporary)
    guard mkdir(temporary, 0o755) == 0 else {
      throw FileDescriptor.failure(temporary, "cannot be created", "choose a place you may write to")
    }
    do throws(InputError) {
      try write(temporary)
      try FileDescriptor.synchroniseDirectory(temporary)
      try place(temporary, at: url.path)
      try FileDescriptor.synchroniseDirectory(parent)
    } catch {
      remove(temporary)
      throw error
    }
  }

  /// Refuses a place where ``write(_:replacingOnlyWith:kind:_:)`` is bound to fail, without leaving a trace:
  /// the nearest directory above that exists must be writable.
  static func requirePlace(
    at target: String, replacingOnlyWith mark: String, kind: String
  ) throws(InputError) {
    try refuseUnless(target, holds: mark, kind: kind)
    var parent = URL(fileURLWithPath: target).resolvingSymlinksInPath().deletingLastPathComponent()
    while access(parent.path, F_OK) != 0 && parent.path != "/" { parent.deleteLastPathComponent() }
    var facts = stat()
    let isDirectory = stat(parent.path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    guard isDirectory, access(parent.path, W_OK | X_OK) == 0 else {
      throw InputError(
        target,
        problem: "cannot be created in \(parent.path), which is \(isDirectory ? "not writable" : "a file")",
        remedy: "choose a place you may write to")
    }
  }

  private static func refuseUnless(
    _ target: String, holds mark: String, kind: String
  ) throws(InputError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: target, isDirectory: &isDirectory) else { return }
    let content = try? FileManager.default.contentsOfDirectory(atPath: target)
    if isDirectory.boolValue, let content, content.isEmpty || content.contains(mark) { return }
    throw InputError(
      target, problem: "exists and is not a \(kind)", remedy: "name a new directory, or remove it first")
  }

  /// Gives the finished directory its name; what stood there before is removed afterwards.
  private static func place(_ temporary: String, at target: String) throws(InputError) {
    if rename(temporary, target) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else {
      throw FileDescriptor.failure(target, "cannot be put in place", "check its directory")
    }
    if exchange(temporary, target) {
      remove(temporary)
      return
    }
    let aside = target + ".previous"
    remove(aside)
    guard rename(target, aside) == 0 else {
      throw FileDescriptor.failure(target, "cannot be set aside", "check its directory")
    }
    guard rename(temporary, target) == 0 else {
      let error = FileDescriptor.failure(target, "cannot be put in place", "check its directory")
      rename(aside, target)
      throw error
    }
    remove(aside)
  }

  /// Exchanges two directories by Linux's `renameat2`, which the C library's module does not show to
  /// Swift; looked up at run time, so that without it the caller falls back.
  private static func exchange(_ left: String, _ right: String) -> Bool {
    typealias Call =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    // The bit cast gives the symbol the prototype of renameat2(2); the flag is RENAME_EXCHANGE.
    return unsafeBitCast(symbol, to: Call.self)(AT_FDCWD, left, AT_FDCWD, right, 2) == 0
  }

  private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
