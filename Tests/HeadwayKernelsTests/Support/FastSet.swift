import HeadwayKernels
import Testing

/// The sets that are checked against the reference.
enum FastSet: String, CaseIterable, CustomTestStringConvertible {
  case simd, blas

  var kernels: any FloatKernels.Type {
    switch self {
    case .simd: SIMDKernels.self
    case .blas: BLASKernels.self
    }
  }

  var testDescription: String { rawValue }
}

/// A kernel set on `Float`, so that a test can hold one as a value.
protocol FloatKernels: KernelSet where Scalar == Float {}

extension SIMDKernels: FloatKernels {}
extension BLASKernels: FloatKernels {}

/// The definition that fast results are compared with: double precision on the same inputs, so that the
/// difference is the fast set's own rounding.
typealias Exact = ReferenceKernels<Double>

/// The unit round-off of `Float`.
let roundOff = 0x1p-24

/// The same numbers in double precision.
func exact(_ values: [Float]) -> [Double] { values.map(Double.init) }

/// Checks |actual − expected| ≤ tolerance · max(1, |expected|) for every element.
func expectClose(
  _ actual: [Float], _ expected: [Double], within tolerance: Double, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  for (index, (left, right)) in zip(actual, expected).enumerated() {
    let difference = abs(Double(left) - right)
    // Written so that a NaN fails.
    guard difference <= tolerance * max(1, abs(right)) else {
      Issue.record(
        "\(name)[\(index)] is \(left), expected \(right) within \(tolerance)", sourceLocation: sourceLocation)
      return
    }
  }
}
