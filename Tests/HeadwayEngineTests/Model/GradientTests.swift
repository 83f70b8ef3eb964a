import Foundation
import HeadwayEngine
import HeadwayKernels
import Testing

/// The whole model's backward pass against central differences in double precision, tensor by tensor.
@Suite struct GradientTests {
  /// Odd sizes, so that no kernel's block divides them; with and without biases; one to three sequences.
  static let cases: [(shape: ModelShape, sequences: Int, length: Int)] = [
    (ModelShape(vocabulary: 11, positions: 5, channels: 6, layers: 2, heads: 3, bias: true), 3, 5),
    (ModelShape(vocabulary: 7, positions: 4, channels: 6, layers: 2, heads: 2, bias: false), 2, 3),
    (ModelShape(vocabulary: 13, positions: 3, channels: 5, layers: 1, heads: 1, bias: true), 1, 3),
  ]

  /// Every element of every tensor, by name. The five-point difference errs by truncation (h⁴) and by
  /// cancellation (ε/h); at h = 1e-4 both stay near 1e-11. Relative to at least 1e-2, that is 1e-9; the
  /// tolerance is ten times that.
  @Test(arguments: 0..<cases.count) func everyTensorMatchesCentralDifferences(index: Int) throws {
    let (shape, sequences, length) = Self.cases[index]
    let `case` = try ModelCase<ReferenceKernels<Double>>(shape, sequences: sequences, length: length)
    `case`.lossAndGradient()
    let analytic = Array(`case`.gradients.elements)
    let weights = `case`.weights.base
    var checked: Set<String> = []
    for tensor in `case`.model.layout.tensors {
      var worst = 0.0
      var largest = 0.0
      for element in tensor.offset..<(tensor.offset + tensor.count) {
        func loss(_ shift: Double) -> Double {
          let kept = weights[element]
          defer { weights[element] = kept }
          weights[element] = kept + shift
          return `case`.loss()
        }
        let step = 1e-4
        let numeric = (8 * (loss(step) - loss(-step)) - (loss(2 * step) - loss(-2 * step))) / (12 * step)
        worst = max(worst, abs(numeric - analytic[element]) / max(1e-2, abs(numeric)))
        largest = max(largest, abs(numeric))
      }
      #expect(worst < 1e-8, "\(tensor.name) differs by \(worst)")
      #expect(largest > 1e-4, "\(tensor.name) has no gradient to check")
      checked.insert(tensor.name)
    }
    #expect(checked == Set(Self.expectedNames(shape)))
  }

  /// The names that a GPT-2 of this shape must have, written out independently of the layout.
  static func expectedNames(_ shape: ModelShape) -> [String] {
    let suffixes = shape.bias ? ["weight", "bias"] : ["weight"]
    let parts = ["ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"]
    let blocks = (0..<shape.layers).flatMap { layer in
      parts.flatMap { part in suffixes.map { "h.\(layer).\(part).\($0)" } }
    }
    return ["wte.weight", "wpe.weight"] + blocks + suffixes.map { "ln_f.\($0)" }
  }

  /// Gradients accumulate: a second backward pass doubles them exactly.
  @Test func gradientsAccumulate() throws {
    let shape = Self.cases[0].shape
    let `case` = try ModelCase<ReferenceKernels<Double>>(shape, sequences: 2, length: 4)
    `case`.lossAndGradient()
    let once = Array(`case`.gradients.elements)
    `case`.lossAndGradient()
    for (index, value) in `case`.gradients.elements.enumerated() {
      #expect(abs(value - 2 * once[index]) <= 1e-12 * max(1, abs(value)))
    }
  }

  /// A sequence's logits do not depend on its neighbours in the batch, nor a token's on later tokens.
  @Test func attentionIsCausalAndSequencesAreIndependent() throws {
    let shape = Self.cases[0].shape
    let `case` = try ModelCase<ReferenceKernels<Double>>(shape, sequences: 2, length: 5)
    func logits(_ tokens: [Int32]) -> [Double] {
      `case`.model.forward(
        tokens, sequences: 2, length: 5, weights: `case`.weights.base, activations: `case`.activations)
      return Array(UnsafeBufferPointer(start: `case`.activations.logits, count: 10 * shape.vocabulary))
    }
    let before = logits(`case`.tokens)
    var changed = `case`.tokens
    changed[3] = (changed[3] + 1) % Int32(shape.vocabulary)
    let after = logits(changed)
    for row in 0..<10 {
      let range = (row * shape.vocabulary)..<((row + 1) * shape.vocabulary)
      let same = Array(before[range]) == Array(after[range])
      #expect(same == (row < 3 || row >= 5), "row \(row)")
    }
  }
}
