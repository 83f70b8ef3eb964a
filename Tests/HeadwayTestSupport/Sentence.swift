import Foundation

extension TemporaryDirectory {
  /// The directory's own path, without a slash at its end.
  public var root: String { String(url.path(percentEncoded: false).trimmingSuffix { $0 == "/" }) }

  /// The names in the directory.
  public func entries() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root).sorted()
  }
}

extension String {
  fileprivate func trimmingSuffix(_ condition: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let last = rest.last, condition(last) { rest.removeLast() }
    return rest
  }
}

/// Runs `body` and gives the sentence of the error that it must throw.
public func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch {
    return "\(error)"
  }
}
