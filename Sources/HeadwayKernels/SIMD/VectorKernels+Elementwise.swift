extension VectorKernels {
  /// y += x.
  public static func add(_ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, count: Int) {
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      let sum = y.vector(at: offset, lanes: lanes) + x.vector(at: offset, lanes: lanes)
      y.store(sum, at: offset, lanes: lanes)
    }
    Lanes.walk(count, visit)
  }

  /// Σ x² in `Double`, in which the square of a `Float` is exact: eight partial sums, one per lane.
  public static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var sums = SIMD8<Double>.zero
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      let wide = SIMD8<Double>(x.vector(at: offset, lanes: lanes))
      sums += wide * wide
    }
    Lanes.walk(count, visit)
    let four = sums.lowHalf + sums.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
