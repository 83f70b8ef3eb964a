extension ReferenceKernels {
  /// Per row: p = softmax(logits) and loss = −log p(target) = log Σ exp(logit − largest) − (logit(target) −
  /// largest); inverted at once, dloss/dlogit(j) = p(j) − [j = target], times `scale`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func crossEntropyForwardBackward(
    logits: UnsafeMutablePointer<Scalar>, targets: UnsafePointer<Int32>, scale: Scalar,
    rows n: Int, vocabulary v: Int
  ) -> Double {
    var loss = 0.0
    for i in 0..<n {
      let row = logits + i * v
      let target = Int(targets[i])
      var largest = -Scalar.infinity
      for j in 0..<v { largest = max(largest, row[j]) }
      let targetLogit = row[target] - largest
      var total: Scalar = 0
      for j in 0..<v {
        row[j] = Scalar.exponential(row[j] - largest)
        total += row[j]
      }
      loss += Double(Scalar.naturalLogarithm(total) - targetLogit)
      for j in 0..<v {
        row[j] = (row[j] / total - (j == target ? 1 : 0)) * scale
      }
    }
    return loss
  }
}
