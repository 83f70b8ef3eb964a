import Foundation
import HeadwayKernels
import Testing

/// Layer norm, GELU, cross-entropy, AdamW and the elementwise operators of the fast sets against the reference.
@Suite struct RowOperatorTests {
  /// Tolerance: the sums have C terms of order 1; dividing by the deviation (0.1 and more for these seeds)
  /// magnifies their error tenfold, backward once more.
  @Test(arguments: FastSet.allCases) func layerNorm(_ set: FastSet) {
    for n in oddRows {
      for c in everyWidth + [64, 100, 256] { checkLayerNorm(set.kernels, rows: n, channels: c) }
    }
  }

  private func checkLayerNorm<K: FloatKernels>(_ kernels: K.Type, rows n: Int, channels c: Int) {
    var generator = SeededGenerator(seed: UInt64(n * 1_000 + c))
    let x: [Float] = generator.values(n * c, limit: 2).enumerated().map { $1 + Float($0 % c % 2) }
    let gain: [Float] = generator.values(c)
    let bias: [Float]? = c % 2 == 1 ? generator.values(c) : nil
    let dy: [Float] = generator.values(n * c)
    let dxStart: [Float] = generator.values(n * c)
    let start: [Float] = generator.values(c)
    let bound = Double(c + 32) * 100 * roundOff

    var y = [Float](repeating: .nan, count: n * c)
    var (mean, rstd) = ([Float](repeating: .nan, count: n), [Float](repeating: .nan, count: n))
    var exactY = [Double](repeating: .nan, count: n * c)
    var (exactMean, exactRstd) = ([Double](repeating: .nan, count: n), [Double](repeating: .nan, count: n))
    kernels.layerNormForward(
      &y, mean: &mean, rstd: &rstd, x: x, gain: gain, bias: bias, rows: n, channels: c)
    Exact.layerNormForward(
      &exactY, mean: &exactMean, rstd: &exactRstd, x: exact(x), gain: exact(gain), bias: bias.map(exact),
      rows: n, channels: c)
    let name = "\(n)×\(c)"
    expectClose(mean, exactMean, within: bound, "mean of \(name)")
    expectClose(rstd, exactRstd, within: bound, "rstd of \(name)")
    expectClose(y, exactY, within: bound, "y of \(name)")

    var (dx, dgain, dbias) = (dxStart, start, start)
    var (exactDx, exactDgain, exactDbias) = (exact(dxStart), exact(start), exact(start))
    kernels.layerNormBackward(
      dx: &dx, dgain: &dgain, dbias: &dbias, dy: dy, x: x, mean: mean, rstd: rstd, gain: gain, rows: n,
      channels: c)
    Exact.layerNormBackward(
      dx: &exactDx, dgain: &exactDgain, dbias: &exactDbias, dy: exact(dy), x: exact(x), mean: exactMean,
      rstd: exactRstd, gain: exact(gain), rows: n, channels: c)
    expectClose(dx, exactDx, within: bound, "dx of \(name)")
    expectClose(dgain, exactDgain, within: bound, "dgain of \(name)")
    expectClose(dbias, exactDbias, within: bound, "dbias of \(name)")

    var (dxAlone, dgainAlone) = (dxStart, start)
    kernels.layerNormBackward(
      dx: &dxAlone, dgain: &dgainAlone, dbias: nil, dy: dy, x: x, mean: mean, rstd: rstd, gain: gain, rows: n,
      channels: c)
    #expect(dxAlone == dx && dgainAlone == dgain, "they must not depend on whether dbias is wanted")
  }

  /// Tolerance: the polynomial is good to 2 ulp, the argument u is rounded and enters an exponent: its relative
  /// error of 3u is magnified by |2u| ≤ 40 where the gate still matters.
  @Test(arguments: FastSet.allCases) func gelu(_ set: FastSet) {
    for count in everyWidth + [2_003] {
      let x = (0..<count).map { Float($0) / 100 - 10 }
      let dy = (0..<count).map { Float(($0 * 7) % 13) / 6 - 1 }
      var (y, dx) = ([Float](repeating: .nan, count: count), [Float](repeating: .nan, count: count))
      var exactY = [Double](repeating: .nan, count: count)
      var exactDx = exactY
      set.kernels.geluForward(&y, x: x, count: count)
      Exact.geluForward(&exactY, x: exact(x), count: count)
      expectClose(y, exactY, within: 32 * roundOff, "y")
      set.kernels.geluBackward(dx: &dx, dy: dy, x: x, count: count)
      Exact.geluBackward(dx: &exactDx, dy: exact(dy), x: exact(x), count: count)
      expectClose(dx, exactDx, within: 64 * roundOff, "dx")
      var inPlace = dy
      inPlace.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        set.kernels.geluBackward(dx: base, dy: base, x: x, count: count)
      }
      #expect(inPlace == dx, "dx may be dy")
    }
  }

  /// Tolerance: V exponentials of 2 ulp are added in lanes, so that each chain has about V/32 additions.
  @Test(arguments: FastSet.allCases) func crossEntropy(_ set: FastSet) {
    for n in oddRows {
      for v in everyWidth + [64, 1_000] {
        var generator = SeededGenerator(seed: UInt64(n * 1_000 + v))
        var logits: [Float] = generator.values(n * v, limit: 6)
        let targets = generator.targets(n, vocabulary: v)
        var exactLogits = exact(logits)
        let loss = set.kernels.crossEntropyForwardBackward(
          logits: &logits, targets: targets, scale: 0.25, rows: n, vocabulary: v)
        let exactLoss = Exact.crossEntropyForwardBackward(
          logits: &exactLogits, targets: targets, scale: 0.25, rows: n, vocabulary: v)
        let bound = Double(v / 32 + 16) * roundOff
        #expect(abs(loss - exactLoss) <= bound * Double(n) * 8)
        expectClose(logits, exactLogits, within: bound, "dlogits of \(n)×\(v)")
      }
    }
  }

  /// Tolerance: a dozen roundings of values within ±1; the update itself is at most rate/√… ≈ 10 · rate.
  @Test(arguments: FastSet.allCases) func adamW(_ set: FastSet) {
    let step = AdamWStep(
      rate: 0.01, beta1: 0.9, beta2: 0.95, correction1: 1 - 0.9 * 0.9, correction2: 1 - 0.95 * 0.95,
      decay: 0.1, gradientScale: 0.125)
    for count in everyWidth + [64, 1_001] {
      var generator = SeededGenerator(seed: UInt64(count))
      var weights: [Float] = generator.values(count)
      let gradients: [Float] = generator.values(count)
      var first: [Float] = generator.values(count)
      var second: [Float] = generator.values(count).map { $0 * $0 }
      var (exactWeights, exactFirst, exactSecond) = (exact(weights), exact(first), exact(second))
      set.kernels.adamW(
        weights: &weights, gradients: gradients, firstMoment: &first, secondMoment: &second, count: count,
        step: step)
      Exact.adamW(
        weights: &exactWeights, gradients: exact(gradients), firstMoment: &exactFirst,
        secondMoment: &exactSecond, count: count, step: step)
      expectClose(first, exactFirst, within: 4 * roundOff, "m")
      expectClose(second, exactSecond, within: 4 * roundOff, "v")
      expectClose(weights, exactWeights, within: 16 * roundOff, "w")
    }
  }

  @Test(arguments: FastSet.allCases) func addAndSumOfSquares(_ set: FastSet) {
    for count in everyWidth + [64, 1_001] {
      var generator = SeededGenerator(seed: UInt64(count))
      let x: [Float] = generator.values(count)
      let start: [Float] = generator.values(count)
      var (y, expected) = (start, start)
      set.kernels.add(&y, x, count: count)
      ReferenceKernels<Float>.add(&expected, x, count: count)
      #expect(y == expected, "one rounding each: the same bits")
      // The squares are exact in Double; only the order of the sum differs.
      let sum = set.kernels.sumOfSquares(x, count: count)
      let exactSum = Exact.sumOfSquares(exact(x), count: count)
      #expect(abs(sum - exactSum) <= Double(count) * 0x1p-53 * exactSum)
    }
  }
}
