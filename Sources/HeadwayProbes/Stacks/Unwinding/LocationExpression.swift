import CElfutils

/// A DWARF expression of the unwind tables: where a register was saved, or where a frame lies.
///
/// Only what such expressions are made of in practice is known: registers, constants, arithmetic,
/// comparisons and reads of memory. Source: DWARF 5, section 2.5.
package struct LocationExpression {
  /// One operation with its operands.
  package struct Operation: Sendable {
    var atom: UInt8
    var first: UInt64
    var second: UInt64
    /// An operation by its number in the standard's table 7.9.
    package init(_ atom: Int, _ first: UInt64 = 0, _ second: UInt64 = 0) {
      self.atom = UInt8(truncatingIfNeeded: atom)
      self.first = first
      self.second = second
    }
  }

  /// The operations, without a final `DW_OP_stack_value`.
  let operations: [Operation]
  /// Whether the result is the value itself rather than the address that it was saved at.
  let isValue: Bool

  /// Copies operations that elfutils decoded.
  init(_ decoded: UnsafeMutablePointer<Dwarf_Op>, count: Int) {
    self.init(
      (0..<count).map { index in
        Operation(Int(decoded[index].atom), decoded[index].number, decoded[index].number2)
      })
  }

  /// An expression of operations.
  package init(_ operations: [Operation]) {
    var operations = operations
    isValue = operations.last?.atom == UInt8(DW_OP_stack_value)
    if isValue { operations.removeLast() }
    self.operations = operations
  }

  /// Evaluates the expression; `nil` when it needs a register or memory that is not known, or an operation
  /// that is not.
  package func evaluate(
    cfa: UInt64, register: (Int) -> UInt64?, memory: (UInt64) -> UInt64?
  ) -> UInt64? {
    var stack: [UInt64] = []
    for operation in operations {
      let atom = Int(operation.atom)
      switch atom {
      case Int(DW_OP_call_frame_cfa): stack.append(cfa)
      case Int(DW_OP_breg0)...Int(DW_OP_breg31):
        guard let value = register(atom - Int(DW_OP_breg0)) else { return nil }
        stack.append(value &+ operation.first)
      case Int(DW_OP_bregx):
        guard let value = register(Int(clamping: operation.first)) else { return nil }
        stack.append(value &+ operation.second)
      case Int(DW_OP_lit0)...Int(DW_OP_lit31): stack.append(UInt64(atom - Int(DW_OP_lit0)))
      case Int(DW_OP_addr), Int(DW_OP_const1u)...Int(DW_OP_consts): stack.append(operation.first)
      case Int(DW_OP_nop): break
      case Int(DW_OP_dup):
        guard let top = stack.last else { return nil }
        stack.append(top)
      case Int(DW_OP_drop):
        guard stack.popLast() != nil else { return nil }
      case Int(DW_OP_deref):
        guard let address = stack.popLast(), let value = memory(address) else { return nil }
        stack.append(value)
      case Int(DW_OP_plus_uconst):
        guard let top = stack.popLast() else { return nil }
        stack.append(top &+ operation.first)
      default:
        guard let right = stack.popLast(), let left = stack.popLast(),
          let value = Self.combine(atom, left, right)
        else { return nil }
        stack.append(value)
      }
    }
    return stack.last
  }

  /// The operations on the two topmost values.
  private static func combine(_ atom: Int, _ left: UInt64, _ right: UInt64) -> UInt64? {
    let (signedLeft, signedRight) = (Int64(bitPattern: left), Int64(bitPattern: right))
    switch atom {
    case Int(DW_OP_plus): return left &+ right
    case Int(DW_OP_minus): return left &- right
    case Int(DW_OP_mul): return left &* right
    case Int(DW_OP_and): return left & right
    case Int(DW_OP_or): return left | right
    case Int(DW_OP_xor): return left ^ right
    case Int(DW_OP_shl): return left << right
    case Int(DW_OP_shr): return left >> right
    case Int(DW_OP_eq): return left == right ? 1 : 0
    case Int(DW_OP_ne): return left != right ? 1 : 0
    case Int(DW_OP_ge): return signedLeft >= signedRight ? 1 : 0
    case Int(DW_OP_gt): return signedLeft > signedRight ? 1 : 0
    case Int(DW_OP_le): return signedLeft <= signedRight ? 1 : 0
    case Int(DW_OP_lt): return signedLeft < signedRight ? 1 : 0
    default: return nil
    }
  }
}
