extension ReferenceKernels {
  /// √(2/π).
  static var geluSlope: Scalar { 0.797884560802865355879892119868763737 }

  /// The cubic coefficient of the tanh approximation.
  static var geluCubic: Scalar { 0.044715 }

  /// y = ½x(1 + tanh(u)) with u = √(2/π)(x + 0.044715x³).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func geluForward(
    _ y: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, count: Int
  ) {
    for i in 0..<count {
      let value = x[i]
      let u = geluSlope * (value + geluCubic * value * value * value)
      y[i] = value / 2 * (1 + Scalar.hyperbolicTangent(u))
    }
  }

  /// Inverts `y = ½x(1 + tanh(u))`: dy/dx = ½(1 + tanh u) + ½x(1 − tanh² u) · u′ with
  /// u′ = √(2/π)(1 + 3 · 0.044715x²).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func geluBackward(
    dx: UnsafeMutablePointer<Scalar>, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>, count: Int
  ) {
    for i in 0..<count {
      let value = x[i]
      let tangent = Scalar.hyperbolicTangent(geluSlope * (value + geluCubic * value * value * value))
      let inner = geluSlope * (1 + 3 * geluCubic * value * value)
      dx[i] = dy[i] * ((1 + tangent) / 2 + value / 2 * (1 - tangent * tangent) * inner)
    }
  }
}
