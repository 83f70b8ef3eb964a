import Foundation
import HeadwayKernels
import Testing

/// Large, equal and undefined values.
@Suite struct ExtremeValueTests {
  /// Over the whole range, 2 units in the last place; outside, 0 and e⁸⁷.
  @Test func exponentialIsWithinTwoUnits() {
    var worst = 0.0
    for i in stride(from: -87.3, through: 87, by: 0.000_37) {
      let x = Float(i)
      let exact = exp(Double(x))
      let power = SIMD8<Float>(repeating: x).exponential[3]
      worst = max(worst, abs(Double(power) - exact) / Double(Float(exact).ulp))
    }
    #expect(worst <= 2)
    let edges = SIMD8<Float>(-88, -.infinity, -1_000, 0, 1_000, .infinity, 87, .nan).exponential
    #expect([edges[0], edges[1], edges[2], edges[3]] == [0, 0, 0, 1])
    #expect(edges[4] == edges[6] && edges[5] == edges[6])
    #expect(edges[7].isNaN)
  }

  @Test(arguments: FastSet.allCases) func crossEntropyOfExtremeLogits(_ set: FastSet) {
    // Row 0: the target is far above all others; row 1: far below one; row 2: all equal at the top.
    var logits: [Float] = [80, -80, -80, 80, -80, -80, 80, 80, 80]
    let loss = set.kernels.crossEntropyForwardBackward(
      logits: &logits, targets: [0, 1, 2], scale: 1, rows: 3, vocabulary: 3)
    #expect(abs(loss - (0 + 160 + log(3))) < 1e-5)
    let third = 1 / 3.0
    expectClose(logits, [0, 0, 0, 1, -1, 0, third, third, third - 1], within: 4 * roundOff, "dlogits")
  }

  @Test(arguments: FastSet.allCases) func hugeScoresGiveOneHot(_ set: FastSet) {
    // q = 1000, keys 0 and ±1000: the second token attends only to the larger score.
    let qkv: [Float] = [1_000, 0, 3, 1_000, 1_000, 5, 1_000, -1_000, 7]
    var out = [Float](repeating: .nan, count: 3)
    var probabilities = [Float](repeating: .nan, count: 9)
    set.kernels.attentionForward(
      &out, probabilities: &probabilities, qkv: qkv, batch: 1, time: 3, channels: 1, heads: 1)
    #expect(out == [3, 5, 5])
    #expect(probabilities == [1, 0, 0, 0, 1, 0, 0, 1, 0])
  }

  @Test(arguments: FastSet.allCases) func constantRowsNormaliseToTheBias(_ set: FastSet) {
    let x = [Float](repeating: 3, count: 16)
    var y = [Float](repeating: .nan, count: 16)
    var (mean, rstd): ([Float], [Float]) = ([.nan], [.nan])
    let gain = [Float](repeating: 2, count: 16)
    let bias = (0..<16).map(Float.init)
    set.kernels.layerNormForward(
      &y, mean: &mean, rstd: &rstd, x: x, gain: gain, bias: bias, rows: 1, channels: 16)
    #expect(y == bias)
    #expect(mean == [3])
    expectClose(rstd, [1 / 1e-5.squareRoot()], within: 2 * roundOff, "rstd")
  }

  /// A NaN in one row must reach that row's results and the loss, and no other row.
  @Test(arguments: FastSet.allCases, [1, 9, 16, 37]) func nanIsNotSwallowed(_ set: FastSet, _ width: Int) {
    var generator = SeededGenerator(seed: 41)
    for poisoned in [0, width / 2, width - 1] {
      var x: [Float] = generator.values(2 * width)
      x[width + poisoned] = .nan

      var logits = x
      let loss = set.kernels.crossEntropyForwardBackward(
        logits: &logits, targets: [0, 0], scale: 1, rows: 2, vocabulary: width)
      #expect(loss.isNaN)
      #expect(logits[..<width].allSatisfy { !$0.isNaN } && logits[width...].allSatisfy(\.isNaN))

      var y = [Float](repeating: 0, count: 2 * width)
      var (mean, rstd): ([Float], [Float]) = ([0, 0], [0, 0])
      let gain = [Float](repeating: 1, count: width)
      set.kernels.layerNormForward(
        &y, mean: &mean, rstd: &rstd, x: x, gain: gain, bias: nil, rows: 2, channels: width)
      #expect(y[..<width].allSatisfy { !$0.isNaN } && y[width...].allSatisfy(\.isNaN))

      set.kernels.geluForward(&y, x: x, count: 2 * width)
      #expect(y.indices.allSatisfy { y[$0].isNaN == x[$0].isNaN })
      #expect(set.kernels.sumOfSquares(x, count: 2 * width).isNaN)

      set.kernels.linearForward(&y, x: x, w: gain, bias: nil, rows: 2, inputs: width, outputs: 1)
      #expect(!y[0].isNaN && y[1].isNaN)
    }
  }
}
