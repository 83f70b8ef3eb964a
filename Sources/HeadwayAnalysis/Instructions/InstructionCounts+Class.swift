import HeadwayTrace

extension InstructionCounts {
  /// Counts an instruction, or as many samples of it.
  package mutating func add(_ instruction: InstructionClass, _ count: Int = 1) {
    switch instruction {
    case .packed(let width, let isFused):
      packed += count
      fused += isFused ? count : 0
      packedByWidth[String(width), default: 0] += count
    case .scalar(let isFused):
      scalar += count
      fused += isFused ? count : 0
    case .otherVector: otherVector += count
    case .rest: rest += count
    }
  }
}
