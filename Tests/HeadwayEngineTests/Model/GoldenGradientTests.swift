import Foundation
import HeadwayEngine
import HeadwayKernels
import HeadwayTrace
import Testing

/// Loss, logits and the gradient of every parameter tensor, and one optimizer step, against numbers that
/// another program differentiated by itself.
@Suite struct GoldenGradientTests {
  static let names = ["biased", "unbiased"]

  /// Both programs compute in double precision (unit roundoff 1e-16) and only order their sums of up to a few
  /// hundred terms differently, which costs up to 2e-15 of a tensor's largest element. Fifty times that is still
  /// far below what any wrong term would be.
  static let double = 1e-13

  /// The weights are the same numbers in single precision (unit roundoff 6e-8). Two blocks of sums of up to 36
  /// terms, amplified by norms and attention, cost some ten roundings, 9e-7; four times that is allowed.
  static let single = 4e-6

  @Test(arguments: names) func referenceInDoublePrecision(name: String) throws {
    try check(ReferenceKernels<Double>.self, name, within: Self.double)
  }

  @Test(arguments: names) func referenceInSinglePrecision(name: String) throws {
    try check(ReferenceKernels<Float>.self, name, within: Self.single)
  }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: names) func simd(name: String) throws {
    try check(SIMDKernels.self, name, within: Self.single)
  }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: names) func blas(name: String) throws {
    try check(BLASKernels.self, name, within: Self.single)
  }

  /// What a kernel set makes of a golden model.
  struct Computed {
    let loss: Double
    let logits: [Double]
    let gradients: [String: [Double]]
    let norm: Double
  }

  /// The fixture names every tensor, and none of its gradients is nothing.
  @Test(arguments: names) func theFixtureCoversTheModel(name: String) throws {
    let golden = try GoldenModel(name)
    let gradients = golden.part("gradients")
    #expect(Set(gradients.keys) == Set(GradientTests.expectedNames(golden.shape)))
    for (tensor, values) in gradients {
      #expect(values.contains { abs($0) > 1e-3 }, "\(tensor)")
    }
  }

  /// A wrong element of any one gradient tensor is seen, and put down to that tensor alone.
  @Test(arguments: names) func oneWrongElementIsCaught(name: String) throws {
    let golden = try GoldenModel(name)
    let truth = golden.part("gradients")
    let right = try compute(ReferenceKernels<Double>.self, golden, weights: golden.part("weights")).gradients
    for (tolerance, found) in [(Self.double, right), (Self.single, right)] {
      for (tensor, values) in truth {
        let largest = values.reduce(0) { max($0, abs($1)) }
        for place in [0, values.count - 1] {
          var wrong = found
          wrong[tensor]?[place] += 2 * tolerance * largest
          #expect(deviations(wrong, from: truth).beyond(tolerance) == [tensor])
        }
        var missing = found
        missing[tensor]?[0] = .nan
        #expect(deviations(missing, from: truth).beyond(tolerance) == [tensor])
      }
    }
  }

  /// Every tensor takes part: a weight that is off by a millionth is seen in the logits and the gradients.
  @Test(arguments: names) func oneWrongWeightIsCaught(name: String) throws {
    let golden = try GoldenModel(name)
    for tensor in golden.part("weights").keys {
      var weights = golden.part("weights")
      weights[tensor]?[0] += 1e-6
      let computed = try compute(ReferenceKernels<Double>.self, golden, weights: weights)
      let logits = deviations(["logits": computed.logits], from: ["logits": try golden.values("logits")])
      #expect(logits.beyond(Self.double) == ["logits"], "\(tensor)")
      #expect(
        !deviations(computed.gradients, from: golden.part("gradients")).beyond(Self.double).isEmpty,
        "\(tensor)")
    }
  }

  private func check<K: KernelSet>(_ kernels: K.Type, _ name: String, within tolerance: Double) throws
  where K.Scalar: BitwiseCopyable {
    let golden = try GoldenModel(name)
    let computed = try compute(kernels, golden, weights: golden.part("weights"))
    let gradients = deviations(computed.gradients, from: golden.part("gradients"))
    #expect(gradients.beyond(tolerance).isEmpty, "\(K.name): \(gradients.filter { $0.value > tolerance })")
    let others = deviations(
      ["loss": [computed.loss], "norm": [computed.norm], "logits": computed.logits],
      from: [
        "loss": try golden.values("loss"), "norm": try golden.values("norm"),
        "logits": try golden.values("logits"),
      ])
    #expect(others.beyond(tolerance).isEmpty, "\(K.name): \(others)")
  }

  private func compute<K: KernelSet>(
    _: K.Type, _ golden: GoldenModel, weights values: [String: [Double]]
  ) throws -> Computed where K.Scalar: BitwiseCopyable {
    let model = Model<K>(golden.shape)
    let layout = model.layout
    let weights = try AlignedBuffer<K.Scalar>(count: layout.count, purpose: "weights")
    try layout.place(values, into: weights.base)
    let arena = try Activations<K.Scalar>(
      golden.shape, sequences: golden.sequences, length: golden.length, gradients: true)
    let rows = golden.sequences * golden.length
    model.forward(
      golden.tokens, sequences: golden.sequences, length: golden.length, weights: weights.base,
      activations: arena)
    let logits = (0..<(rows * golden.shape.vocabulary)).map { Double(arena.logits[$0]) }
    let nats = model.loss(
      targets: golden.targets, scale: 1 / K.Scalar(rows), rows: rows, activations: arena)
    let slots = try GradientSlots<K>(layout, tasks: 1)
    model.backward(
      golden.tokens, sequences: golden.sequences, length: golden.length, weights: weights.base,
      gradients: slots.slot(0).base, activations: arena)
    slots.reduce(0..<layout.chunkCount)
    return Computed(
      loss: nats / Double(rows), logits: logits, gradients: layout.values(of: slots.sum), norm: slots.norm())
  }
}
