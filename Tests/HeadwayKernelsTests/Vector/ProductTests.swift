import HeadwayKernels
import Testing

/// Linear and head of the fast sets against the reference.
///
/// Tolerance: a sum of k products of numbers within ±1 is off by at most k · u · Σ|a·b| ≤ k² · u (u = 2⁻²⁴,
/// Higham, "Accuracy and Stability of Numerical Algorithms", 3.5), plus the roundings of bias and accumulation.
/// The bound is rarely approached, and an element in the wrong place misses it by orders of magnitude.
@Suite struct ProductTests {
  private func bound(_ length: Int) -> Double { Double(length * length + 4) * roundOff }

  @Test(arguments: FastSet.allCases) func linearOnOddShapes(_ set: FastSet) {
    for shape in ProductShape.odd { checkLinear(set.kernels, shape) }
  }

  @Test(arguments: FastSet.allCases) func linearOnEveryRest(_ set: FastSet) {
    for shape in ProductShape.rests { checkLinear(set.kernels, shape) }
  }

  @Test(arguments: FastSet.allCases, ProductShape.blocked)
  func linearAcrossBlocks(_ set: FastSet, _ shape: ProductShape) {
    checkLinear(set.kernels, shape)
  }

  @Test(arguments: FastSet.allCases) func headOnOddShapes(_ set: FastSet) {
    for shape in ProductShape.odd { checkHead(set.kernels, shape) }
  }

  @Test(arguments: FastSet.allCases) func headOnEveryRest(_ set: FastSet) {
    for shape in ProductShape.rests { checkHead(set.kernels, shape) }
  }

  @Test(arguments: FastSet.allCases, ProductShape.blocked)
  func headAcrossBlocks(_ set: FastSet, _ shape: ProductShape) {
    checkHead(set.kernels, shape)
  }

  /// With small integers every sum is exact: all sets must give the same bits.
  @Test(arguments: FastSet.allCases) func integersAreExact(_ set: FastSet) {
    let (n, k, m) = (13, 70, 37)
    let x = (0..<n * k).map { Float(($0 * 7) % 11 - 5) }
    let w = (0..<k * m).map { Float(($0 * 5) % 13 - 6) }
    let bias = (0..<m).map { Float($0) }
    var expected = [Float](repeating: .nan, count: n * m)
    var actual = expected
    ReferenceKernels<Float>.linearForward(
      &expected, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
    set.kernels.linearForward(&actual, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
    #expect(actual == expected)
  }

  private func checkLinear<K: FloatKernels>(_ kernels: K.Type, _ shape: ProductShape) {
    let (n, k, m) = (shape.rows, shape.inputs, shape.outputs)
    var generator = SeededGenerator(seed: UInt64(n * 10_000 + k * 100 + m))
    let x: [Float] = generator.values(n * k)
    let w: [Float] = generator.values(k * m)
    let bias: [Float]? = m % 2 == 1 ? generator.values(m) : nil
    let dy: [Float] = generator.values(n * m)
    let dwStart: [Float] = generator.values(k * m)
    let dbiasStart: [Float] = generator.values(m)

    var y = [Float](repeating: .nan, count: n * m)
    var exactY = [Double](repeating: .nan, count: n * m)
    kernels.linearForward(&y, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
    Exact.linearForward(
      &exactY, x: exact(x), w: exact(w), bias: bias.map(exact), rows: n, inputs: k, outputs: m)
    expectClose(y, exactY, within: bound(k), "y of \(shape.testDescription)")

    var dx = [Float](repeating: .nan, count: n * k)
    var (dw, dbias) = (dwStart, dbiasStart)
    var exactDx = [Double](repeating: .nan, count: n * k)
    var (exactDw, exactDbias) = (exact(dwStart), exact(dbiasStart))
    kernels.linearBackward(
      dx: &dx, dw: &dw, dbias: &dbias, dy: dy, x: x, w: w, rows: n, inputs: k, outputs: m)
    Exact.linearBackward(
      dx: &exactDx, dw: &exactDw, dbias: &exactDbias, dy: exact(dy), x: exact(x), w: exact(w), rows: n,
      inputs: k, outputs: m)
    expectClose(dx, exactDx, within: bound(m), "dx of \(shape.testDescription)")
    expectClose(dw, exactDw, within: bound(n), "dw of \(shape.testDescription)")
    expectClose(dbias, exactDbias, within: bound(n), "dbias of \(shape.testDescription)")

    var dwAlone = dwStart
    kernels.linearBackward(
      dx: nil, dw: &dwAlone, dbias: nil, dy: dy, x: x, w: w, rows: n, inputs: k, outputs: m)
    #expect(dwAlone == dw, "dw must not depend on whether dx and dbias are wanted")
  }

  private func checkHead<K: FloatKernels>(_ kernels: K.Type, _ shape: ProductShape) {
    let (n, c, v) = (shape.rows, shape.inputs, shape.outputs)
    var generator = SeededGenerator(seed: UInt64(n * 10_000 + c * 100 + v + 1))
    let h: [Float] = generator.values(n * c)
    let wte: [Float] = generator.values(v * c)
    let dlogits: [Float] = generator.values(n * v)
    let dwteStart: [Float] = generator.values(v * c)

    var logits = [Float](repeating: .nan, count: n * v)
    var exactLogits = [Double](repeating: .nan, count: n * v)
    kernels.headForward(&logits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
    Exact.headForward(&exactLogits, h: exact(h), wte: exact(wte), rows: n, channels: c, vocabulary: v)
    expectClose(logits, exactLogits, within: bound(c), "logits of \(shape.testDescription)")

    var dh = [Float](repeating: .nan, count: n * c)
    var dwte = dwteStart
    var exactDh = [Double](repeating: .nan, count: n * c)
    var exactDwte = exact(dwteStart)
    kernels.headBackward(
      dh: &dh, dwte: &dwte, dlogits: dlogits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
    Exact.headBackward(
      dh: &exactDh, dwte: &exactDwte, dlogits: exact(dlogits), h: exact(h), wte: exact(wte), rows: n,
      channels: c, vocabulary: v)
    expectClose(dh, exactDh, within: bound(v), "dh of \(shape.testDescription)")
    expectClose(dwte, exactDwte, within: bound(n), "dwte of \(shape.testDescription)")
  }
}
