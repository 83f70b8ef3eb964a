import HeadwayEngine
import HeadwayKernels
import Testing

@Suite struct LayoutTests {
  static let shape = ModelShape(vocabulary: 300, positions: 7, channels: 12, layers: 3, heads: 2, bias: true)

  /// Tensors are aligned, disjoint and inside the buffer; the decayed ones fill its front.
  @Test(arguments: [true, false]) func tensorsAreAlignedAndDisjoint(bias: Bool) {
    var shape = Self.shape
    shape.bias = bias
    let layout = ParameterLayout(shape)
    var end = 0
    for tensor in layout.tensors.sorted(by: { $0.offset < $1.offset }) {
      #expect(tensor.offset % 16 == 0)
      #expect(tensor.offset >= end)
      end = tensor.offset + tensor.count
      #expect(tensor.isDecayed == (end <= layout.decayedCount))
      #expect(tensor.isDecayed || tensor.offset >= layout.decayedCount)
    }
    #expect(end <= layout.count)
    #expect(layout.count % ParameterLayout.chunk == 0)
    #expect(layout.decayedCount % ParameterLayout.chunk == 0)
  }

  /// 124,439,808: the published number of parameters of GPT-2's smallest model.
  @Test func gpt2SmallHasItsPublishedSize() {
    let small = ModelShape(
      vocabulary: 50257, positions: 1024, channels: 768, layers: 12, heads: 12, bias: true)
    #expect(ParameterLayout(small).parameterCount == 124_439_808)
  }

  @Test func segmentsCoverEveryChunkOnce() {
    let layout = ParameterLayout(Self.shape)
    for total in 1...67 {
      let segments = (0..<total).map { layout.chunks(ofSegment: $0, of: total) }
      #expect(segments.flatMap { Array($0) } == Array(0..<layout.chunkCount))
      let sizes = segments.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  /// Seeded, of the stated deviations, and independent of everything but seed and name.
  @Test func initialisationHasTheStatedMoments() throws {
    let layout = ParameterLayout(Self.shape)
    let weights = try AlignedBuffer<Float>(count: layout.count, purpose: "weights")
    layout.initialise(weights.base, seed: 3)
    for tensor in layout.tensors {
      let values = (0..<tensor.count).map { Double(weights.base[tensor.offset + $0]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
        .squareRoot()
      switch tensor.start {
      case .ones: #expect(values.allSatisfy { $0 == 1 })
      case .zeros: #expect(values.allSatisfy { $0 == 0 })
      case .normal, .residual:
        let stated = tensor.start == .normal ? 0.02 : 0.02 / 6.0.squareRoot()
        // Five standard errors of the mean and of the deviation of a normal sample.
        let count = Double(values.count)
        #expect(abs(mean) < 5 * stated / count.squareRoot(), "\(tensor.name)")
        #expect(abs(deviation / stated - 1) < 5 / (2 * count).squareRoot(), "\(tensor.name)")
      }
    }
    let again = try AlignedBuffer<Float>(count: layout.count, purpose: "weights")
    layout.initialise(again.base, seed: 3)
    #expect(weights.elements.elementsEqual(again.elements))
    layout.initialise(again.base, seed: 4)
    #expect(!weights.elements.elementsEqual(again.elements))
  }
}
