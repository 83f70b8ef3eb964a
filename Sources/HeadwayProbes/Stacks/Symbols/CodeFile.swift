import CElfutils
import Glibc
import HeadwayTrace

/// An address of code, as the profile keeps it.
package struct CodePlace: Hashable {
  /// The file's number in the ``ImageMap``; -1 for code that belongs to none.
  package var file: Int32
  /// The address as the file's own symbols count it; the process' own for code that belongs to no file.
  package var address: UInt64
}

/// An executable or library: its unwind tables, its symbols and, if present, its debug information.
///
/// Belongs to one thread at a time. Everything is read from the file, which stays mapped, so that code
/// which has been unloaded in the meantime can still be named.
package final class CodeFile {
  /// The file's path and identification.
  package let module: CodeModule
  // Invariant: opened here, closed in `deinit`, after everything that was made of it.
  private let elf: OpaquePointer?
  private let descriptor: Int32
  private let tables: OpaquePointer?
  private var rules: [UInt64: FrameRule?] = [:]
  /// The file's functions, sorted when first asked for.
  package private(set) lazy var symbols = SymbolTable(elf: elf)
  /// What was inlined where; `nil` without debug information.
  package private(set) lazy var inlined = elf.flatMap { InlineTable(elf: $0) }

  /// Opens a file. One that cannot be read has no rules and no symbols.
  package init(path: String) {
    elf_version(UInt32(EV_CURRENT))
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    elf = descriptor >= 0 ? elf_begin(descriptor, ELF_C_READ_MMAP, nil) : nil
    tables = elf.flatMap { dwarf_getcfi_elf($0) }
    module = CodeModule(path: path, buildID: elf.flatMap(Self.buildID))
  }

  /// Reads what the kernel maps into every process without a file.
  ///
  /// - Parameter image: A whole ELF image, readable as long as the process lives.
  init(name: String, image: UnsafeMutableRawBufferPointer) {
    elf_version(UInt32(EV_CURRENT))
    descriptor = -1
    elf = elf_memory(image.baseAddress?.assumingMemoryBound(to: CChar.self), image.count)
    tables = elf.flatMap { dwarf_getcfi_elf($0) }
    module = CodeModule(path: name, buildID: elf.flatMap(Self.buildID))
  }

  deinit {
    if let tables { dwarf_cfi_end(tables) }
    elf_end(elf)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The rule at an address; read once.
  func rule(at address: UInt64) -> FrameRule? {
    if let known = rules[address] { return known }
    let rule = tables.flatMap { FrameRule(tables: $0, address: address) }
    rules[address] = .some(rule)
    return rule
  }

  /// The linker's build identification, in hexadecimal.
  private static func buildID(of elf: OpaquePointer) -> String? {
    var bytes: UnsafeRawPointer?
    let count = dwelf_elf_gnu_build_id(elf, &bytes)
    guard count > 0, let bytes else { return nil }
    let digits = Array("0123456789abcdef")
    return UnsafeRawBufferPointer(start: bytes, count: count).reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}
