import HeadwayEngine
import HeadwayKernels
import Testing

/// The order in which a step's gradients are added, against the definition of the tree written out.
@Suite struct GradientTreeTests {
  static let layout = ParameterLayout(
    ModelShape(vocabulary: 5, positions: 3, channels: 4, layers: 1, heads: 1, bias: true))

  /// One number of a slot: of all signs and sizes, so that the order of additions decides the bits.
  private static func number(_ slot: Int, _ element: Int) -> Float {
    let draw = CounterGenerator(seed: 9, stream: "slot \(slot)")
    let exponent = Int(draw.bits(at: UInt64(2 * element)) % 9) - 4
    return Float(sign: .plus, exponent: exponent, significand: 1)
      * Float(2 * draw.uniform(at: UInt64(2 * element + 1)) - 1)
  }

  /// What slot i holds after `level` levels: its own sum so far and, where there is one, that of slot
  /// i + 2^(level − 1). Seven levels are enough for 70 slots.
  private static func sum(_ slot: Int, _ level: Int, _ slots: [[Float]]) -> [Float] {
    guard level > 0 else { return slots[slot] }
    let left = sum(slot, level - 1, slots)
    let other = slot + (1 << (level - 1))
    guard other < slots.count else { return left }
    return zip(left, sum(other, level - 1, slots)).map { $0 + $1 }
  }

  private static let numbers: [[Float]] = (0..<70).map { slot in
    (0..<layout.count).map { number(slot, $0) }
  }

  private func filled<K: KernelSet>(_: K.Type, _ count: Int) throws -> GradientSlots<K>
  where K.Scalar == Float {
    let slots = try GradientSlots<K>(Self.layout, tasks: count)
    for task in 0..<count {
      slots.slot(task).base.update(from: Self.numbers[task], count: Self.layout.count)
    }
    return slots
  }

  private func bits<K: KernelSet>(_ slots: GradientSlots<K>) -> [UInt32] where K.Scalar == Float {
    (0..<Self.layout.count).map { slots.sum[$0].bitPattern }
  }

  /// As many levels as it takes, and at each one addition for every target that has a partner.
  @Test func levelsAndPairsAreThoseOfTheTree() throws {
    for count in 1...70 {
      let slots = try GradientSlots<ReferenceKernels<Float>>(Self.layout, tasks: count)
      var levels = 0
      while 1 << levels < count { levels += 1 }
      #expect(slots.levels == levels, "\(count) slots")
      var additions = 0
      for level in 0..<levels {
        let targets = stride(from: 0, to: count, by: 2 << level).filter { $0 + (1 << level) < count }
        #expect(slots.pairs(at: level) == targets.count, "\(count) slots, level \(level)")
        additions += targets.count
      }
      #expect(additions == count - 1, "each slot but the first is added once")
      #expect(slots.pairs(at: levels) == 0)
    }
  }

  @Test func referenceAddsInTheTreesOrder() throws { try check(ReferenceKernels<Float>.self) }

  @Test(.enabled(if: InstructionSet.missing().isEmpty)) func simdAddsInTheTreesOrder() throws {
    try check(SIMDKernels.self)
  }

  /// Climbing pair by pair, forwards and backwards, and chunk by chunk: the same bits, and the same norm.
  private func check<K: KernelSet>(_ kernels: K.Type) throws where K.Scalar == Float {
    var differsFromAChain = false
    for count in 1...70 {
      let own = Array(Self.numbers.prefix(count))
      let sum = Self.sum(0, 7, own)
      let expected = sum.map(\.bitPattern)
      let chain = own.dropFirst().reduce(own[0]) { zip($0, $1).map { $0 + $1 } }
      differsFromAChain = differsFromAChain || chain.map(\.bitPattern) != expected
      var total = 0.0
      for start in stride(from: 0, to: sum.count, by: ParameterLayout.chunk) {
        total += Array(sum[start..<(start + ParameterLayout.chunk)]).withUnsafeBufferPointer { chunk in
          chunk.baseAddress.map { K.sumOfSquares($0, count: chunk.count) } ?? .nan
        }
      }
      let norm = total.squareRoot().bitPattern

      for isReversed in [false, true] {
        let climbed = try filled(kernels, count)
        for level in 0..<climbed.levels {
          let pairs = Array(0..<climbed.pairs(at: level))
          for pair in isReversed ? pairs.reversed() : pairs { climbed.climb(level: level, pair: pair) }
        }
        for segment in 0..<2 { climbed.square(Self.layout.chunks(ofSegment: segment, of: 2)) }
        #expect(bits(climbed) == expected, "\(count) slots climbed")
        #expect(climbed.norm().bitPattern == norm)
      }
      let reduced = try filled(kernels, count)
      for segment in (0..<2).reversed() { reduced.reduce(Self.layout.chunks(ofSegment: segment, of: 2)) }
      #expect(bits(reduced) == expected, "\(count) slots reduced")
      #expect(reduced.norm().bitPattern == norm)
    }
    #expect(differsFromAChain, "the numbers tell orders apart")
  }
}
