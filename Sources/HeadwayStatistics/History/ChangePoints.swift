/// Where a series changes its distribution: hierarchical divisive estimation with the energy distance.
///
/// The split of a stretch of n + m values that maximises
///
///     Q = nm/(n + m) · ( 2 mean|x − y| − mean|x − x′| − mean|y − y′| )
///
/// is kept when permutations of the values inside the stretches seldom give a larger Q; then the parts are
/// split in turn. Nothing is assumed of the distribution, and a single outlier is no change.
///
/// Source: Matteson and James, "A nonparametric approach for multiple change point analysis of multivariate
/// data", 2014 (E-divisive, with exponent 1 and stretches that end where the series or the next one does).
public struct ChangePoints: Equatable, Sendable {
  /// One change.
  public struct Change: Equatable, Sendable {
    /// The first value after the change.
    public let index: Int
    /// The chance that permuted values give as clear a split.
    public let pValue: Double
  }

  /// The changes in the order of the series.
  public let changes: [Change]

  /// Fewest values on either side of a change.
  public static let fewestValues = 3

  /// Searches a series.
  ///
  /// - Parameters:
  ///   - level: A split must be rarer than this under permutation.
  ///   - permutations: How often the values are permuted for each split.
  ///   - seed: The same seed gives the same answer.
  /// - Complexity: O(changes · permutations · n²).
  public init(
    _ series: [Double], level: Double = 0.01, permutations: Int = 199, seed: UInt64 = 1
  ) {
    var generator = SplitMix64(seed: seed)
    var changes: [Change] = []
    var stretches = [0..<series.count]
    while let split = Self.best(stretches.map { ($0, Array(series[$0])) }) {
      var asClear = 1
      for _ in 0..<permutations {
        let shuffled = stretches.map { stretch in
          (stretch, generator.permutation(stretch.count).map { series[stretch.lowerBound + $0] })
        }
        if let other = Self.best(shuffled), other.clarity >= split.clarity { asClear += 1 }
        // More permutations cannot make the split rare again.
        if Double(asClear) / Double(permutations + 1) > level { break }
      }
      let pValue = Double(asClear) / Double(permutations + 1)
      guard pValue <= level, let place = stretches.firstIndex(where: { $0.contains(split.index) }) else {
        break
      }
      let stretch = stretches[place]
      stretches.replaceSubrange(
        place...place, with: [stretch.lowerBound..<split.index, split.index..<stretch.upperBound])
      changes.append(Change(index: split.index, pValue: pValue))
    }
    self.changes = changes.sorted { $0.index < $1.index }
  }

  /// The clearest split of any stretch; `nil` when all are too short or constant.
  private static func best(_ stretches: [(Range<Int>, [Double])]) -> (index: Int, clarity: Double)? {
    var best: (index: Int, clarity: Double)?
    for (range, values) in stretches {
      guard let split = clearest(values), split.clarity > best?.clarity ?? 0 else { continue }
      best = (range.lowerBound + split.index, split.clarity)
    }
    return best
  }

  /// The clearest split of one stretch, moving one value at a time from the right side to the left.
  private static func clearest(_ values: [Double]) -> (index: Int, clarity: Double)? {
    let count = values.count
    guard count >= 2 * fewestValues else { return nil }
    // Σ|differences| of pairs inside the left side, inside the right side, and across.
    var left = 0.0
    var right = 0.0
    var across = 0.0
    for i in 0..<count { for j in 0..<i { right += (values[i] - values[j]).magnitude } }
    var best: (index: Int, clarity: Double)?
    for split in 1...(count - fewestValues) {
      let moved = values[split - 1]
      var toLeft = 0.0
      var toRight = 0.0
      for other in values[..<(split - 1)] { toLeft += (moved - other).magnitude }
      for other in values[split...] { toRight += (moved - other).magnitude }
      left += toLeft
      right -= toRight
      across += toRight - toLeft
      guard split >= fewestValues else { continue }
      let n = Double(split)
      let m = Double(count - split)
      let distance = 2 * across / (n * m) - 2 * left / (n * (n - 1)) - 2 * right / (m * (m - 1))
      let clarity = n * m / (n + m) * distance
      if clarity > best?.clarity ?? 0 { best = (split, clarity) }
    }
    return best
  }
}
