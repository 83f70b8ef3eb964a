/// The exact null distribution of Wilcoxon's signed-rank statistic: the sum of the ranks of the positive
/// differences, when each difference is positive or negative with equal chance.
///
/// Source: Wilcoxon, "Individual comparisons by ranking methods", 1945. The distribution is built by
/// dynamic programming over the ranks, not approximated.
public struct SignedRank: Equatable, Sendable {
  /// The number of differences.
  public let count: Int
  /// `cumulative[t]` = P(T ≤ t), for t from 0 to n(n+1)/2.
  private let cumulative: [Double]

  /// The distribution for `count` differences without ties. Complexity: O(n³) time, O(n²) memory.
  public init(count: Int) {
    precondition(count >= 0, "a sample cannot have a negative size")
    self.count = count
    cumulative = Self.cumulative(ofWeights: Array(0..<count).map { $0 + 1 })
  }

  /// P(T ≤ `statistic`).
  public func probability(atMost statistic: Int) -> Double {
    if statistic < 0 { return 0 }
    return cumulative[min(statistic, cumulative.count - 1)]
  }

  /// How many of the ordered Walsh averages lie outside an interval on each side, plus one: the interval
  /// runs from the k-th smallest to the k-th largest. `nil` when so few differences cannot carry the
  /// confidence: below 6 for 95 %, below 5 for 90 %.
  public func intervalRank(confidence: Double) -> Int? {
    let tail = (1 - confidence) / 2
    let accepted = cumulative.prefix { $0 <= tail + 1e-12 }.count
    return accepted == 0 ? nil : accepted
  }

  /// The two-sided p-value of "the differences are symmetric about zero".
  ///
  /// Zeros carry no sign and are dropped; tied absolute values share their mean rank, and the p-value is
  /// then exact for the ranks as they are. 1 when no difference is left.
  public static func twoSidedP(_ differences: [Double]) -> Double {
    let (above, below) = tails(differences)
    return min(1, 2 * min(above, below))
  }

  /// The one-sided p-value of "the differences are not centred above zero": small when they are.
  public static func oneSidedP(_ differences: [Double]) -> Double { tails(differences).above }

  /// P(T ≥ observed) and P(T ≤ observed).
  private static func tails(_ differences: [Double]) -> (above: Double, below: Double) {
    let signed = differences.filter { $0 != 0 }
    guard !signed.isEmpty else { return (1, 1) }
    // Mean ranks are multiples of one half: doubled, they are whole, and the same programme applies.
    let ranks = doubledMidranks(signed.map(\.magnitude))
    let observed = zip(signed, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let distribution = cumulative(ofWeights: ranks)
    // The distribution is symmetric, so both tails are sums of small numbers and lose no digits.
    return (distribution[distribution.count - 1 - observed], distribution[observed])
  }

  /// The distribution of the sum of a random subset of `weights`, each in or out with chance one half.
  private static func cumulative(ofWeights weights: [Int]) -> [Double] {
    var chance = [Double](repeating: 0, count: weights.reduce(1, +))
    chance[0] = 1
    var reach = 0
    for weight in weights {
      reach += weight
      for sum in stride(from: reach, through: 0, by: -1) {
        chance[sum] = 0.5 * (chance[sum] + (sum >= weight ? chance[sum - weight] : 0))
      }
    }
    var total = 0.0
    return chance.map {
      total += $0; return min(total, 1)
    }
  }

  private static func doubledMidranks(_ values: [Double]) -> [Int] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Int](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = start + 1 + end }
      start = end
    }
    return ranks
  }
}
