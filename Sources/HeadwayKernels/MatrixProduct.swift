/// A way to multiply single-precision matrices on the calling thread.
package protocol MatrixProduct {
  /// C (m, n) = A (m, k) · B (k, n) + addend; C's rows lie `stride` apart.
  ///
  /// The addend may be C itself (accumulation) or a repeated row (bias). A and B do not overlap C.
  static func multiply(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, rows m: Int, columns n: Int,
    depth k: Int, addend: Addend?)

  /// Does what the first product would have to do.
  static func prepare()
}

extension MatrixProduct {
  /// Nothing.
  package static func prepare() {}
}
