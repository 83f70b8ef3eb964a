import HeadwayKernels
import Testing

private typealias Kernels = ReferenceKernels<Double>

/// Every backward of the reference against central differences of its own forward.
@Suite struct ReferenceGradientTests {
  @Test func linear() {
    var generator = SeededGenerator(seed: 1)
    let (n, k, m) = (3, 4, 5)
    let x: [Double] = generator.values(n * k)
    let w: [Double] = generator.values(k * m)
    let bias: [Double] = generator.values(m)
    let dy: [Double] = generator.values(n * m)
    func forward(_ x: [Double], _ w: [Double], _ bias: [Double]) -> [Double] {
      var y = [Double](repeating: .nan, count: n * m)
      Kernels.linearForward(&y, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
      return y
    }
    var dx = [Double](repeating: .nan, count: n * k)
    var dw = [Double](repeating: 0, count: k * m)
    var dbias = [Double](repeating: 0, count: m)
    Kernels.linearBackward(
      dx: &dx, dw: &dw, dbias: &dbias, dy: dy, x: x, w: w, rows: n, inputs: k, outputs: m)
    expectGradient(dx, of: x, named: "dx") { dot(forward($0, w, bias), dy) }
    expectGradient(dw, of: w, named: "dw") { dot(forward(x, $0, bias), dy) }
    expectGradient(dbias, of: bias, named: "dbias") { dot(forward(x, w, $0), dy) }
  }

  @Test func head() {
    var generator = SeededGenerator(seed: 2)
    let (n, c, v) = (3, 4, 7)
    let h: [Double] = generator.values(n * c)
    let wte: [Double] = generator.values(v * c)
    let dlogits: [Double] = generator.values(n * v)
    func forward(_ h: [Double], _ wte: [Double]) -> [Double] {
      var logits = [Double](repeating: .nan, count: n * v)
      Kernels.headForward(&logits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
      return logits
    }
    var dh = [Double](repeating: .nan, count: n * c)
    var dwte = [Double](repeating: 0, count: v * c)
    Kernels.headBackward(
      dh: &dh, dwte: &dwte, dlogits: dlogits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
    expectGradient(dh, of: h, named: "dh") { dot(forward($0, wte), dlogits) }
    expectGradient(dwte, of: wte, named: "dwte") { dot(forward(h, $0), dlogits) }
  }

  @Test func layerNorm() {
    var generator = SeededGenerator(seed: 3)
    let (n, c) = (3, 5)
    let x: [Double] = generator.values(n * c)
    let gain: [Double] = generator.values(c)
    let bias: [Double] = generator.values(c)
    let dy: [Double] = generator.values(n * c)
    var mean = [Double](repeating: .nan, count: n)
    var rstd = [Double](repeating: .nan, count: n)
    func forward(_ x: [Double], _ gain: [Double], _ bias: [Double]) -> [Double] {
      var y = [Double](repeating: .nan, count: n * c)
      Kernels.layerNormForward(
        &y, mean: &mean, rstd: &rstd, x: x, gain: gain, bias: bias, rows: n, channels: c)
      return y
    }
    _ = forward(x, gain, bias)
    var dx = [Double](repeating: 0, count: n * c)
    var dgain = [Double](repeating: 0, count: c)
    var dbias = [Double](repeating: 0, count: c)
    Kernels.layerNormBackward(
      dx: &dx, dgain: &dgain, dbias: &dbias, dy: dy, x: x, mean: mean, rstd: rstd, gain: gain, rows: n,
      channels: c)
    expectGradient(dx, of: x, named: "dx") { dot(forward($0, gain, bias), dy) }
    expectGradient(dgain, of: gain, named: "dgain") { dot(forward(x, $0, bias), dy) }
    expectGradient(dbias, of: bias, named: "dbias") { dot(forward(x, gain, $0), dy) }
  }

  @Test func attention() {
    var generator = SeededGenerator(seed: 4)
    let (b, t, c, h) = (2, 4, 6, 2)
    let qkv: [Double] = generator.values(b * t * 3 * c, limit: 2)
    let dout: [Double] = generator.values(b * t * c)
    var probabilities = [Double](repeating: .nan, count: b * h * t * t)
    func forward(_ qkv: [Double]) -> [Double] {
      var out = [Double](repeating: .nan, count: b * t * c)
      Kernels.attentionForward(
        &out, probabilities: &probabilities, qkv: qkv, batch: b, time: t, channels: c, heads: h)
      return out
    }
    _ = forward(qkv)
    var dqkv = [Double](repeating: .nan, count: b * t * 3 * c)
    var scratch = [Double](repeating: .nan, count: 2 * t * t)
    Kernels.attentionBackward(
      dqkv: &dqkv, dout: dout, probabilities: probabilities, qkv: qkv, scratch: &scratch, batch: b,
      time: t, channels: c, heads: h)
    expectGradient(dqkv, of: qkv, named: "dqkv") { dot(forward($0), dout) }
  }

  @Test func gelu() {
    let x = stride(from: -6.0, through: 6, by: 0.37).map { $0 }
    let dy = x.map { 0.5 + $0 / 10 }
    func forward(_ x: [Double]) -> [Double] {
      var y = [Double](repeating: .nan, count: x.count)
      Kernels.geluForward(&y, x: x, count: x.count)
      return y
    }
    var dx = [Double](repeating: .nan, count: x.count)
    Kernels.geluBackward(dx: &dx, dy: dy, x: x, count: x.count)
    expectGradient(dx, of: x, named: "dx") { dot(forward($0), dy) }
  }

  @Test func crossEntropy() {
    var generator = SeededGenerator(seed: 5)
    let (n, v) = (3, 6)
    let logits: [Double] = generator.values(n * v, limit: 4)
    let targets = generator.targets(n, vocabulary: v)
    func loss(_ logits: [Double]) -> Double {
      var copy = logits
      return Kernels.crossEntropyForwardBackward(
        logits: &copy, targets: targets, scale: 1, rows: n, vocabulary: v)
    }
    var gradient = logits
    _ = Kernels.crossEntropyForwardBackward(
      logits: &gradient, targets: targets, scale: 1, rows: n, vocabulary: v)
    expectGradient(gradient, of: logits, named: "dlogits", loss: loss)
  }
}
