import Foundation
import HeadwayTestSupport

/// A target as `Package.swift` declares it, read as text.
struct DeclaredTarget {
  /// The target's name.
  var name: String
  /// The comment line above it: what the target is, in one sentence.
  var sentence: String
  /// The layer whose comment it stands under; `nil` for tests.
  var layer: Int?
  /// The names of the targets and products that it depends on.
  var dependencies: Set<String>
}

/// `Package.swift` and the README's module table, as the tests compare them.
struct PackageLayout {
  var targets: [DeclaredTarget]

  /// Reads the manifest of the package that the tests belong to.
  init() throws {
    let manifest = try String(contentsOf: packageRoot.appending(path: "Package.swift"), encoding: .utf8)
    var targets: [DeclaredTarget] = []
    var layer: Int?
    var comment: [String] = []
    var declaration: String?
    let start = /^\s+\.(target|systemLibrary|executableTarget|testTarget)\(/
    let lines = manifest.components(separatedBy: "\n")
    guard let first = lines.firstIndex(where: { $0.hasPrefix("  targets: [") }) else {
      throw LayoutError.noTargets
    }
    for line in lines[(first + 1)...] {
      let text = line.trimmingCharacters(in: .whitespaces)
      if declaration == nil, text.hasPrefix("//") {
        let words = text.dropFirst(2).trimmingCharacters(in: .whitespaces)
        if let match = words.firstMatch(of: /^Layer (\d):/) {
          layer = Int(match.1)
        } else if words.hasPrefix("Shared by the tests") {
          layer = nil
        } else {
          comment.append(words)
        }
        continue
      }
      if line.firstMatch(of: start) != nil { declaration = "" }
      guard declaration != nil else { continue }
      declaration?.append(text + " ")
      let whole = declaration ?? ""
      if whole.count(where: { $0 == "(" }) == whole.count(where: { $0 == ")" }) {
        targets.append(try Self.parse(whole, sentence: comment.joined(separator: " "), layer: layer))
        declaration = nil
        comment = []
      }
    }
    self.targets = targets
  }

  private static func parse(
    _ declaration: String, sentence: String, layer: Int?
  ) throws -> DeclaredTarget {
    guard let name = declaration.firstMatch(of: /name: "(\w+)"/)?.1 else { throw LayoutError.noName }
    var dependencies: Set<String> = []
    if let list = declaration.firstMatch(of: /dependencies: \[(.*?)\](, path|, swiftSettings|\))/) {
      let products = list.1.replacing(/package: "[^"]*"/, with: "")
      dependencies = Set(products.matches(of: /"([\w-]+)"/).map { String($0.1) })
    }
    return DeclaredTarget(
      name: String(name), sentence: sentence, layer: layer, dependencies: dependencies)
  }

  /// The Swift files of a target, with the modules that each imports.
  func imports(of target: DeclaredTarget) throws -> [(file: String, modules: Set<String>)] {
    for folder in ["Sources", "Tests"] {
      let directory = packageRoot.appending(path: "\(folder)/\(target.name)")
      guard
        let walk = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
      else { continue }
      let files = walk.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      if files.isEmpty { continue }
      return try files.map { url in
        let text = try String(contentsOf: url, encoding: .utf8)
        let pattern =
          /(?m)^(?:@\w+ )*(?:(?:public|package|internal|private|fileprivate) )?import (?:(?:struct|enum|class|func|protocol) )?(\w+)/
        return (url.lastPathComponent, Set(text.matches(of: pattern).map { String($0.1) }))
      }
    }
    return []
  }
}

enum LayoutError: Error {
  case noTargets
  case noName
}
