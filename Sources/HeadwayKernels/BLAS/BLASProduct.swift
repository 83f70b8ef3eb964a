import COpenBLAS

/// OpenBLAS's `cblas_sgemm`, held to the calling thread.
package enum BLASProduct: MatrixProduct {
  /// Runs once, before the first product: OpenBLAS would otherwise start a thread per core of its own, and the
  /// measured engine's threads would no longer be all there are. Swift makes the initialiser of a static run
  /// once, whichever threads race for it.
  private static let heldToOneThread: Void = openblas_set_num_threads(1)

  /// Holds OpenBLAS to the calling thread before the first product does.
  package static func prepare() { _ = heldToOneThread }

  /// See ``MatrixProduct/multiply(_:stride:a:b:rows:columns:depth:addend:)``.
  package static func multiply(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, rows m: Int, columns n: Int,
    depth k: Int, addend: Addend?
  ) {
    guard m > 0 && n > 0 else { return }
    _ = heldToOneThread
    if let addend, addend.base != UnsafePointer(c) || addend.rowStride != stride {
      for row in 0..<m {
        (c + row * stride).update(from: addend.base + row * addend.rowStride, count: n)
      }
    }
    let (leftOrder, leftStride) = storage(of: a, columns: k)
    let (rightOrder, rightStride) = storage(of: b, columns: n)
    cblas_sgemm(
      CblasRowMajor, leftOrder, rightOrder, Int32(m), Int32(n), Int32(k), 1, a.base, leftStride, b.base,
      rightStride, addend == nil ? 0 : 1, c, Int32(stride))
  }

  /// How OpenBLAS is to read an operand of `columns` columns: as it lies, or transposed.
  private static func storage(of operand: Operand, columns: Int) -> (CBLAS_TRANSPOSE, Int32) {
    // A vector has both strides 1: it lies in rows only if a row fits into its stride.
    operand.columnStride == 1 && operand.rowStride >= columns
      ? (CblasNoTrans, Int32(operand.rowStride)) : (CblasTrans, Int32(operand.columnStride))
  }
}
