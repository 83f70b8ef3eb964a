import HeadwayFiles
import HeadwayTrace

/// AdamW's memory of the gradients, in the parameters' layout.
package struct Moments: Sendable {
  /// m, the running mean of the gradient.
  package let first: AlignedBuffer<Float>
  /// v, the running mean of the squared gradient.
  package let second: AlignedBuffer<Float>

  /// Allocates zeroed moments.
  package init(_ layout: ParameterLayout) throws(InputError) {
    first = try AlignedBuffer(count: layout.count, purpose: "optimizer moments")
    second = try AlignedBuffer(count: layout.count, purpose: "optimizer moments")
  }
}

/// What training changes: the weights and AdamW's moments, flat buffers in one layout.
///
/// Written by the optimizer phase only: by the main thread, or by each worker in its own segment.
package struct Parameters: Sendable {
  /// The parameters.
  package let weights: AlignedBuffer<Float>
  /// The optimizer's memory.
  package let moments: Moments

  /// Allocates zeroed parameters.
  package init(_ layout: ParameterLayout) throws(InputError) {
    weights = try AlignedBuffer(count: layout.count, purpose: "weights")
    moments = try Moments(layout)
  }

  /// Copies all values of another set of the same layout.
  package func copy(weights: AlignedBuffer<Float>, moments: Moments) {
    precondition(weights.count == self.weights.count, "the layouts differ")
    self.weights.base.update(from: weights.base, count: weights.count)
    self.moments.first.base.update(from: moments.first.base, count: weights.count)
    self.moments.second.base.update(from: moments.second.base, count: weights.count)
  }
}

extension ParameterLayout {
  /// A hash of the bits of every weight, tensor by tensor in the layout's order.
  package func bitsHash(of weights: AlignedBuffer<Float>) -> String {
    var hash = ContentHash()
    for tensor in tensors {
      for index in tensor.offset..<(tensor.offset + tensor.count) { hash.combine(weights.base[index]) }
    }
    return hash.hexadecimal
  }
}
