import HeadwayKernels
import Testing

/// An attention's shape: head sizes with every rest of the vector of 8 and around the tile of 16, times around
/// the strip of 6 and the tile, and one to three sequences of one to five heads.
struct AttentionShape: Sendable {
  var batch, time, heads, size: Int

  static let odd: [AttentionShape] = [1, 2, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64].flatMap { time in
    [1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 17, 32, 40].map { size in
      AttentionShape(batch: 1 + time % 3, time: time, heads: [1, 2, 3, 5][(time + size) % 4], size: size)
    }
  }

  /// Across the packing depth of 256, in time and in head size.
  static let long = [
    AttentionShape(batch: 1, time: 270, heads: 1, size: 8),
    AttentionShape(batch: 1, time: 260, heads: 1, size: 16),
    AttentionShape(batch: 1, time: 20, heads: 1, size: 260),
  ]
}

/// Attention of the fast sets against the reference.
@Suite struct AttentionTests {
  @Test(arguments: FastSet.allCases) func matchesTheReference(_ set: FastSet) {
    for shape in AttentionShape.odd + AttentionShape.long { check(set.kernels, shape) }
  }

  @Test(arguments: FastSet.allCases) func rowsSumToOneAndSeeNoFuture(_ set: FastSet) {
    let (t, c, h) = (37, 24, 2)
    var generator = SeededGenerator(seed: 11)
    let qkv: [Float] = generator.values(t * 3 * c, limit: 3)
    var out = [Float](repeating: .nan, count: t * c)
    var probabilities = [Float](repeating: .nan, count: h * t * t)
    set.kernels.attentionForward(
      &out, probabilities: &probabilities, qkv: qkv, batch: 1, time: t, channels: c, heads: h)
    for row in 0..<h * t {
      let diagonal = row % t
      let values = probabilities[row * t..<(row + 1) * t]
      let sum = values.reduce(0.0) { $0 + Double($1) }
      // t additions of numbers that sum to 1, and as many exponentials of 2 ulp.
      #expect(abs(sum - 1) <= Double(t + 4) * roundOff)
      #expect(values.dropFirst(diagonal + 1).allSatisfy { $0 == 0 })
    }
    // A change of the last token changes no earlier row.
    var changed = qkv
    for i in (t - 1) * 3 * c..<t * 3 * c { changed[i] = 2 - changed[i] }
    var later = out
    set.kernels.attentionForward(
      &later, probabilities: &probabilities, qkv: changed, batch: 1, time: t, channels: c, heads: h)
    #expect(later.prefix((t - 1) * c) == out.prefix((t - 1) * c))
    #expect(later.suffix(c) != out.suffix(c))
  }

  /// Equal keys: every token attends equally to all tokens up to itself.
  @Test(arguments: FastSet.allCases) func equalKeysGiveMeans(_ set: FastSet) {
    let (t, c) = (3, 2)
    // Each row is q (1, 1), k (1, 1), then v.
    let qkv: [Float] = [1, 1, 1, 1, 6, 0, 1, 1, 1, 1, 12, 3, 1, 1, 1, 1, 0, 6]
    var out = [Float](repeating: .nan, count: t * c)
    var probabilities = [Float](repeating: .nan, count: t * t)
    set.kernels.attentionForward(
      &out, probabilities: &probabilities, qkv: qkv, batch: 1, time: t, channels: c, heads: 1)
    expectClose(out, [6, 0, 9, 1.5, 6, 3], within: 8 * roundOff, "out")
    expectClose(
      probabilities, [1, 0, 0, 0.5, 0.5, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0], within: 4 * roundOff, "p")
  }

  /// Tolerance: a score sums D products (of numbers within ±2, divided by √D), its error passes through the
  /// softmax with a slope of at most 1, and a row then sums up to T products; backward, three such chains
  /// follow one another. 64 · (T + 4D) · u covers them with the values at hand.
  private func check<K: FloatKernels>(_ kernels: K.Type, _ shape: AttentionShape) {
    let (b, t, h) = (shape.batch, shape.time, shape.heads)
    let c = h * shape.size
    var generator = SeededGenerator(seed: UInt64(t * 1_000 + shape.size))
    let qkv: [Float] = generator.values(b * t * 3 * c, limit: 2)
    let dout: [Float] = generator.values(b * t * c)
    let bound = 64 * Double(t + 4 * shape.size) * roundOff
    let name = "T \(t), H \(h), D \(shape.size)"

    var out = [Float](repeating: .nan, count: b * t * c)
    var probabilities = [Float](repeating: .nan, count: b * h * t * t)
    var exactOut = [Double](repeating: .nan, count: b * t * c)
    var exactProbabilities = [Double](repeating: .nan, count: b * h * t * t)
    kernels.attentionForward(
      &out, probabilities: &probabilities, qkv: qkv, batch: b, time: t, channels: c, heads: h)
    Exact.attentionForward(
      &exactOut, probabilities: &exactProbabilities, qkv: exact(qkv), batch: b, time: t, channels: c,
      heads: h)
    expectClose(probabilities, exactProbabilities, within: bound, "probabilities of \(name)")
    expectClose(out, exactOut, within: bound, "out of \(name)")

    var dqkv = [Float](repeating: .nan, count: b * t * 3 * c)
    var scratch = [Float](repeating: .nan, count: 2 * t * t)
    var exactDqkv = [Double](repeating: .nan, count: b * t * 3 * c)
    var exactScratch = [Double](repeating: .nan, count: 2 * t * t)
    kernels.attentionBackward(
      dqkv: &dqkv, dout: dout, probabilities: probabilities, qkv: qkv, scratch: &scratch, batch: b, time: t,
      channels: c, heads: h)
    Exact.attentionBackward(
      dqkv: &exactDqkv, dout: exact(dout), probabilities: exactProbabilities, qkv: exact(qkv),
      scratch: &exactScratch, batch: b, time: t, channels: c, heads: h)
    expectClose(dqkv, exactDqkv, within: bound, "dqkv of \(name)")
  }
}
