import Foundation
import HeadwayFiles
import HeadwayTrace

/// A file that a walk found, not yet read.
struct SourceFile: Sendable {
  /// The path to open.
  var path: String
  /// The number of the source and the path inside it: what orders and identifies the file.
  var name: String
  /// Its length when it was found.
  var bytes: Int
  /// Its modification time, in nanoseconds since 1970.
  var modified: Int
  /// Whether it was itself named as a source, so that skipping it would be an error.
  var isNamed: Bool
}

/// The files of a corpus's sources, in the order of their names (by bytes, directory by directory).
///
/// Inside a directory everything whose name starts with a dot is passed over (`.git`, `.build`), and so are
/// built corpora and symbolic links, hence no walk is endless. A source that is itself named is entered
/// whatever its name, links included. A file reached twice counts once.
struct SourceWalk {
  /// The regular files that were found.
  private(set) var files: [SourceFile] = []
  /// What was passed over, by reason; dotted names are not counted.
  private(set) var skipped = SkippedFiles()

  private var seen: Set<FileIdentity> = []

  /// Walks the sources in order.
  ///
  /// - Throws: ``InputError`` when a source is missing, unreadable, or neither a file nor a directory.
  init(_ sources: [String]) throws(InputError) {
    for (number, source) in sources.enumerated() {
      var status = stat()
      guard stat(source, &status) == 0 else { throw SystemFailure.error(.read, source, code: errno) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: add(source, name: "\(number)", status, isNamed: true)
      case S_IFDIR:
        guard seen.insert(FileIdentity(status)).inserted else { continue }
        guard let entries = Self.entries(of: source) else { throw Self.unlistable(source) }
        walk(entries, in: source, name: "\(number)")
      default:
        throw InputError(
          source, problem: "this is neither a file nor a directory", remedy: "name a text file or a directory"
        )
      }
    }
  }

  private mutating func walk(_ entries: [String], in directory: String, name: String) {
    for entry in entries where !entry.hasPrefix(".") {
      let path = directory + "/" + entry
      var status = stat()
      guard lstat(path, &status) == 0 else {
        skipped.unreadable += 1
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: add(path, name: name + "/" + entry, status, isNamed: false)
      case S_IFDIR:
        guard seen.insert(FileIdentity(status)).inserted else { continue }
        if Corpus.isCorpus(path) {
          skipped.builtCorpora += 1
        } else if let inner = Self.entries(of: path) {
          walk(inner, in: path, name: name + "/" + entry)
        } else {
          skipped.unreadable += 1
        }
      default: skipped.notRegular += 1
      }
    }
  }

  private mutating func add(_ path: String, name: String, _ status: stat, isNamed: Bool) {
    guard seen.insert(FileIdentity(status)).inserted else { return }
    files.append(
      SourceFile(
        path: path, name: name, bytes: Int(status.st_size),
        modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec, isNamed: isNamed))
  }

  /// Why a directory cannot be listed.
  private static func unlistable(_ directory: String) -> InputError {
    let handle = opendir(directory)
    defer { if let handle { closedir(handle) } }
    return SystemFailure.error(.read, directory, code: handle == nil ? errno : EIO)
  }

  /// The names in a directory, sorted by their bytes; `nil` when it cannot be listed.
  private static func entries(of directory: String) -> [String]? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return nil }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// What makes two paths the same file.
private struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64
  init(_ status: stat) { (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino)) }
}
