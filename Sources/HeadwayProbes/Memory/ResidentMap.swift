import Glibc

/// Where the resident pages of a process lie: its mappings, sorted by what they are.
///
/// Reading one costs the kernel a walk over all page tables: use it once a run, outside the measured window.
package struct ResidentMap: Sendable {
  private let mappings: [MemoryMapping]

  /// Sorts mappings, in order of their addresses.
  package init(_ mappings: [MemoryMapping]) { self.mappings = mappings }

  /// The mappings of this process; `nil` when the kernel does not show them.
  package static func read() -> ResidentMap? {
    ProcFile.read("/proc/self/smaps").flatMap(MemoryMapping.parse).map(ResidentMap.init)
  }

  /// Resident bytes of the program: the code and data of the executable, of its libraries and of what the
  /// kernel maps for it.
  package var programBytes: Int {
    let mapped = mappings.filter { !$0.path.isEmpty && !$0.path.hasPrefix("[") }
    let images = Set(mapped.filter { $0.permissions.hasSuffix("xp") }.map(\.path))
    return sum { images.contains($0.path) || $0.path.hasPrefix("[v") }
  }

  /// Resident bytes of the threads' stacks: the first thread's, which the kernel names, and every mapping
  /// without a file that begins where a guard ends, a page or more that may not be touched.
  package var stackBytes: Int {
    var total = sum { $0.path == "[stack]" }
    for (guardPage, mapping) in zip(mappings, mappings.dropFirst())
    where guardPage.permissions == "---p" && guardPage.path.isEmpty && guardPage.end == mapping.start
      && guardPage.end - guardPage.start <= Self.largestGuard && mapping.path.isEmpty
      && mapping.permissions == "rw-p"
    {
      total += mapping.residentBytes
    }
    return total
  }

  /// Resident bytes of the files in a folder.
  package func bytes(ofFilesIn folder: String) -> Int {
    let prefix = Self.absolute(folder) + "/"
    return sum { $0.path.hasPrefix(prefix) }
  }

  /// Resident bytes of a file.
  package func bytes(ofFile path: String) -> Int {
    let path = Self.absolute(path)
    return sum { $0.path == path }
  }

  /// Resident bytes of all mappings.
  package var totalBytes: Int { sum { _ in true } }

  /// A guard of a stack is a page or a few; the rest of a heap that is not yet in use is far larger.
  private static let largestGuard: UInt64 = 64 << 10

  private func sum(where isCounted: (MemoryMapping) -> Bool) -> Int {
    mappings.reduce(0) { isCounted($1) ? $0 + $1.residentBytes : $0 }
  }

  /// A path as the kernel shows it; the path itself when it does not exist.
  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
