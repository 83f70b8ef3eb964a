import HeadwayTrace

/// The functions of one file as a disassembler prints them, counted while they stream by: a large program's text is
/// never held in memory.
///
///     var disassembly = Disassembly(wanted: addressesOfSamples)
///     while let piece = read() { disassembly.add(piece) }
///     disassembly.finish()
package struct Disassembly {
  /// A function and its instructions.
  package struct Function {
    /// Where it begins.
    package var address: UInt64
    /// Its name as the linker has it.
    package var name: String
    /// Its instructions.
    package var counts = InstructionCounts()
  }

  /// What stands at an address that was asked for.
  package struct Place: Equatable {
    /// The instruction.
    package var instruction: InstructionClass
    /// Its function, as a number in ``functions``.
    package var function: Int
  }

  /// The functions in the order of the file.
  package private(set) var functions: [Function] = []
  /// The instructions at the addresses that were asked for; those that are missing have none.
  package private(set) var places: [UInt64: Place] = [:]
  /// The file's format, such as `elf64-x86-64`; `nil` until its line has come.
  package private(set) var format: String?
  private let wanted: Set<UInt64>
  private var pending: [UInt8] = []

  /// - Parameter wanted: The addresses whose instructions matter.
  package init(wanted: Set<UInt64> = []) { self.wanted = wanted }

  /// Adds a piece of text, which may begin and end anywhere.
  package mutating func add(_ piece: UnsafeRawBufferPointer) {
    var start = piece.startIndex
    while let end = piece[start...].firstIndex(of: 0x0A) {
      if pending.isEmpty {
        add(line: UnsafeRawBufferPointer(rebasing: piece[start..<end]))
      } else {
        pending.append(contentsOf: piece[start..<end])
        flush()
      }
      start = end + 1
    }
    pending.append(contentsOf: piece[start...])
  }

  /// Adds a whole text.
  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Adds what is left of the last line.
  package mutating func finish() {
    if !pending.isEmpty { flush() }
  }

  private mutating func flush() {
    let line = pending
    pending.removeAll(keepingCapacity: true)
    line.withUnsafeBytes { add(line: $0) }
  }

  private mutating func add(line: UnsafeRawBufferPointer) {
    switch DisassemblyLine(line) {
    case .function(let address, let name): functions.append(Function(address: address, name: name))
    case .instruction(let address, let instruction):
      // Code before the first symbol of a stripped file.
      if functions.isEmpty { functions.append(Function(address: address, name: "")) }
      functions[functions.count - 1].counts.add(instruction)
      if wanted.contains(address) {
        places[address] = Place(instruction: instruction, function: functions.count - 1)
      }
    case .format(let name): if format == nil { format = name }
    case .other: break
    }
  }

  /// All instructions.
  package var counts: InstructionCounts {
    functions.reduce(into: InstructionCounts()) { $0 += $1.counts }
  }

  /// Adds the functions of another part of the same file.
  package mutating func append(_ other: Disassembly) {
    let offset = functions.count
    functions += other.functions
    for (address, place) in other.places {
      places[address] = Place(instruction: place.instruction, function: place.function + offset)
    }
    format = format ?? other.format
  }
}
