import Foundation
import HeadwayEngine
import HeadwayKernels
import HeadwayTrace
import Testing

/// One AdamW step from moments in mid-run, with the gradient clipped by its global norm, against the numbers
/// of the golden models.
@Suite struct GoldenStepTests {
  /// Relative to the tensor's largest element: weights and moments start as the same numbers, gradients and
  /// scalars are rounded to single precision (6e-8), and an element takes about ten more roundings.
  static let single = 5e-7

  @Test(arguments: GoldenGradientTests.names) func reference(name: String) throws {
    try check(ReferenceKernels<Float>.self, name)
  }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: GoldenGradientTests.names)
  func simd(name: String) throws { try check(SIMDKernels.self, name) }

  @Test(.enabled(if: InstructionSet.missing().isEmpty), arguments: GoldenGradientTests.names)
  func blas(name: String) throws { try check(BLASKernels.self, name) }

  /// The formula itself, without single precision's rounding.
  @Test(arguments: GoldenGradientTests.names) func referenceInDoublePrecision(name: String) throws {
    let golden = try GoldenModel(name)
    let layout = ParameterLayout(golden.shape)
    let optimizer = AdamW<ReferenceKernels<Float>>(layout, try golden.configuration())
    let norm = try golden.values("norm")[0]
    var updated = (golden.part("weights"), golden.part("first"), golden.part("second"))
    for tensor in layout.tensors {
      var scalars = optimizer.scalars(step: golden.step, norm: norm)
      if tensor.shape.count < 2 { scalars.decay = 0 }
      var weights = try golden.values("weights.\(tensor.name)")
      var first = try golden.values("first.\(tensor.name)")
      var second = try golden.values("second.\(tensor.name)")
      ReferenceKernels<Double>.adamW(
        weights: &weights, gradients: try golden.values("gradients.\(tensor.name)"), firstMoment: &first,
        secondMoment: &second, count: tensor.count, step: scalars)
      updated.0[tensor.name] = weights
      updated.1[tensor.name] = first
      updated.2[tensor.name] = second
    }
    expectStep(updated, golden, within: GoldenGradientTests.double)
  }

  /// The first model's gradient is clipped and the second's is not; decay, clip and rate each leave a mark that
  /// the tolerance does not cover.
  @Test func theStepIsSensitive() throws {
    for (name, isClipped) in [("biased", true), ("unbiased", false)] {
      let golden = try GoldenModel(name)
      let configuration = try golden.configuration()
      #expect(try (golden.values("norm")[0] > configuration.gradientClip) == isClipped)
      var wrong = [
        try configuration.with(["weight_decay": "0.12"]), try configuration.with(["learning_rate": "0.0126"]),
        try configuration.with(["beta1": "0.874"]), try configuration.with(["beta2": "0.968"]),
      ]
      if isClipped { wrong.append(try configuration.with(["gradient_clip": "0.751"])) }
      for configuration in wrong {
        let found = try step(ReferenceKernels<Float>.self, golden, configuration)
        #expect(!deviations(found.0, from: golden.part("updated")).beyond(Self.single).isEmpty)
      }
    }
  }

  private typealias Stepped = ([String: [Double]], [String: [Double]], [String: [Double]])

  private func check<K: KernelSet>(_ kernels: K.Type, _ name: String) throws where K.Scalar == Float {
    let golden = try GoldenModel(name)
    expectStep(try step(kernels, golden, try golden.configuration()), golden, within: Self.single)
  }

  /// The engine's own step: norm, scalars, and an update in three segments.
  private func step<K: KernelSet>(
    _: K.Type, _ golden: GoldenModel, _ configuration: RunConfiguration
  ) throws -> Stepped where K.Scalar == Float {
    let layout = ParameterLayout(golden.shape)
    let parameters = try Parameters(layout)
    try layout.place(golden.part("weights"), into: parameters.weights.base)
    try layout.place(golden.part("first"), into: parameters.moments.first.base)
    try layout.place(golden.part("second"), into: parameters.moments.second.base)
    let slots = try GradientSlots<K>(layout, tasks: 1)
    try layout.place(golden.part("gradients"), into: slots.slot(0).base)
    slots.reduce(0..<layout.chunkCount)
    let optimizer = AdamW<K>(layout, configuration)
    let scalars = optimizer.scalars(step: golden.step, norm: slots.norm())
    for segment in 0..<3 {
      optimizer.update(
        parameters, gradient: slots.sum, chunks: layout.chunks(ofSegment: segment, of: 3), scalars: scalars)
    }
    return (
      layout.values(of: UnsafePointer(parameters.weights.base)),
      layout.values(of: UnsafePointer(parameters.moments.first.base)),
      layout.values(of: UnsafePointer(parameters.moments.second.base))
    )
  }

  private func expectStep(_ found: Stepped, _ golden: GoldenModel, within tolerance: Double) {
    for (part, values) in [("updated", found.0), ("updated_first", found.1), ("updated_second", found.2)] {
      let differences = deviations(values, from: golden.part(part))
      #expect(!differences.isEmpty)
      #expect(
        differences.beyond(tolerance).isEmpty, "\(part): \(differences.filter { $0.value > tolerance })")
    }
  }
}
