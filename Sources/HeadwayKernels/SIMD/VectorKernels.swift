/// The vectorised operators over a matrix product of the set's choice: all that `simd` and `blas` share.
///
/// Only the dense product is reached through the protocol; every loop is concrete code on `Float`, so that
/// nothing here needs specialising.
package protocol VectorKernels: KernelSet where Scalar == Float {
  /// How this set multiplies matrices.
  associatedtype Product: MatrixProduct
}

extension VectorKernels {
  /// The packed blocks, which attention uses whatever the dense product is, and what the product needs.
  public static func reserve(threads: Int) {
    PackingBuffer.reserve(threads)
    Product.prepare()
  }

  /// The packed blocks of all threads.
  public static var workingMemory: WorkingMemory {
    WorkingMemory(addresses: PackingBuffer.addresses, byteCount: PackingBuffer.byteCount)
  }
}
