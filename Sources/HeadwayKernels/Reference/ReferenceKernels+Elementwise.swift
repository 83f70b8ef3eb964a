extension ReferenceKernels {
  /// y += x.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func add(
    _ y: UnsafeMutablePointer<Scalar>, _ x: UnsafePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { y[i] += x[i] }
  }

  /// Σ x², added up in `Double` from the first element to the last.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func sumOfSquares(_ x: UnsafePointer<Scalar>, count: Int) -> Double {
    var sum = 0.0
    for i in 0..<count {
      let value = Double(x[i])
      sum += value * value
    }
    return sum
  }
}
