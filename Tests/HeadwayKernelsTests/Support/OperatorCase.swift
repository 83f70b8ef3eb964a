import HeadwayKernels

/// Memory of an operator call, as the tests need it placed: `inputs` are copied in and `outputs` handed out.
protocol FloatMemory: AnyObject {
  /// A copy of `values`; valid as long as the memory.
  func place(_ values: [Float]) -> UnsafeMutablePointer<Float>
}

/// Every operator once, on one set of shapes, as a function from where its arrays lie to the values it wrote.
struct OperatorCase: Sendable {
  /// The operator's name.
  let name: String
  /// Runs it in the given memory and returns the contents of all outputs.
  let run: @Sendable (any FloatKernels.Type, any FloatMemory) -> [Float]

  /// All operators with `rows` rows and an odd `width`, reading seeded inputs.
  static func all(rows n: Int, width: Int) -> [OperatorCase] {
    [
      linear(n, width, width + 3), head(n, width, 2 * width + 1), layerNorm(n, width),
      attention(n, size: width), elementwise(n * width), crossEntropy(n, width), adamW(n * width),
    ]
  }

  private static func linear(_ n: Int, _ k: Int, _ m: Int) -> OperatorCase {
    OperatorCase(name: "linear \(n)×\(k)×\(m)") { kernels, memory in
      var generator = SeededGenerator(seed: 21)
      let x = memory.place(generator.values(n * k))
      let w = memory.place(generator.values(k * m))
      let bias = memory.place(generator.values(m))
      let y = memory.place(generator.values(n * m))
      kernels.linearForward(y, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
      let dx = memory.place(generator.values(n * k))
      let dw = memory.place(generator.values(k * m))
      let dbias = memory.place(generator.values(m))
      kernels.linearBackward(
        dx: dx, dw: dw, dbias: dbias, dy: y, x: x, w: w, rows: n, inputs: k, outputs: m)
      return contents((y, n * m), (dx, n * k), (dw, k * m), (dbias, m))
    }
  }

  private static func head(_ n: Int, _ c: Int, _ v: Int) -> OperatorCase {
    OperatorCase(name: "head \(n)×\(c)×\(v)") { kernels, memory in
      var generator = SeededGenerator(seed: 22)
      let h = memory.place(generator.values(n * c))
      let wte = memory.place(generator.values(v * c))
      let logits = memory.place(generator.values(n * v))
      kernels.headForward(logits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
      let dh = memory.place(generator.values(n * c))
      let dwte = memory.place(generator.values(v * c))
      kernels.headBackward(
        dh: dh, dwte: dwte, dlogits: logits, h: h, wte: wte, rows: n, channels: c, vocabulary: v)
      return contents((logits, n * v), (dh, n * c), (dwte, v * c))
    }
  }

  private static func layerNorm(_ n: Int, _ c: Int) -> OperatorCase {
    OperatorCase(name: "layer norm \(n)×\(c)") { kernels, memory in
      var generator = SeededGenerator(seed: 23)
      let x = memory.place(generator.values(n * c))
      let gain = memory.place(generator.values(c))
      let bias = memory.place(generator.values(c))
      let y = memory.place(generator.values(n * c))
      let mean = memory.place(generator.values(n))
      let rstd = memory.place(generator.values(n))
      kernels.layerNormForward(y, mean: mean, rstd: rstd, x: x, gain: gain, bias: bias, rows: n, channels: c)
      let dx = memory.place(generator.values(n * c))
      let dgain = memory.place(generator.values(c))
      let dbias = memory.place(generator.values(c))
      kernels.layerNormBackward(
        dx: dx, dgain: dgain, dbias: dbias, dy: y, x: x, mean: mean, rstd: rstd, gain: gain, rows: n,
        channels: c)
      return contents((y, n * c), (mean, n), (rstd, n), (dx, n * c), (dgain, c), (dbias, c))
    }
  }

  private static func attention(_ t: Int, size: Int) -> OperatorCase {
    OperatorCase(name: "attention \(t)×2×\(size)") { kernels, memory in
      let (b, c, h) = (2, 2 * size, 2)
      var generator = SeededGenerator(seed: 24)
      let qkv = memory.place(generator.values(b * t * 3 * c))
      let out = memory.place(generator.values(b * t * c))
      let probabilities = memory.place(generator.values(b * h * t * t))
      kernels.attentionForward(
        out, probabilities: probabilities, qkv: qkv, batch: b, time: t, channels: c, heads: h)
      let dqkv = memory.place(generator.values(b * t * 3 * c))
      let scratch = memory.place(generator.values(2 * t * t))
      kernels.attentionBackward(
        dqkv: dqkv, dout: out, probabilities: probabilities, qkv: qkv, scratch: scratch, batch: b, time: t,
        channels: c, heads: h)
      return contents((out, b * t * c), (probabilities, b * h * t * t), (dqkv, b * t * 3 * c))
    }
  }

  private static func elementwise(_ count: Int) -> OperatorCase {
    OperatorCase(name: "elementwise \(count)") { kernels, memory in
      var generator = SeededGenerator(seed: 25)
      let x = memory.place(generator.values(count, limit: 4))
      let y = memory.place(generator.values(count))
      kernels.geluForward(y, x: x, count: count)
      let dx = memory.place(generator.values(count))
      kernels.geluBackward(dx: dx, dy: y, x: x, count: count)
      kernels.add(y, dx, count: count)
      return contents((y, count), (dx, count)) + [Float(kernels.sumOfSquares(y, count: count))]
    }
  }

  private static func crossEntropy(_ n: Int, _ v: Int) -> OperatorCase {
    OperatorCase(name: "cross-entropy \(n)×\(v)") { kernels, memory in
      var generator = SeededGenerator(seed: 26)
      let logits = memory.place(generator.values(n * v, limit: 5))
      let targets = generator.targets(n, vocabulary: v)
      let loss = kernels.crossEntropyForwardBackward(
        logits: logits, targets: targets, scale: 0.1, rows: n, vocabulary: v)
      return contents((logits, n * v)) + [Float(loss)]
    }
  }

  private static func adamW(_ count: Int) -> OperatorCase {
    OperatorCase(name: "AdamW \(count)") { kernels, memory in
      var generator = SeededGenerator(seed: 27)
      let weights = memory.place(generator.values(count))
      let gradients = memory.place(generator.values(count))
      let first = memory.place(generator.values(count))
      let second = memory.place(generator.values(count).map { (value: Float) in value * value })
      let step = AdamWStep(
        rate: 0.01, beta1: 0.9, beta2: 0.99, correction1: 0.1, correction2: 0.01, decay: 0.1,
        gradientScale: 0.5)
      kernels.adamW(
        weights: weights, gradients: gradients, firstMoment: first, secondMoment: second, count: count,
        step: step)
      return contents((weights, count), (first, count), (second, count))
    }
  }

  /// The elements of several arrays, one after the other.
  private static func contents(_ arrays: (UnsafeMutablePointer<Float>, Int)...) -> [Float] {
    arrays.flatMap { Array(UnsafeBufferPointer(start: $0.0, count: $0.1)) }
  }
}
