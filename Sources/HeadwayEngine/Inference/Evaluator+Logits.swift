import HeadwayKernels
import HeadwayTrace

extension Evaluator {
  /// What the model expects after each token of a text: the logits, for comparing with other programs.
  ///
  /// The text is read in windows of the model's context T, one after the other, each by itself; the last may
  /// be shorter.
  ///
  /// - Parameters:
  ///   - tokens: Ids below V.
  ///   - windows: The most windows to read, from the start; `nil` reads all.
  /// - Returns: V logits for each token of the windows read.
  /// - Throws: ``InputError`` when the kernels cannot run here or memory cannot be had.
  public func logits(of tokens: [UInt16], windows: Int? = nil) throws(InputError) -> [[Float]] {
    var configuration = RunConfiguration()
    configuration.kernels = kernels
    try configuration.requireInstructions()
    let read = tokens.prefix(
      windows.map { $0.multipliedReportingOverflow(by: checkpoint.shape.positions) }
        .map { $0.overflow ? Int.max : $0.partialValue } ?? Int.max)
    switch kernels {
    case .reference: return try logits(ReferenceKernels<Float>.self, read)
    case .simd: return try logits(SIMDKernels.self, read)
    case .blas: return try logits(BLASKernels.self, read)
    }
  }

  private func logits<K: KernelSet>(
    _: K.Type, _ tokens: ArraySlice<UInt16>
  ) throws(InputError) -> [[Float]] where K.Scalar == Float {
    let shape = checkpoint.shape
    let model = Model<K>(shape)
    let arena = try Activations<Float>(shape, sequences: 1, length: shape.positions, gradients: false)
    var rows: [[Float]] = []
    var start = tokens.startIndex
    while start < tokens.endIndex {
      let window = tokens[start...].prefix(shape.positions).map { Int32($0) }
      model.forward(
        window, sequences: 1, length: window.count, weights: checkpoint.weights.base, activations: arena)
      for row in 0..<window.count {
        // In bounds: the arena's logits are (T, V) and the window has at most T tokens.
        rows.append(
          Array(
            UnsafeBufferPointer(start: arena.logits + row * shape.vocabulary, count: shape.vocabulary)))
      }
      start += window.count
    }
    return rows
  }
}
