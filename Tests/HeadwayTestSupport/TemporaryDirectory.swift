import Foundation

/// A new empty directory that removes itself, with everything in it, when the last reference goes.
public final class TemporaryDirectory: Sendable {
  /// Where the directory is.
  public let url: URL

  /// Creates the directory under the system's temporary one.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "headway-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of a name inside the directory, as system calls want it.
  public func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// Writes a file inside the directory, with the directories that its name asks for.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> URL {
    try write(Data(text.utf8), to: name)
  }

  /// Writes a file inside the directory, with the directories that its name asks for.
  @discardableResult
  public func write(_ content: Data, to name: String) throws -> URL {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: file)
    return file
  }
}
