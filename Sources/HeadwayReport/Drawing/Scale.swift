import Foundation

extension Double {
  /// The binary logarithm, of 1 for what is below.
  var logarithm: Double { log2(max(self, 1)) }
}

/// A straight map from values to coordinates.
struct Scale: Equatable {
  let domain: ClosedRange<Double>
  let start: Double
  let end: Double

  /// The coordinate of a value; not a number for an empty domain.
  func callAsFunction(_ value: Double) -> Double {
    start + (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound) * (end - start)
  }
}

/// Round values for the marks of an axis.
enum Ticks {
  /// About `count` steps of 1, 2, 2.5 or 5 times a power of ten from zero to at least `maximum`.
  static func values(upTo maximum: Double, count: Int = 5) -> [Double] {
    guard maximum > 0, maximum.isFinite else { return [0, 1] }
    let rough = maximum / Double(max(count, 1))
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999_999 } ?? 10) * power
    let steps = Int((maximum / step).rounded(.up))
    return (0...max(steps, 1)).map { Double($0) * step }
  }

  /// Round values within a range that need not begin at zero.
  static func values(in range: ClosedRange<Double>, count: Int = 5) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    let steps = values(upTo: span, count: count)
    let step = steps[1] - steps[0]
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [range.lowerBound] }
    return (Int(first)...Int(last)).map { Double($0) * step }
  }
}
