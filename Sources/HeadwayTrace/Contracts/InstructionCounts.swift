/// Instructions by class: as they stand in a file, or weighted by samples. Every instruction is in one class.
public struct InstructionCounts: Codable, Equatable, Sendable {
  /// Floating-point arithmetic on all lanes of a vector register.
  public var packed = 0
  /// Floating-point arithmetic on one lane, or on the x87 stack.
  public var scalar = 0
  /// Everything else with a vector register: moves, shuffles, logic, whole numbers.
  public var otherVector = 0
  /// Everything without one: addresses, branches, calls.
  public var rest = 0
  /// The fused multiply-adds among ``packed`` and ``scalar``.
  public var fused = 0
  /// The packed ones by the width of their registers in bits: `128`, `256`, `512`.
  public var packedByWidth: [String: Int] = [:]
  /// None.
  public init() {}

  /// All of them.
  public var total: Int { packed + scalar + otherVector + rest }
  /// Floating-point arithmetic.
  public var arithmetic: Int { packed + scalar }
  /// The packed share of the floating-point arithmetic; absent where there is none.
  public var packedShare: Double? { arithmetic > 0 ? Double(packed) / Double(arithmetic) : nil }
  /// The share of fused multiply-adds in the floating-point arithmetic; absent where there is none.
  public var fusedShare: Double? { arithmetic > 0 ? Double(fused) / Double(arithmetic) : nil }
  /// The width of the most packed instructions, in bits; absent without packed ones.
  public var packedWidth: Int? {
    packedByWidth.max { ($0.value, Int($0.key) ?? 0) < ($1.value, Int($1.key) ?? 0) }.flatMap { Int($0.key) }
  }

  /// Adds another's counts.
  public static func += (left: inout Self, right: Self) {
    left.packed += right.packed
    left.scalar += right.scalar
    left.otherVector += right.otherVector
    left.rest += right.rest
    left.fused += right.fused
    left.packedByWidth.merge(right.packedByWidth) { $0 + $1 }
  }

  /// What is left without a part of it.
  public static func - (left: Self, part: Self) -> Self {
    var rest = left
    rest.packed -= part.packed
    rest.scalar -= part.scalar
    rest.otherVector -= part.otherVector
    rest.rest -= part.rest
    rest.fused -= part.fused
    for (width, count) in part.packedByWidth { rest.packedByWidth[width, default: 0] -= count }
    rest.packedByWidth = rest.packedByWidth.filter { $0.value != 0 }
    return rest
  }
}
