extension ReferenceKernels {
  /// logits (N, V) = h (N, C) · wteᵀ.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func headForward(
    _ logits: UnsafeMutablePointer<Scalar>, h: UnsafePointer<Scalar>, wte: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int, vocabulary v: Int
  ) {
    for row in 0..<n {
      for token in 0..<v {
        var sum: Scalar = 0
        for i in 0..<c { sum += h[row * c + i] * wte[token * c + i] }
        logits[row * v + token] = sum
      }
    }
  }

  /// Inverts `logits[row, token] = Σᵢ h[row, i] · wte[token, i]`:
  /// dh[row, i] = Σ_token dlogits[row, token] · wte[token, i];
  /// dwte[token, i] += dlogits[row, token] · h[row, i].
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func headBackward(
    dh: UnsafeMutablePointer<Scalar>, dwte: UnsafeMutablePointer<Scalar>,
    dlogits: UnsafePointer<Scalar>, h: UnsafePointer<Scalar>, wte: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int, vocabulary v: Int
  ) {
    for row in 0..<n {
      let out = dh + row * c
      for i in 0..<c { out[i] = 0 }
      for token in 0..<v {
        let slope = dlogits[row * v + token]
        for i in 0..<c {
          out[i] += slope * wte[token * c + i]
          dwte[token * c + i] += slope * h[row * c + i]
        }
      }
    }
  }
}
