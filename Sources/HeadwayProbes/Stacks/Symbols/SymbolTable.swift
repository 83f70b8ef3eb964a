import CElfutils

/// The functions of a file by address: `.symtab` where it has one, else `.dynsym`.
package struct SymbolTable {
  /// One function.
  private struct Symbol {
    var begin: UInt64
    /// Its last address and one; its begin when the file does not say.
    var end: UInt64
    /// Whether it is visible outside its file: of two names of one place, the better known.
    var isGlobal: Bool
    // Invariant: in the file's string table, mapped as long as the `CodeFile` lives that owns this table.
    var name: UnsafePointer<CChar>
  }

  private var symbols: [Symbol] = []

  /// Reads and sorts the functions of a file; none of `nil`.
  init(elf: OpaquePointer?) {
    guard let elf else { return }
    let tables = [SHT_SYMTAB, SHT_DYNSYM]
    for wanted in tables where symbols.isEmpty {
      var section: OpaquePointer?
      while let next = elf_nextscn(elf, section) {
        section = next
        var header = GElf_Shdr()
        guard gelf_getshdr(next, &header) != nil, header.sh_type == UInt32(wanted), header.sh_entsize > 0
        else {
          continue
        }
        read(elf, next, header)
      }
    }
    symbols.sort { left, right in
      (left.begin, left.isGlobal ? 1 : 0, left.end) < (right.begin, right.isGlobal ? 1 : 0, right.end)
    }
  }

  private mutating func read(_ elf: OpaquePointer, _ section: OpaquePointer, _ header: GElf_Shdr) {
    guard let content = elf_getdata(section, nil) else { return }
    let count = Int(header.sh_size / header.sh_entsize)
    for index in 0..<count {
      var symbol = GElf_Sym()
      guard gelf_getsym(content, Int32(clamping: index), &symbol) != nil else { continue }
      let kind = Int32(symbol.st_info & 15)
      // Hand-written assembly often has no type.
      guard kind == STT_FUNC || kind == STT_GNU_IFUNC || (kind == STT_NOTYPE && symbol.st_size > 0),
        symbol.st_shndx != UInt16(SHN_UNDEF), symbol.st_value != 0,
        let name = elf_strptr(elf, Int(header.sh_link), Int(symbol.st_name)), name.pointee != 0
      else { continue }
      symbols.append(
        Symbol(
          begin: symbol.st_value, end: symbol.st_value &+ symbol.st_size,
          isGlobal: symbol.st_info >> 4 != UInt8(STB_LOCAL), name: name))
    }
  }

  /// How many functions there are.
  package var count: Int { symbols.count }

  /// The name of the function that an address lies in, as the linker has it.
  ///
  /// A function of unknown length ends at the next one. Complexity: O(log count).
  package func name(at address: UInt64) -> String? {
    index(at: address).map { String(cString: symbols[$0].name) }
  }

  /// Where the function that an address lies in begins and ends; `nil` without one, or where its end is not known.
  package func extent(at address: UInt64) -> Range<UInt64>? {
    guard let index = index(at: address) else { return nil }
    let symbol = symbols[index]
    if symbol.end > symbol.begin { return symbol.begin..<symbol.end }
    let next = symbols[index...].first { $0.begin > symbol.begin }
    return next.map { symbol.begin..<$0.begin }
  }

  private func index(at address: UInt64) -> Int? {
    var low = 0
    var high = symbols.count
    while low < high {
      let middle = (low + high) / 2
      if symbols[middle].begin <= address { low = middle + 1 } else { high = middle }
    }
    // Of nested or equal places the last that holds the address; a few steps back suffice.
    for index in stride(from: low - 1, through: max(low - 8, 0), by: -1) {
      let symbol = symbols[index]
      if address < symbol.end || symbol.end == symbol.begin { return index }
    }
    return nil
  }
}
