import Foundation
import HeadwayKernels
import Testing

private typealias Kernels = ReferenceKernels<Double>

/// The reference against values worked out by hand.
@Suite struct ReferenceValueTests {
  @Test func linear() {
    // x = (1 2), w = (3 4 5; 6 7 8), bias = (10 20 30).
    var y = [Double](repeating: .nan, count: 3)
    Kernels.linearForward(
      &y, x: [1, 2], w: [3, 4, 5, 6, 7, 8], bias: [10, 20, 30], rows: 1, inputs: 2, outputs: 3)
    #expect(y == [25, 38, 51])

    var dx = [Double](repeating: .nan, count: 2)
    var dw = [Double](repeating: 1, count: 6)
    var dbias = [Double](repeating: 1, count: 3)
    Kernels.linearBackward(
      dx: &dx, dw: &dw, dbias: &dbias, dy: [1, 0, -1], x: [1, 2], w: [3, 4, 5, 6, 7, 8], rows: 1, inputs: 2,
      outputs: 3)
    #expect(dx == [-2, -2])
    #expect(dw == [2, 1, 0, 3, 1, -1])
    #expect(dbias == [2, 1, 0])
  }

  @Test func head() {
    var logits = [Double](repeating: .nan, count: 3)
    Kernels.headForward(&logits, h: [1, 2], wte: [1, 0, 0, 1, 2, -1], rows: 1, channels: 2, vocabulary: 3)
    #expect(logits == [1, 2, 0])

    var dh = [Double](repeating: .nan, count: 2)
    var dwte = [Double](repeating: 0, count: 6)
    Kernels.headBackward(
      dh: &dh, dwte: &dwte, dlogits: [1, 2, 3], h: [1, 2], wte: [1, 0, 0, 1, 2, -1], rows: 1, channels: 2,
      vocabulary: 3)
    #expect(dh == [7, -1])
    #expect(dwte == [1, 2, 2, 4, 3, 6])
  }

  @Test func layerNorm() {
    // (1 3) has mean 2 and variance 1.
    var y = [Double](repeating: .nan, count: 2)
    var (mean, rstd) = ([Double.nan], [Double.nan])
    Kernels.layerNormForward(
      &y, mean: &mean, rstd: &rstd, x: [1, 3], gain: [2, 4], bias: [10, 20], rows: 1, channels: 2)
    let scale = 1 / 1.00001.squareRoot()
    #expect(mean == [2])
    #expect(rstd == [scale])
    #expect(y == [10 - 2 * scale, 20 + 4 * scale])
  }

  @Test func attentionOfEqualKeysIsAMean() {
    // Two tokens, one head of size 1: q = k = 1, so that the second token weighs both values equally.
    var out = [Double](repeating: .nan, count: 2)
    var probabilities = [Double](repeating: .nan, count: 4)
    Kernels.attentionForward(
      &out, probabilities: &probabilities, qkv: [1, 1, 4, 1, 1, 8], batch: 1, time: 2, channels: 1, heads: 1)
    #expect(out == [4, 6])
    #expect(probabilities == [1, 0, 0.5, 0.5])
  }

  @Test func gelu() {
    // At 1: ½(1 + tanh(√(2/π) · 1.044715)); far out the identity and zero.
    let x: [Double] = [0, 1, -1, 20, -20]
    var y = [Double](repeating: .nan, count: 5)
    Kernels.geluForward(&y, x: x, count: 5)
    let one = 0.841_191_990_608_276_7
    #expect(abs(y[1] - one) < 1e-14)
    #expect(abs(y[2] - (one - 1)) < 1e-14)
    #expect([y[0], y[3], y[4]] == [0, 20, 0])

    var dx = [Double](repeating: .nan, count: 5)
    Kernels.geluBackward(dx: &dx, dy: [1, 1, 1, 1, 1], x: x, count: 5)
    #expect([dx[0], dx[3], dx[4]] == [0.5, 1, 0])
  }

  @Test func crossEntropyOfEqualLogits() {
    var logits: [Double] = [3, 3, 3, 3]
    let loss = Kernels.crossEntropyForwardBackward(
      logits: &logits, targets: [2], scale: 0.5, rows: 1, vocabulary: 4)
    #expect(abs(loss - log(4)) < 1e-15)
    #expect(logits == [0.125, 0.125, -0.375, 0.125])
  }

  @Test func adamW() {
    // m = 0.9 · 1 + 0.1 · 4 = 1.3; v = 0.5 · 2 + 0.5 · 16 = 9; corrected 2.6 and 36.
    var (w, m, v): ([Double], [Double], [Double]) = ([10], [1], [2])
    let step = AdamWStep(
      rate: 0.1, beta1: 0.9, beta2: 0.5, correction1: 0.5, correction2: 0.25, decay: 0.01, gradientScale: 2)
    Kernels.adamW(weights: &w, gradients: [2], firstMoment: &m, secondMoment: &v, count: 1, step: step)
    #expect(abs(m[0] - 1.3) < 1e-15)
    #expect(v == [9])
    #expect(abs(w[0] - (10 - 0.1 * (2.6 / (6 + 1e-8) + 0.1))) < 1e-14)
  }

  @Test func addAndSumOfSquares() {
    var y: [Double] = [1, 2, 3]
    Kernels.add(&y, [10, 20, 30], count: 3)
    #expect(y == [11, 22, 33])
    #expect(Kernels.sumOfSquares([3, 4], count: 2) == 25)
    #expect(Kernels.sumOfSquares([], count: 0) == 0)
  }
}
