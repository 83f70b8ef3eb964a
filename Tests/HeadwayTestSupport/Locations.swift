import Foundation

/// The root of the package that the tests were compiled from.
public let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A text of about a megabyte that developers may keep beside their checkout: the file that the environment
/// names as `HEADWAY_TEST_TEXT`, or `shared/tinyshakespeare.txt` in a folder above the package. `nil` where
/// there is none; tests that want it are then skipped.
public func sharedText() -> URL? {
  if let path = ProcessInfo.processInfo.environment["HEADWAY_TEST_TEXT"] {
    return FileManager.default.fileExists(atPath: path) ? URL(filePath: path) : nil
  }
  var folder = packageRoot
  while true {
    let file = folder.appending(path: "shared/tinyshakespeare.txt")
    if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) { return file }
    let above = folder.deletingLastPathComponent()
    guard above.path.count < folder.path.count else { return nil }
    folder = above
  }
}

/// The `headway` command that was built together with the running tests, found beside the test bundle.
/// `nil` when it was not built.
public var headwayBinary: URL? { builtProgram("headway") }

/// A program that was built together with the running tests, found beside the test bundle. `nil` when it was not
/// built.
public func builtProgram(_ name: String) -> URL? {
  // Linux runs the bundle itself; macOS runs a tool that is given the bundle's path.
  let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  let bundles = ([executable].compactMap(\.self) + CommandLine.arguments).filter { $0.contains(".xctest") }
  for bundle in bundles {
    var folder = URL(filePath: bundle).deletingLastPathComponent()
    while folder.path.contains(".xctest") { folder = folder.deletingLastPathComponent() }
    let binary = folder.appending(path: name)
    if FileManager.default.isExecutableFile(atPath: binary.path(percentEncoded: false)) { return binary }
  }
  return nil
}
