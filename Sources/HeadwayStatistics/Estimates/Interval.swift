/// A confidence interval with the coverage that it really has, which for an exact interval of few
/// samples is more than was asked for.
public struct Interval: Equatable, Sendable {
  /// The lower end.
  public var lower: Double
  /// The upper end.
  public var upper: Double
  /// The chance that such an interval holds the true value.
  public var coverage: Double

  /// Assembles an interval.
  public init(lower: Double, upper: Double, coverage: Double) {
    self.lower = lower
    self.upper = upper
    self.coverage = coverage
  }

  /// The interval with both ends passed through an increasing function: `exp` for a ratio from its log.
  public func mapped(_ transform: (Double) -> Double) -> Interval {
    Interval(lower: transform(lower), upper: transform(upper), coverage: coverage)
  }
}
