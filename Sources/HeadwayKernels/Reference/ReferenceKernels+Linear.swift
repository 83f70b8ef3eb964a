extension ReferenceKernels {
  /// y (N, M) = x (N, K) · w (K, M) + bias (M).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func linearForward(
    _ y: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, w: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, rows n: Int, inputs k: Int, outputs m: Int
  ) {
    for row in 0..<n {
      let out = y + row * m
      for j in 0..<m { out[j] = bias?[j] ?? 0 }
      for i in 0..<k {
        let value = x[row * k + i]
        let weights = w + i * m
        for j in 0..<m { out[j] += value * weights[j] }
      }
    }
  }

  /// Inverts, line by line, `out[j] = bias[j]` and `out[j] += x[row, i] * w[i, j]`:
  /// dbias[j] += dy[row, j]; dx[row, i] = Σⱼ dy[row, j] · w[i, j]; dw[i, j] += dy[row, j] · x[row, i].
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func linearBackward(
    dx: UnsafeMutablePointer<Scalar>?, dw: UnsafeMutablePointer<Scalar>,
    dbias: UnsafeMutablePointer<Scalar>?, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>,
    w: UnsafePointer<Scalar>, rows n: Int, inputs k: Int, outputs m: Int
  ) {
    for row in 0..<n {
      let slope = dy + row * m
      if let dbias {
        for j in 0..<m { dbias[j] += slope[j] }
      }
      for i in 0..<k {
        let value = x[row * k + i]
        let weights = w + i * m
        let weightSlopes = dw + i * m
        for j in 0..<m { weightSlopes[j] += slope[j] * value }
        guard let dx else { continue }
        var sum: Scalar = 0
        for j in 0..<m { sum += slope[j] * weights[j] }
        dx[row * k + i] = sum
      }
    }
  }
}
