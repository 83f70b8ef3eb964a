/// Everything in Swift SIMD types: AVX2 and FMA on x86-64.
///
/// Bitwise deterministic across threads and pointer alignments. An output row of a forward operator depends on
/// its input row alone, not on how many rows are computed with it.
public enum SIMDKernels: VectorKernels {
  /// `simd`.
  public static let name = "simd"

  /// The product in Swift.
  package typealias Product = SIMDProduct
}
