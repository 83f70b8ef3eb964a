import Foundation

/// The element types that ``ReferenceKernels`` works on: `Float` and `Double`.
///
/// The standard library's `BinaryFloatingPoint` has no transcendental functions; these are the three that
/// the model needs. Each is the C library's, at the type's own precision.
public protocol KernelScalar: BinaryFloatingPoint, Sendable {
  /// eˣ.
  static func exponential(_ x: Self) -> Self

  /// tanh x.
  static func hyperbolicTangent(_ x: Self) -> Self

  /// ln x.
  static func naturalLogarithm(_ x: Self) -> Self
}

extension Float: KernelScalar {
  /// eˣ by `expf`.
  public static func exponential(_ x: Float) -> Float { exp(x) }

  /// tanh x by `tanhf`.
  public static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }

  /// ln x by `logf`.
  public static func naturalLogarithm(_ x: Float) -> Float { log(x) }
}

extension Double: KernelScalar {
  /// eˣ by `exp`.
  public static func exponential(_ x: Double) -> Double { exp(x) }

  /// tanh x by `tanh`.
  public static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

  /// ln x by `log`.
  public static func naturalLogarithm(_ x: Double) -> Double { log(x) }
}
