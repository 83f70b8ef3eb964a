import HeadwayKernels
import Testing

/// The loops behind `headway machine` do what they are counted for.
@Suite("Loops that measure ceilings")
struct CeilingKernelTests {
  @Test("every lane of the multiply-add chains has the bits of a scalar loop", arguments: [0, 1, 2, 1000])
  func multiplyAdds(rounds: Int) {
    var lanes = (0..<MultiplyAddPeak.lanes).map(MultiplyAddPeak.start)
    lanes.withUnsafeMutableBufferPointer { MultiplyAddPeak.run($0.baseAddress!, rounds: rounds) }
    for lane in lanes.indices {
      let expected = MultiplyAddPeak.reference(start: MultiplyAddPeak.start(lane: lane), rounds: rounds)
      #expect(lanes[lane] == expected, "lane \(lane)")
    }
    #expect(Set(lanes).count == lanes.count, "no chain is another's copy")
  }

  @Test("two runs are one of their sum")
  func multiplyAddsGoOn() {
    var twice = (0..<MultiplyAddPeak.lanes).map(MultiplyAddPeak.start)
    var once = twice
    twice.withUnsafeMutableBufferPointer {
      MultiplyAddPeak.run($0.baseAddress!, rounds: 300)
      MultiplyAddPeak.run($0.baseAddress!, rounds: 700)
    }
    once.withUnsafeMutableBufferPointer { MultiplyAddPeak.run($0.baseAddress!, rounds: 1000) }
    #expect(twice == once)
  }

  @Test("the triad writes b + scale · c and nothing beyond")
  func triad() {
    let b = (0..<24).map { Float($0) }
    let c = (0..<24).map { Float(100 - $0) }
    var a = [Float](repeating: -1, count: 24)
    a.withUnsafeMutableBufferPointer { Triad.run($0.baseAddress!, b: b, c: c, scale: 0.5, count: 16) }
    for index in 0..<24 { #expect(a[index] == (index < 16 ? b[index] + 0.5 * c[index] : -1)) }
  }

  /// A product that only counts its multiply-adds.
  enum CountingProduct: MatrixProduct {
    nonisolated(unsafe) static var flops = 0  // Written by one serialised test on one thread.
    static func multiply(
      _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, rows m: Int, columns n: Int,
      depth k: Int, addend: Addend?
    ) { flops += 2 * m * n * k }
  }

  @Test("the FLOPs of a step's products are those of the calls, and both libraries agree on the results")
  func products() {
    let products = StepProducts(channels: 12, layers: 2, heads: 3, vocabulary: 17, length: 5, sequences: 4)
    var memory = [Float](repeating: 0.1, count: products.elementCount)
    memory.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for sequences in 1...4 {
        CountingProduct.flops = 0
        products.dense(CountingProduct.self, sequences: sequences, in: base)
        #expect(CountingProduct.flops == products.denseFlops(sequences: sequences))
        CountingProduct.flops = 0
        products.attention(CountingProduct.self, sequences: sequences, in: base)
        #expect(CountingProduct.flops == products.attentionFlops(sequences: sequences))
      }
    }
    func result(_ run: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
      var values = (0..<products.elementCount).map { Float($0 % 7) * 0.01 }
      values.withUnsafeMutableBufferPointer { run($0.baseAddress!) }
      return values
    }
    let pairs = [
      (
        result { products.dense(BLASProduct.self, sequences: 3, in: $0) },
        result { products.dense(SIMDProduct.self, sequences: 3, in: $0) }
      ),
      (
        result { products.attention(BLASProduct.self, sequences: 3, in: $0) },
        result { products.attention(SIMDProduct.self, sequences: 3, in: $0) }
      ),
    ]
    for (blas, simd) in pairs {
      let worst = zip(blas, simd).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? .infinity
      #expect(worst < 1e-4)
    }
  }
}
