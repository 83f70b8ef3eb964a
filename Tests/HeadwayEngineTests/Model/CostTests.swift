import HeadwayEngine
import HeadwayKernels
import HeadwayTrace
import Testing

/// The costs counted from shapes are what the reference operators compute, operation by operation.
@Suite("Costs against the reference operators", .serialized)
struct CostTests {
  typealias Kernels = ReferenceKernels<CountedNumber>

  /// A step of one batch.
  static func configuration(
    _ v: Int, _ c: Int, layers: Int, heads: Int, batch: Int, length: Int, bias: Bool
  ) -> RunConfiguration {
    var result = RunConfiguration()
    result.vocabularySize = v
    result.width = c
    result.layers = layers
    result.heads = heads
    result.batchSize = batch
    result.sequenceLength = length
    result.batchesPerStep = 1
    result.bias = bias
    return result
  }

  static let cases = [
    configuration(3, 2, layers: 1, heads: 1, batch: 1, length: 2, bias: true),
    configuration(11, 6, layers: 2, heads: 3, batch: 2, length: 5, bias: true),
    configuration(7, 8, layers: 3, heads: 2, batch: 3, length: 1, bias: false),
  ]

  @Test("forward and backward of the whole model", arguments: cases)
  func wholeModel(_ configuration: RunConfiguration) throws {
    let model = try ModelCase<Kernels>(
      ModelShape(configuration), sequences: configuration.batchSize, length: configuration.sequenceLength)
    let counted = CountedNumber.count { model.lossAndGradient() }
    let cost = configuration.stepCost.operations.filter { $0.part != .update }.reduce(0) { $0 + $1.flops }
    // Constants of a call: 1/√D in each call of attention, and the case's own scale of the loss.
    let constants = configuration.layers * 2 * 2 + 1
    // The operators add a gain's bias of 0, which is counted, but never a bias's gradient that is not there.
    #expect(counted == cost + constants)
    #expect(model.model.layout.parameterCount == configuration.parameterCount)
  }

  @Test("AdamW and the sum of slots")
  func update() throws {
    let count = 5
    let memory = try (0..<4).map { _ in try AlignedBuffer<CountedNumber>(count: count, purpose: "test") }
    let step = AdamWStep(
      rate: 0.1, beta1: 0.9, beta2: 0.99, correction1: 0.1, correction2: 0.01, decay: 0.1, gradientScale: 1)
    let counted = CountedNumber.count {
      Kernels.adamW(
        weights: memory[0].base, gradients: memory[1].base, firstMoment: memory[2].base,
        secondMoment: memory[3].base, count: count, step: step)
    }
    let sum = CountedNumber.count { Kernels.add(memory[0].base, memory[1].base, count: count) }
    var configuration = Self.cases[0]
    configuration.batchesPerStep = 3
    let parameters = configuration.parameterCount
    func flops(_ operation: ModelOperation) -> Int? {
      configuration.stepCost.operations.first { $0.operation == operation && $0.part == .update }?.flops
    }
    #expect(flops(.optimizer) == parameters * counted / count)
    #expect(flops(.reduction) == parameters * 2 * sum / count)
  }
}
