import HeadwayTrace

/// The functions at places of code: by the files' symbols, with what was inlined where debug information says
/// so, and Swift's names demangled.
///
/// Belongs to one thread at a time.
struct PlaceNames {
  private let demangler = Demangler()

  /// The functions at a place, innermost first; all but the last were inlined there. Never empty: a place
  /// without a symbol is called by its file and address.
  func functions(at place: CodePlace, in file: CodeFile?) -> [InlineTable.Function] {
    var named = file?.inlined?.functions(at: place.address) ?? []
    if named.isEmpty { named = [InlineTable.Function(name: "", line: 0)] }
    // The function with code of its own goes by the linker's name, also where the source has another.
    if let symbol = file?.symbols.name(at: place.address) { named[named.count - 1].name = symbol }
    for index in named.indices {
      let name = named[index].name
      named[index].name = name.isEmpty ? unnamed(place, file) : demangler.demangle(name)
    }
    return named
  }

  private func unnamed(_ place: CodePlace, _ file: CodeFile?) -> String {
    let address = "0x" + String(place.address, radix: 16)
    return file.map { "\($0.module.name)+\(address)" } ?? address
  }
}
