import HeadwayEngine
import HeadwayTrace
import Testing

@Suite struct MemoryTests {
  @Test func buffersAreAlignedAndZeroed() throws {
    for count in [0, 1, 15, 1000] {
      let buffer = try AlignedBuffer<Float>(count: count, purpose: "test")
      #expect(UInt(bitPattern: buffer.base) % 64 == 0)
      #expect(buffer.elements.count == count)
      #expect(buffer.elements.allSatisfy { $0 == 0 })
      buffer.elements.update(repeating: 1)
      buffer.clear()
      #expect(buffer.elements.allSatisfy { $0 == 0 })
    }
  }

  /// More than there is, and more than there can be: a sentence that names the purpose.
  @Test(arguments: [1 << 50, Int.max, -1]) func impossibleBuffersAreRefused(count: Int) {
    #expect {
      try AlignedBuffer<Float>(count: count, purpose: "activations")
    } throws: { error in
      (error as? InputError)?.field == "activations"
    }
  }

  /// The regions of an arena are disjoint: filling each leaves all the others as they were.
  @Test(arguments: [true, false]) func theArenasRegionsAreDisjoint(gradients: Bool) throws {
    let shape = ModelShape(vocabulary: 300, positions: 5, channels: 6, layers: 2, heads: 3, bias: true)
    let (b, t) = (3, 5)
    let arena = try Activations<Float>(shape, sequences: b, length: t, gradients: gradients)
    let n = b * t
    let c = shape.channels
    var regions: [(UnsafeMutablePointer<Float>, Int)] = [
      (arena.output, n * c), (arena.normedOutput, n * c), (arena.finalMean, n), (arena.finalRstd, n),
      (arena.logits, n * shape.vocabulary),
    ]
    for block in arena.blocks {
      regions += [
        (block.input, n * c), (block.normed1, n * c), (block.mean1, n), (block.rstd1, n),
        (block.qkv, 3 * n * c), (block.probabilities, b * shape.heads * t * t), (block.attended, n * c),
        (block.middle, n * c), (block.normed2, n * c), (block.mean2, n), (block.rstd2, n),
        (block.expanded, 4 * n * c), (block.activated, 4 * n * c),
      ]
    }
    if gradients {
      regions += [
        (arena.residualGradient, n * c), (arena.narrowGradient, n * c), (arena.wideGradient, 4 * n * c),
        (arena.scratch, 2 * t * t),
      ]
    }
    for (index, region) in regions.enumerated() {
      #expect(UInt(bitPattern: region.0) % 64 == 0)
      region.0.update(repeating: Float(index + 1), count: region.1)
    }
    for (index, region) in regions.enumerated() {
      let values = UnsafeBufferPointer(start: region.0, count: region.1)
      #expect(values.allSatisfy { $0 == Float(index + 1) })
    }
  }
}
