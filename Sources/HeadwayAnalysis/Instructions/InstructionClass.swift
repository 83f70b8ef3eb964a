/// What an x86-64 instruction does to floating-point numbers, from its mnemonic and its operands in AT&T syntax.
///
/// Source of the classes: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. The last two
/// letters of an SSE or AVX mnemonic say what it works on: `ps`, `pd`, `ph` packed, `ss`, `sd`, `sh` scalar. Moves,
/// shuffles and logic carry the same letters and compute nothing, so they are told apart by name.
package enum InstructionClass: Equatable, Sendable {
  /// Floating-point arithmetic, comparison or conversion on all lanes; registers of some width in bits.
  case packed(width: Int, isFused: Bool)
  /// The same on one lane, or on the x87 stack.
  case scalar(isFused: Bool)
  /// Anything else with a vector register.
  case otherVector
  /// Anything without one.
  case rest

  /// Classifies an instruction.
  package init(mnemonic: String, vectorBits: Int) {
    if vectorBits == 0 {
      self = Self.isStackArithmetic(mnemonic) ? .scalar(isFused: false) : .rest
      return
    }
    let name = mnemonic.hasPrefix("v") ? mnemonic.dropFirst() : mnemonic[...]
    // Whole numbers, of which some end like floats do: `pabsd`, `pdpbusd`.
    if name.hasPrefix("p") {
      self = .otherVector
      return
    }
    let isFused = ["fmadd", "fmsub", "fnmadd", "fnmsub"].contains { name.hasPrefix($0) }
    switch Self.element(of: name) {
    case .packed? where isFused || Self.computes(name): self = .packed(width: vectorBits, isFused: isFused)
    case .scalar? where isFused || Self.computes(name): self = .scalar(isFused: isFused)
    default: self = .otherVector
    }
  }

  private enum Element {
    case packed, scalar
  }

  /// What the mnemonic works on, by its last letters. Comparisons carry a condition in between (`cmpltps`) and a
  /// conversion from an integer register the operand's size behind (`cvtsi2ssl`).
  private static func element(of name: Substring) -> Element? {
    if name.hasPrefix("cvt") {
      // A conversion is of what it converts into, or from: `cvtdq2ps`, `cvttps2dq`, `cvtsd2ss`, `cvttss2si`.
      let letters = ["ps", "pd", "ph"]
      return letters.contains { name.contains($0) } ? .packed : .scalar
    }
    switch name.suffix(2) {
    case "ps", "pd", "ph": return .packed
    case "ss", "sd", "sh": return .scalar
    default: return nil
    }
  }

  /// The beginnings of names that carry an element's letters and compute nothing.
  private static let carriers = [
    "mov", "maskmov", "shuf", "unpck", "blend", "insert", "extract", "broadcast", "and", "or", "xor",
    "gather",
    "scatter", "expand", "compress", "test", "fpclass", "fixupimm",
  ]

  private static func computes(_ name: Substring) -> Bool {
    // `round`, `rcp` and `rsqrt` begin like no carrier; `andn` is among `and`.
    !carriers.contains { name.hasPrefix($0) }
  }

  /// Whether an instruction without a vector register computes on the x87 stack.
  private static func isStackArithmetic(_ name: String) -> Bool {
    guard name.hasPrefix("f") else { return false }
    let names = [
      "fadd", "fiadd", "fsub", "fisub", "fmul", "fimul", "fdiv", "fidiv", "fsqrt", "fabs", "fchs", "fcom",
      "ficom", "fucom", "ftst", "fprem", "frndint", "fscale", "fsin", "fcos", "fptan", "fpatan", "fyl2x",
      "f2xm1",
    ]
    return names.contains { name.hasPrefix($0) }
  }
}
