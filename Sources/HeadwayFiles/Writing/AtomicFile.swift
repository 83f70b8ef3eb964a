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
    try write(to: path) { (file) throws(InputError) in try file.write(bytes) }
  }

  /// Writes the file at `path` piece by piece, for what is too long to be held; otherwise as
  /// ``write(_:to:)``. When `content` throws, nothing is left.
  package static func write<Result>(
    to path: String, _ content: (inout FileWriter) throws(InputError) -> Result
  ) throws(InputError) -> Result {
    let temporary = TemporaryName.beside(path)
    let result: Result
    do throws(InputError) {
      var file = try FileWriter(path: temporary, named: path)
      result = try content(&file)
      try file.finish()
      if rename(temporary, path) != 0 { throw SystemFailure.error(.write, path, code: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    try Directory.sync(above: path)
    return result
  }

  /// Writes a value as one line of JSON: for tables too long to be read by eye.
  public static func writeJSONLine(_ value: some Encodable, to path: String) throws(InputError) {
    try write(try encoded(for: path) { try HeadwayJSON.line(value) + Data("\n".utf8) }, to: path)
  }

  /// Writes a value as a JSON document.
  public static func writeJSON(_ value: some Encodable, to path: String) throws(InputError) {
    try write(try encoded(for: path) { try HeadwayJSON.document(value) }, to: path)
  }
}

/// The names under which files and directories stand until they are whole.
package enum TemporaryName {
  /// What all of them contain.
  package static let mark = ".hwtmp-"

  /// Whether a name is one that a process has left behind which is there no more.
  static func isLeftOver(_ name: String) -> Bool {
    guard let mark = name.range(of: mark) else { return false }
    let process = name[mark.upperBound...].prefix { $0.isNumber }
    guard let number = pid_t(process), number > 0 else { return false }
    return kill(number, 0) != 0 && errno == ESRCH
  }

  /// A name beside a path that nobody else uses.
  package static func beside(_ path: String) -> String {
    "\(path)\(mark)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  }
}
