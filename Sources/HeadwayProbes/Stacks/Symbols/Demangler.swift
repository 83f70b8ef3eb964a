import Glibc

/// Turns the linker's names of Swift and C++ functions into those of their sources.
///
/// Both functions are looked up in the running process: the Swift runtime and the C++ library that it links
/// bring them. Without them names stay as they are.
package struct Demangler {
  private typealias SwiftDemangle =
    @convention(c) (
      UnsafePointer<CChar>?, Int, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?, UInt32
    ) -> UnsafeMutablePointer<CChar>?
  private typealias CxxDemangle =
    @convention(c) (
      UnsafePointer<CChar>?, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<Int32>?
    ) -> UnsafeMutablePointer<CChar>?

  private let swift: SwiftDemangle?
  private let cxx: CxxDemangle?

  /// Finds the runtimes' functions.
  package init() {
    // Invariant of both casts: the symbols have these types in the runtimes' stable interfaces.
    swift = dlsym(nil, "swift_demangle").map { unsafeBitCast($0, to: SwiftDemangle.self) }
    cxx = dlsym(nil, "__cxa_demangle").map { unsafeBitCast($0, to: CxxDemangle.self) }
  }

  /// The name as a person wrote it; a name that is not mangled stays as it is.
  package func demangle(_ name: String) -> String {
    if name.hasPrefix("_Z"), let text = cxx?(name, nil, nil, nil) {
      defer { free(text) }
      return String(cString: text)
    }
    guard name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_T") else { return name }
    guard let text = swift?(name, name.utf8.count, nil, nil, 0) else { return name }
    defer { free(text) }
    return String(cString: text)
  }
}
