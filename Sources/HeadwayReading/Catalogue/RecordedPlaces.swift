import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwayTrace

/// The runs and sweeps that lie in some directories, found one by one: a directory with a plan is a sweep, whose own
/// runs are not looked for, and one with a manifest is a run.
public struct RecordedPlaces: Sequence, IteratorProtocol {
  /// A directory that was found.
  public struct Place: Hashable, Sendable {
    /// Its absolute path.
    public var path: String
    /// Whether it is a sweep; otherwise a run.
    public var isSweep: Bool
    /// Describes a place.
    public init(path: String, isSweep: Bool) {
      self.path = path
      self.isSweep = isSweep
    }
  }

  private var waiting: [(path: String, depth: Int)] = []
  private let followsLinks: Bool
  /// How deep runs are looked for below a named directory.
  private static let deepest = 6

  /// Looks into directories.
  ///
  /// - Parameter followsLinks: Whether links in them are followed, which may lead out of them.
  /// - Throws: ``InputError`` when one is not there.
  public init(_ directories: [String], followsLinks: Bool = true) throws(InputError) {
    self.followsLinks = followsLinks
    for path in directories {
      try Directory.require(path, remedy: "name a directory with runs or sweeps in it")
      waiting.append((Self.absolute(path), 0))
    }
    waiting.reverse()
  }

  /// A path from the root, without a slash at its end.
  static func absolute(_ path: String) -> String {
    let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    return absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
  }

  /// The next one, in the order of names.
  public mutating func next() -> Place? {
    let files = FileManager.default
    while let (path, depth) = waiting.popLast() {
      if SweepDirectory.exists(at: path) { return Place(path: path, isSweep: true) }
      if files.fileExists(atPath: path + "/manifest.json") { return Place(path: path, isSweep: false) }
      guard depth < Self.deepest else { continue }
      for name in ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted(by: >) {
        let inner = path + "/" + name
        if Directory.isDirectory(inner), followsLinks || !Containment.isLink(inner) {
          waiting.append((inner, depth + 1))
        }
      }
    }
    return nil
  }
}
