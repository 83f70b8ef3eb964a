extension VectorKernels {
  /// logits = h · wteᵀ.
  public static func headForward(
    _ logits: UnsafeMutablePointer<Float>, h: UnsafePointer<Float>, wte: UnsafePointer<Float>,
    rows n: Int, channels c: Int, vocabulary v: Int
  ) {
    Product.multiply(
      logits, stride: v, a: .rows(h, stride: c), b: .transposed(wte, stride: c), rows: n, columns: v,
      depth: c, addend: nil)
  }

  /// Inverts `logits = h · wteᵀ`: dh = dlogits · wte; dwte += dlogitsᵀ · h.
  public static func headBackward(
    dh: UnsafeMutablePointer<Float>, dwte: UnsafeMutablePointer<Float>,
    dlogits: UnsafePointer<Float>, h: UnsafePointer<Float>, wte: UnsafePointer<Float>,
    rows n: Int, channels c: Int, vocabulary v: Int
  ) {
    Product.multiply(
      dh, stride: c, a: .rows(dlogits, stride: v), b: .rows(wte, stride: c), rows: n, columns: c, depth: v,
      addend: nil)
    Product.multiply(
      dwte, stride: c, a: .transposed(dlogits, stride: v), b: .rows(h, stride: c), rows: v, columns: c,
      depth: n, addend: Addend(dwte, rowStride: c))
  }
}
