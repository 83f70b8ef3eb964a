import HeadwayTrace
import Testing

/// Costs are counted from shapes; the brute count of the reference operators is in the engine's tests.
@Suite("What a step computes, from its shapes")
struct StepCostTests {
  /// V 3, C 2, one block, one head, one sequence of two tokens: small enough to count on paper.
  static func tiny(bias: Bool = true) -> RunConfiguration {
    var configuration = RunConfiguration()
    configuration.vocabularySize = 3
    configuration.width = 2
    configuration.layers = 1
    configuration.heads = 1
    configuration.batchSize = 1
    configuration.sequenceLength = 2
    configuration.batchesPerStep = 1
    configuration.bias = bias
    return configuration
  }

  @Test("the tiny model's operations, by hand")
  func byHand() {
    let cost = Self.tiny().stepCost
    func flops(_ operation: ModelOperation, _ part: StepPart) -> Int {
      cost.operations.filter { $0.operation == operation && $0.part == part }.reduce(0) { $0 + $1.flops }
    }
    // Two rows of two channels; the positions are added.
    #expect(flops(.embedding, .forward) == 4)
    // Three norms of two rows: mean 3, variance 6 + 4, output 8.
    #expect(flops(.layerNorm, .forward) == 3 * 2 * 21)
    #expect(flops(.attentionInput, .forward) == 2 * 2 * 2 * 6)
    #expect(flops(.attentionOutput, .forward) == 16)
    #expect(flops(.expansion, .forward) == 64)
    #expect(flops(.projection, .forward) == 64)
    // Pairs (0, 0), (1, 0), (1, 1): a score 4 + 1, a softmax 4, a value 4.
    #expect(flops(.attention, .forward) == 3 * 13)
    #expect(flops(.gelu, .forward) == 2 * 8 * 9)
    #expect(flops(.residual, .forward) == 2 * 4)
    #expect(flops(.head, .forward) == 2 * 2 * 2 * 3)
    #expect(flops(.crossEntropy, .forward) == 2 * (18 + 3))
    #expect(cost.operations.filter { $0.part == .forward }.reduce(0) { $0 + $1.flops } == 579)

    #expect(flops(.attentionInput, .backward) == 2 * 48 + 12)
    #expect(flops(.attention, .backward) == 3 * 21)
    #expect(flops(.head, .backward) == 48)
    #expect(cost.operations.filter { $0.part == .backward }.reduce(0) { $0 + $1.flops } == 1075)

    #expect(Self.tiny().parameterCount == 88)
    #expect(flops(.reduction, .update) == 0, "one slot needs no sum")
    #expect(flops(.norm, .update) == 2 * 88)
    #expect(flops(.optimizer, .update) == 17 * 88)
    #expect(cost.flops == 579 + 1075 + 19 * 88)
    #expect(cost.flopsPerToken == Double(cost.flops) / 2)
  }

  @Test("products are three times the forward pass, attention's only over the causal half")
  func products() {
    let cost = Self.tiny().stepCost
    #expect(cost.matrixFlops == 3 * (48 + 16 + 64 + 64 + 24 + 24))
    for entry in cost.operations { #expect(entry.matrixFlops <= entry.flops) }
  }

  @Test("bytes are each array once, by hand")
  func bytes() {
    let cost = Self.tiny().stepCost
    func bytes(_ operation: ModelOperation, _ part: StepPart) -> Int? {
      cost.operations.first { $0.operation == operation && $0.part == part }?.bytes
    }
    // h (2, 2), wte (3, 2), logits (2, 3).
    #expect(bytes(.head, .forward) == 4 * (4 + 6 + 6))
    // dh, h (2, 2); dlogits (2, 3); wte read, dwte read and written (3, 2).
    #expect(bytes(.head, .backward) == 4 * (4 + 4 + 6 + 18))
    // x (2, 2), w (2, 8), bias (8), y (2, 8).
    #expect(bytes(.expansion, .forward) == 4 * (4 + 16 + 8 + 16))
    #expect(bytes(.optimizer, .update) == 4 * 7 * 88)
  }

  @Test("without biases there is less of everything")
  func withoutBias() {
    let with = Self.tiny().stepCost
    let without = Self.tiny(bias: false).stepCost
    #expect(without.matrixFlops == with.matrixFlops)
    #expect(Self.tiny(bias: false).parameterCount == 88 - 18 - 6)
    // Biases of the linear layers: 2 rows of 18; of the norms: 3 of 2 rows of 2; of the update: 24 parameters.
    #expect(with.flops - without.flops == 36 + 12 + 19 * 24)
    #expect(without.bytes < with.bytes)
  }

  @Test("a step's cost grows with its tokens and slots, not with its threads or kernels")
  func cuts() {
    var one = Self.tiny()
    one.batchesPerStep = 4
    var other = one
    other.threads = 8
    other.kernels = .reference
    #expect(one.stepCost == other.stepCost)
    other.batchesPerStep = 1
    other.batchSize = 4
    #expect(other.stepCost.flops == one.stepCost.flops - 3 * 88, "three sums of slots fewer")
    #expect(other.stepCost.matrixFlops == 4 * Self.tiny().stepCost.matrixFlops)
  }
}
