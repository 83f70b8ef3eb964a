import CElfutils
import Glibc

/// How to get from a frame to its caller's at one address: what the unwind tables say there.
///
/// Registers are numbered as DWARF numbers them on x86-64 (System V ABI, table 3.36).
struct FrameRule {
  /// Where a caller's register is to be found.
  enum Recovery {
    /// In memory, at this distance from the canonical frame address.
    case saved(Int64)
    /// In another register.
    case moved(Int)
    /// Nowhere: the function has overwritten it.
    case lost
    /// By an expression.
    case computed(LocationExpression)
  }

  /// The canonical frame address: the stack pointer before the call.
  enum FrameAddress {
    /// A register and a distance.
    case register(Int, Int64)
    /// By an expression.
    case computed(LocationExpression)
  }

  let frameAddress: FrameAddress
  /// The registers that are not simply unchanged; the stack pointer, which is the frame address, is not
  /// among them.
  let recoveries: [(register: Int, recovery: Recovery)]
  /// Whether the caller was interrupted by a signal rather than left by a call.
  let isSignalFrame: Bool

  /// The frame pointer.
  static let framePointer = 6
  /// The stack pointer.
  static let stackPointer = 7
  /// The return address' column.
  static let returnAddress = 16
  /// Registers of a sample.
  static let registerCount = 17

  /// Reads the rule at an address of a file; `nil` where its tables have none.
  init?(tables: OpaquePointer, address: UInt64) {
    var found: OpaquePointer?
    guard dwarf_cfi_addrframe(tables, address, &found) == 0, let frame = found else { return nil }
    defer { free(UnsafeMutableRawPointer(frame)) }
    var isSignalFrame = false
    dwarf_frame_info(frame, nil, nil, &isSignalFrame)
    self.isSignalFrame = isSignalFrame

    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    guard dwarf_frame_cfa(frame, &operations, &count) == 0, let operations, count > 0 else { return nil }
    let cfa = LocationExpression(operations, count: count)
    if count == 1, let only = cfa.operations.first, only.atom == UInt8(DW_OP_bregx) {
      frameAddress = .register(Int(clamping: only.first), Int64(bitPattern: only.second))
    } else {
      frameAddress = .computed(cfa)
    }

    var recoveries: [(register: Int, recovery: Recovery)] = []
    for register in 0..<Self.registerCount where register != Self.stackPointer {
      if let recovery = Self.recovery(of: register, in: frame) { recoveries.append((register, recovery)) }
    }
    self.recoveries = recoveries
  }

  /// Where one register is to be found; `nil` when it has not changed.
  private static func recovery(of register: Int, in frame: OpaquePointer) -> Recovery? {
    withUnsafeTemporaryAllocation(of: Dwarf_Op.self, capacity: 3) { room in
      var operations: UnsafeMutablePointer<Dwarf_Op>?
      var count = 0
      guard let base = room.baseAddress,
        dwarf_frame_register(frame, Int32(register), base, &operations, &count) == 0
      else { return .lost }
      // No operations: a null pointer means "unchanged", any other "lost".
      guard let operations else { return nil }
      guard count > 0 else { return .lost }
      let expression = LocationExpression(operations, count: count)
      let all = expression.operations
      if all.count == 1, all[0].atom == UInt8(DW_OP_regx) { return .moved(Int(clamping: all[0].first)) }
      if !expression.isValue, all.first?.atom == UInt8(DW_OP_call_frame_cfa) {
        if all.count == 1 { return .saved(0) }
        if all.count == 2, all[1].atom == UInt8(DW_OP_plus_uconst) {
          return .saved(Int64(bitPattern: all[1].first))
        }
      }
      return .computed(expression)
    }
  }
}
