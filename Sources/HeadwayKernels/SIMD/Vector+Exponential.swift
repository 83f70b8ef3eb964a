import CHeadwayVectors

extension SIMD8 where Scalar == Float {
  /// eˣ in each lane, within 2 units in the last place for −87.3 ≤ x ≤ 87.
  ///
  /// Below, 0; above, e⁸⁷ (no caller needs more: softmax arguments are ≤ 0 and a logistic function is 0 or 1
  /// by then); NaN stays NaN.
  /// x = n·ln 2 + r with |r| ≤ ½ ln 2, ln 2 in two parts so that r is exact, eʳ by a polynomial of degree 6,
  /// 2ⁿ through the exponent bits. Coefficients: Moshier, Cephes `expf` (1992).
  @inline(__always)
  package var exponential: SIMD8<Float> {
    let upper = Vector(repeating: 87)
    let lower = Vector(repeating: -87.3)
    let x = above(upper, become: upper)
    // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
    let rounder = Vector(repeating: 12_582_912)
    let shifted = rounder.plus(x, times: Vector(repeating: 1.442_695_04))
    let n = shifted - rounder
    let r = x.plus(n, times: Vector(repeating: -0.693_359_375))
      .plus(n, times: Vector(repeating: 2.121_944_4e-4))
    var p = Vector(repeating: 1.987_569_15e-4)
    p = Vector(repeating: 1.398_199_95e-3).plus(p, times: r)
    p = Vector(repeating: 8.333_451_9e-3).plus(p, times: r)
    p = Vector(repeating: 4.166_579_6e-2).plus(p, times: r)
    p = Vector(repeating: 1.666_666_55e-1).plus(p, times: r)
    p = Vector(repeating: 5.000_000_1e-1).plus(p, times: r)
    let mantissa = (r + 1).plus(p, times: r * r)
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)
    let power = unsafeBitCast((bits &+ SIMD8<UInt32>(repeating: 127)) &<< 23, to: Vector.self)
    return headway_where_less(x, lower, .zero, mantissa * power)
  }
}
