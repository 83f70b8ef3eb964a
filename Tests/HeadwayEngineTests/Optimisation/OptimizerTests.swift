import Foundation
import HeadwayEngine
import HeadwayKernels
import HeadwayTrace
import Testing

@Suite struct OptimizerTests {
  static let shape = ModelShape(vocabulary: 300, positions: 8, channels: 16, layers: 2, heads: 2, bias: true)

  /// Fills a buffer with seeded numbers between −1 and 1 in every tensor, leaving gaps at zero.
  private func fill(_ buffer: AlignedBuffer<Float>, _ layout: ParameterLayout, seed: UInt64) {
    let draw = CounterGenerator(seed: seed, stream: "fill")
    for tensor in layout.tensors {
      for index in tensor.offset..<(tensor.offset + tensor.count) {
        buffer.base[index] = Float(2 * draw.uniform(at: UInt64(index)) - 1)
      }
    }
  }

  /// The sum is slot 0 + slot 1 + slot 2, the norm that of the sum, and neither depends on the segments.
  @Test func theReductionDoesNotDependOnItsSegments() throws {
    let layout = ParameterLayout(Self.shape)
    func reduced(segments: Int) throws -> (sum: [Float], norm: Double) {
      let slots = try GradientSlots<ReferenceKernels<Float>>(layout, tasks: 3)
      for task in 0..<3 { fill(slots.slot(task), layout, seed: UInt64(task)) }
      for segment in (0..<segments).reversed() {
        slots.reduce(layout.chunks(ofSegment: segment, of: segments))
      }
      return (Array(UnsafeBufferPointer(start: slots.sum, count: layout.count)), slots.norm())
    }
    let parts = try (0..<3).map { task in
      let buffer = try AlignedBuffer<Float>(count: layout.count, purpose: "expected")
      fill(buffer, layout, seed: UInt64(task))
      return Array(buffer.elements)
    }
    let expected = (0..<layout.count).map { (parts[0][$0] + parts[1][$0]) + parts[2][$0] }
    let norm = expected.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let whole = try reduced(segments: 1)
    #expect(whole.sum == expected)
    #expect(abs(whole.norm - norm) < 1e-6 * norm)
    for segments in [2, 3, 8, 63] {
      let cut = try reduced(segments: segments)
      #expect(cut.sum == whole.sum)
      #expect(cut.norm == whole.norm)
    }
  }

  /// Two steps against the formula written out, with decay on matrices only.
  @Test func adamWFollowsItsFormula() throws {
    let layout = ParameterLayout(Self.shape)
    let configuration = try RunConfiguration.tiny.with([
      "learning_rate": "0.01", "warmup_steps": "2", "weight_decay": "0.1", "beta1": "0.9", "beta2": "0.99",
      "gradient_clip": "1",
    ])
    let optimizer = AdamW<ReferenceKernels<Float>>(layout, configuration)
    let parameters = try Parameters(layout)
    let gradient = try AlignedBuffer<Float>(count: layout.count, purpose: "gradient")
    fill(parameters.weights, layout, seed: 1)
    fill(gradient, layout, seed: 2)
    var weights = Array(parameters.weights.elements).map(Double.init)
    var first = [Double](repeating: 0, count: layout.count)
    var second = first
    for step in 1...2 {
      // A norm of 4 is clipped to 1: the gradient counts a quarter.
      let scalars = optimizer.scalars(step: step, norm: 4)
      for segment in 0..<3 {
        optimizer.update(
          parameters, gradient: gradient.base, chunks: layout.chunks(ofSegment: segment, of: 3),
          scalars: scalars)
      }
      let rate = 0.01 * Double(step) / 2
      for tensor in layout.tensors {
        for index in tensor.offset..<(tensor.offset + tensor.count) {
          let g = Double(gradient.base[index]) / 4
          first[index] = 0.9 * first[index] + 0.1 * g
          second[index] = 0.99 * second[index] + 0.01 * g * g
          let m = first[index] / (1 - pow(0.9, Double(step)))
          let v = second[index] / (1 - pow(0.99, Double(step)))
          let decay = tensor.shape.count == 2 ? 0.1 : 0
          weights[index] -= rate * (m / (v.squareRoot() + 1e-8) + decay * weights[index])
        }
      }
    }
    for index in 0..<layout.count {
      #expect(abs(Double(parameters.weights.base[index]) - weights[index]) < 1e-6)
    }
  }

  @Test func aNormBelowTheClipIsLeftAlone() throws {
    let layout = ParameterLayout(Self.shape)
    let clipped = AdamW<ReferenceKernels<Float>>(layout, try .tiny.with(["gradient_clip": "2"]))
    #expect(clipped.scalars(step: 1, norm: 1.5).gradientScale == 1)
    #expect(clipped.scalars(step: 1, norm: 8).gradientScale == 0.25)
    let free = AdamW<ReferenceKernels<Float>>(layout, try .tiny.with(["gradient_clip": "0"]))
    #expect(free.scalars(step: 1, norm: 8).gradientScale == 1)
  }
}
