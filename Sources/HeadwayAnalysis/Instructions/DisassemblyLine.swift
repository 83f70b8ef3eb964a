/// A line of what `objdump -d --no-show-raw-insn` prints, of binutils or of LLVM, in AT&T syntax.
///
///     0000000000001040 <main>:
///         1044:	vfmadd231ps (%rax,%rcx,4),%ymm1,%ymm2
package enum DisassemblyLine: Equatable {
  /// A function begins.
  case function(address: UInt64, name: String)
  /// An instruction.
  case instruction(address: UInt64, InstructionClass)
  /// The line that names the file's format, such as `elf64-x86-64`.
  case format(String)
  /// Anything else.
  case other

  /// Reads a line without its newline.
  package init(_ line: UnsafeRawBufferPointer) {
    var cursor = LineCursor(line)
    let isIndented = cursor.skipBlanks() > 0
    guard let address = cursor.hexadecimal() else {
      self = Self.header(line)
      return
    }
    if !isIndented, cursor.take(" <") {
      let rest = cursor.rest
      guard rest.last == UInt8(ascii: ":"), rest.dropLast().last == UInt8(ascii: ">") else {
        self = .other
        return
      }
      self = .function(address: address, name: String(decoding: rest.dropLast(2), as: UTF8.self))
      return
    }
    guard cursor.take(":"), cursor.skipBlanks() > 0 else {
      self = Self.header(line)
      return
    }
    var mnemonic = cursor.word()
    while Self.isPrefix(mnemonic), cursor.skipBlanks() > 0, !cursor.isAtEnd { mnemonic = cursor.word() }
    // `(bad)` and data are no instructions, nor is `a:  file format …` of a file whose name is a number.
    guard let first = mnemonic.first, first.isLetter, mnemonic != "file" else {
      self = Self.header(line)
      return
    }
    self = .instruction(
      address: address, InstructionClass(mnemonic: mnemonic, vectorBits: cursor.vectorBits()))
  }

  /// Bytes that change how the next instruction works, which disassemblers print before it.
  private static func isPrefix(_ word: String) -> Bool {
    switch word {
    case "lock", "rep", "repe", "repz", "repne", "repnz", "notrack", "bnd", "data16", "data32", "addr32",
      "cs",
      "ds", "es", "fs", "gs", "ss", "xacquire", "xrelease", "{vex}", "{vex3}", "{evex}":
      true
    default: word.hasPrefix("rex.") || word == "rex"
    }
  }

  private static func header(_ line: UnsafeRawBufferPointer) -> Self {
    let marker = Array("file format ".utf8)
    guard line.count > marker.count, line.count < 8_192, let last = line.last, last >= 0x20 else {
      return .other
    }
    for start in line.indices.dropLast(marker.count) where line[start] == marker[0] {
      if line[start..<(start + marker.count)].elementsEqual(marker) {
        return .format(String(decoding: line[(start + marker.count)...], as: UTF8.self))
      }
    }
    return .other
  }
}

/// A position in a line of bytes.
private struct LineCursor {
  private let line: UnsafeRawBufferPointer
  private var position = 0

  init(_ line: UnsafeRawBufferPointer) { self.line = line }

  var isAtEnd: Bool { position == line.count }
  var rest: Slice<UnsafeRawBufferPointer> { line[position...] }

  /// Skips blanks and tabs; how many there were.
  mutating func skipBlanks() -> Int {
    let start = position
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
    return position - start
  }

  /// Takes a text if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard line.count - position >= count else { return false }
    let matches = text.withUTF8Buffer { line[position..<(position + count)].elementsEqual($0) }
    if matches { position += count }
    return matches
  }

  /// Takes a hexadecimal number; `nil` when there is none.
  mutating func hexadecimal() -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while position < line.count, position - start < 16, let digit = Self.digit(line[position]) {
      value = value << 4 | UInt64(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// Takes what comes up to a blank.
  mutating func word() -> String {
    let start = position
    while position < line.count, line[position] != 0x20, line[position] != 0x09 { position += 1 }
    return String(decoding: line[start..<position], as: UTF8.self)
  }

  /// The width of the widest vector register in the rest of the line; 0 without one.
  func vectorBits() -> Int {
    var widest = 0
    var index = position
    while index + 3 < line.count {
      // `%xmm0`: a comment behind the operands has names, which hold no `%`.
      if line[index] == 0x25, line[index + 2] == 0x6D, line[index + 3] == 0x6D {
        switch line[index + 1] {
        case 0x78: widest = max(widest, 128)
        case 0x79: widest = max(widest, 256)
        case 0x7A: widest = max(widest, 512)
        default: break
        }
      }
      index += 1
    }
    return widest
  }
}
