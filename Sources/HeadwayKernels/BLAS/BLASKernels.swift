/// OpenBLAS for the dense products, the code of ``SIMDKernels`` for everything else.
///
/// OpenBLAS is held to the calling thread; it decides the order of its additions by shape, so a row's bits may
/// change with the number of rows, never with the thread.
public enum BLASKernels: VectorKernels {
  /// `blas`.
  public static let name = "blas"

  /// The product of OpenBLAS.
  package typealias Product = BLASProduct
}
