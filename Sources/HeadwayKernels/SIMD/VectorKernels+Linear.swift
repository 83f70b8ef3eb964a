extension VectorKernels {
  /// y = x · w + bias, the bias added as a tile of y leaves the registers.
  public static func linearForward(
    _ y: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, w: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, rows n: Int, inputs k: Int, outputs m: Int
  ) {
    Product.multiply(
      y, stride: m, a: .rows(x, stride: k), b: .rows(w, stride: m), rows: n, columns: m, depth: k,
      addend: bias.map { Addend($0, rowStride: 0) })
  }

  /// Inverts `y = x · w + bias`: dx = dy · wᵀ; dw += xᵀ · dy; dbias += Σ rows of dy.
  public static func linearBackward(
    dx: UnsafeMutablePointer<Float>?, dw: UnsafeMutablePointer<Float>,
    dbias: UnsafeMutablePointer<Float>?, dy: UnsafePointer<Float>, x: UnsafePointer<Float>,
    w: UnsafePointer<Float>, rows n: Int, inputs k: Int, outputs m: Int
  ) {
    if let dx {
      Product.multiply(
        dx, stride: k, a: .rows(dy, stride: m), b: .transposed(w, stride: m), rows: n, columns: k, depth: m,
        addend: nil)
    }
    Product.multiply(
      dw, stride: m, a: .transposed(x, stride: k), b: .rows(dy, stride: m), rows: k, columns: m, depth: n,
      addend: Addend(dw, rowStride: m))
    if let dbias { addColumnSums(dbias, dy, rows: n, columns: m) }
  }

  /// sums (M) += Σ rows of x (N, M): 32 columns at a time, so that the sums stay in registers.
  private static func addColumnSums(
    _ sums: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, rows n: Int, columns m: Int
  ) {
    var column = 0
    while column &+ 32 <= m {
      var sum0 = Vector.zero
      var sum1 = Vector.zero
      var sum2 = Vector.zero
      var sum3 = Vector.zero
      var source = x + column
      for _ in 0..<n {
        sum0 += source.vector(at: 0)
        sum1 += source.vector(at: 8)
        sum2 += source.vector(at: 16)
        sum3 += source.vector(at: 24)
        source += m
      }
      let out = sums + column
      out.store(out.vector(at: 0) + sum0, at: 0)
      out.store(out.vector(at: 8) + sum1, at: 8)
      out.store(out.vector(at: 16) + sum2, at: 16)
      out.store(out.vector(at: 24) + sum3, at: 24)
      column &+= 32
    }
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      var sum = Vector.zero
      for row in 0..<n { sum += x.vector(at: row &* m &+ column &+ offset, lanes: lanes) }
      let out = sums + column
      out.store(out.vector(at: offset, lanes: lanes) + sum, at: offset, lanes: lanes)
    }
    Lanes.walk(m &- column, visit)
  }
}
