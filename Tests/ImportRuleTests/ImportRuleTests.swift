import Foundation
import HeadwayTestSupport
import Testing

/// The tree is the architecture: what a file may import is what its target declares, and a target
/// declares only what lies below it.
@Suite struct ImportRuleTests {
  /// Modules of the toolchain that any target may import.
  static let toolchain: Set<String> = [
    "Swift", "Foundation", "FoundationXML", "FoundationEssentials", "Glibc", "Musl", "Darwin",
    "Synchronization", "Testing", "Dispatch", "PackageDescription",
  ]

  /// Product names whose module is named differently.
  static let moduleOfProduct = ["Mustache": "Mustache"]

  @Test func everyImportIsDeclared() throws {
    let layout = try PackageLayout()
    #expect(layout.targets.count > 20, "the manifest was read")
    var files = 0
    for target in layout.targets {
      for (file, modules) in try layout.imports(of: target) {
        files += 1
        let undeclared = modules.subtracting(Self.toolchain).subtracting(target.dependencies)
        #expect(undeclared.isEmpty, "\(target.name)/\(file) imports \(undeclared.sorted()) undeclared")
      }
    }
    #expect(files > 50, "the sources were found")
  }

  @Test func everyDeclaredDependencyIsUsed() throws {
    let layout = try PackageLayout()
    for target in layout.targets where target.layer != nil && target.layer != 7 {
      let used = try layout.imports(of: target).reduce(into: Set<String>()) { $0.formUnion($1.modules) }
      let idle = target.dependencies.subtracting(used)
      #expect(idle.isEmpty, "\(target.name) declares \(idle.sorted()) and never imports it")
    }
  }

  @Test func dependenciesLieBelow() throws {
    let layout = try PackageLayout()
    let layers = Dictionary(
      uniqueKeysWithValues: layout.targets.compactMap { target in target.layer.map { (target.name, $0) } })
    #expect(layers.count > 10)
    for target in layout.targets {
      guard let own = target.layer else { continue }
      for dependency in target.dependencies {
        guard let other = layers[dependency] else { continue }
        #expect(other < own, "\(target.name) (layer \(own)) depends on \(dependency) (layer \(other))")
      }
    }
  }

  @Test func onlyTheCommandPrintsOrExits() throws {
    let forbidden = /(?m)^\s*(?:print\(|exit\()/
    for target in try PackageLayout().targets where (target.layer ?? 7) < 7 {
      let directory = packageRoot.appending(path: "Sources/\(target.name)")
      let walk = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
      for url in (walk?.compactMap { $0 as? URL } ?? []) where url.pathExtension == "swift" {
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(
          text.firstMatch(of: forbidden) == nil, "\(target.name)/\(url.lastPathComponent) prints or exits")
      }
    }
  }

  @Test func theReadmeTableSaysTheSame() throws {
    let readme = try String(contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    for target in try PackageLayout().targets {
      guard let layer = target.layer else { continue }
      #expect(!target.sentence.isEmpty, "\(target.name) has no sentence in Package.swift")
      let row = "| \(layer) | `\(target.name)` | \(target.sentence) |"
      #expect(readme.contains(row), "the README's table lacks: \(row)")
    }
  }
}
