import HeadwayKernels

/// The decoder: token and position embeddings, L pre-norm blocks of causal attention and a 4× MLP with
/// tanh-GELU, a final norm, and a head tied to the token embedding (Radford et al. 2019).
///
/// The model owns no memory: weights and gradients are flat buffers in the order of ``layout``,
/// activations an arena of the calling thread. Calls are synchronous and allocate nothing.
///
///     model.forward(tokens, sequences: b, length: t, weights: w, activations: arena)
///     let nats = model.loss(targets: y, scale: 1 / Float(b * t), rows: b * t, activations: arena)
///     model.backward(tokens, sequences: b, length: t, weights: w, gradients: g, activations: arena)
package struct Model<K: KernelSet>: Sendable where K.Scalar: BitwiseCopyable {
  /// The element type of weights, gradients and activations.
  package typealias Scalar = K.Scalar

  /// Where each parameter lies.
  package let layout: ParameterLayout

  /// A model of a shape.
  package init(_ shape: ModelShape) { layout = ParameterLayout(shape) }

  /// Where a parameter starts in a flat buffer.
  @inline(__always)
  func at(_ tensor: Int, _ buffer: UnsafePointer<Scalar>) -> UnsafePointer<Scalar> {
    buffer + layout.tensors[tensor].offset
  }

  /// Where an optional parameter starts in a flat buffer.
  @inline(__always)
  func at(_ tensor: Int?, _ buffer: UnsafePointer<Scalar>) -> UnsafePointer<Scalar>? {
    tensor.map { buffer + layout.tensors[$0].offset }
  }

  /// Where a parameter's gradient starts in a flat buffer.
  @inline(__always)
  func at(_ tensor: Int, _ buffer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar> {
    buffer + layout.tensors[tensor].offset
  }

  /// Where an optional parameter's gradient starts in a flat buffer.
  @inline(__always)
  func at(_ tensor: Int?, _ buffer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar>? {
    tensor.map { buffer + layout.tensors[$0].offset }
  }

  /// Mean and gradient of the loss: replaces the logits (N, V) by the gradient of `scale` · Σ loss.
  ///
  /// - Parameters:
  ///   - targets: (N), the token that follows each token; in 0 ..< V.
  ///   - scale: The weight of one row, 1 over the tokens that the gradient is averaged over.
  /// - Returns: Σ over rows of −log p(target), in nats, unscaled.
  package func loss(
    targets: UnsafePointer<Int32>, scale: Scalar, rows: Int, activations: Activations<Scalar>
  ) -> Double {
    K.crossEntropyForwardBackward(
      logits: activations.logits, targets: targets, scale: scale, rows: rows,
      vocabulary: layout.shape.vocabulary)
  }
}
