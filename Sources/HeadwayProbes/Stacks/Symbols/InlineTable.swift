import CElfutils

/// What the compiler inlined where, and the lines of the source: from a file's debug information.
///
/// Belongs to one thread at a time.
package final class InlineTable {
  /// A function of the source at an address.
  package struct Function {
    /// The linker's name, or the source's where the debug information has no other.
    package var name: String
    /// The line in it, or 0.
    package var line: Int
  }

  /// The addresses of a function that has code of its own.
  private struct Extent {
    var begin: UInt64
    var end: UInt64
    var function: Dwarf_Die
    var unit: Int
  }

  // Invariant: opened here, closed in `deinit`; the file outlives it, being owned by the same `CodeFile`.
  private let dwarf: OpaquePointer
  private var units: [Dwarf_Die] = []
  private var extents: [Extent] = []

  /// Reads where each function lies; `nil` for a file without debug information.
  init?(elf: OpaquePointer) {
    guard let dwarf = dwarf_begin_elf(elf, DWARF_C_READ, nil) else { return nil }
    self.dwarf = dwarf
    var unit: OpaquePointer?
    var entry = Dwarf_Die()
    while dwarf_get_units(dwarf, unit, &unit, nil, nil, &entry, nil) == 0 {
      units.append(entry)
      collect(below: entry, unit: units.count - 1)
    }
    extents.sort { $0.begin < $1.begin }
  }

  deinit { dwarf_end(dwarf) }

  private func collect(below parent: Dwarf_Die, unit: Int) {
    Self.forEachChild(of: parent) { child in
      switch Int(dwarf_tag(&child)) {
      case DW_TAG_subprogram:
        Self.forEachRange(of: child) { begin, end in
          extents.append(Extent(begin: begin, end: end, function: child, unit: unit))
        }
      case DW_TAG_namespace, DW_TAG_module, DW_TAG_structure_type, DW_TAG_class_type:
        collect(below: child, unit: unit)
      default: break
      }
    }
  }

  /// The functions of the source at an address, innermost first: those that were inlined, then the one with
  /// code of its own. Empty where there is no debug information.
  package func functions(at address: UInt64) -> [Function] {
    var low = 0
    var high = extents.count
    while low < high {
      let middle = (low + high) / 2
      if extents[middle].begin <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address < extents[low - 1].end else { return [] }
    let extent = extents[low - 1]
    var chain = [extent.function]
    var entry = extent.function
    while let inner = Self.inlined(in: entry, at: address, into: &chain) { entry = inner }
    var functions: [Function] = []
    var line = line(at: address, unit: extent.unit)
    for var entry in chain.reversed() where Self.isFunction(entry) {
      functions.append(Function(name: Self.name(of: &entry), line: line))
      line = Self.number(DW_AT_call_line, of: &entry)
    }
    return functions
  }

  /// The entry below `parent` that holds the address: a block or an inlined function.
  private static func inlined(
    in parent: Dwarf_Die, at address: UInt64, into chain: inout [Dwarf_Die]
  ) -> Dwarf_Die? {
    var found: Dwarf_Die?
    forEachChild(of: parent) { child in
      let tag = Int(dwarf_tag(&child))
      guard found == nil, tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block,
        dwarf_haspc(&child, address) == 1
      else { return }
      found = child
    }
    if let found { chain.append(found) }
    return found
  }

  private static func isFunction(_ entry: Dwarf_Die) -> Bool {
    var entry = entry
    return Int(dwarf_tag(&entry)) != DW_TAG_lexical_block
  }

  private func line(at address: UInt64, unit: Int) -> Int {
    guard let line = dwarf_getsrc_die(&units[unit], address) else { return 0 }
    var number: Int32 = 0
    return dwarf_lineno(line, &number) == 0 ? Int(number) : 0
  }

  private static func name(of entry: inout Dwarf_Die) -> String {
    var attribute = Dwarf_Attribute()
    if dwarf_attr_integrate(&entry, UInt32(DW_AT_linkage_name), &attribute) != nil,
      let name = dwarf_formstring(&attribute)
    {
      return String(cString: name)
    }
    return dwarf_diename(&entry).map { String(cString: $0) } ?? "?"
  }

  private static func number(_ name: Int, of entry: inout Dwarf_Die) -> Int {
    var attribute = Dwarf_Attribute()
    var value: UInt64 = 0
    guard dwarf_attr(&entry, UInt32(name), &attribute) != nil, dwarf_formudata(&attribute, &value) == 0 else {
      return 0
    }
    return Int(clamping: value)
  }

  private static func forEachChild(of parent: Dwarf_Die, _ body: (inout Dwarf_Die) -> Void) {
    var parent = parent
    var child = Dwarf_Die()
    guard dwarf_child(&parent, &child) == 0 else { return }
    while true {
      body(&child)
      var next = Dwarf_Die()
      guard dwarf_siblingof(&child, &next) == 0 else { return }
      child = next
    }
  }

  private static func forEachRange(of entry: Dwarf_Die, _ body: (UInt64, UInt64) -> Void) {
    var entry = entry
    var (base, begin, end): (UInt64, UInt64, UInt64) = (0, 0, 0)
    var offset = dwarf_ranges(&entry, 0, &base, &begin, &end)
    while offset > 0 {
      if end > begin && begin > 0 { body(begin, end) }
      offset = dwarf_ranges(&entry, offset, &base, &begin, &end)
    }
  }
}
