/// The definition of every operator: plain loops in the order in which the formula is written.
///
/// Works on `Float`, where the other sets are checked against it, and on `Double`, where its gradients are
/// checked against central differences. Slow by design: nothing is blocked, vectorised or reordered.
///
/// Every function carries `@_specialize` for `Float` and `Double`: a caller in another module then runs
/// concrete arithmetic instead of going through the witness table for each addition.
public enum ReferenceKernels<Scalar: KernelScalar>: KernelSet {
  /// `reference`.
  public static var name: String { "reference" }

  /// The ε of the layer norm.
  static var layerNormEpsilon: Scalar { 1e-5 }
}
