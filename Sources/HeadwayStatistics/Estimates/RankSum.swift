/// The exact null distribution of the Mann–Whitney statistic U: the number of pairs (x, y) with x > y,
/// when all orders of the two samples are equally likely. No ties.
///
/// Source: Mann, Whitney, 1947.
public struct RankSum: Equatable, Sendable {
  private let cumulative: [Double]

  /// The distribution for two samples of the given sizes. Complexity: O(m · m · n).
  public init(_ first: Int, _ second: Int) {
    precondition(first >= 0 && second >= 0, "a sample cannot have a negative size")
    // chance[k][u]: of the orders of k values from the first sample among those of the second, the
    // share with U = u, built one value of the second sample after the other.
    let top = first * second
    var chance = [[Double]](repeating: [Double](repeating: 0, count: top + 1), count: first + 1)
    for taken in 0...first { chance[taken][0] = 1 }
    for others in stride(from: 1, through: second, by: 1) {
      for taken in stride(from: 1, through: first, by: 1) {
        // The largest of all values is from the first sample with chance taken/(taken + others), and
        // then beats all `others`; otherwise it beats nobody and the rest decides.
        let share = Double(taken) / Double(taken + others)
        for statistic in stride(from: taken * others, through: 0, by: -1) {
          let beats = statistic >= others ? chance[taken - 1][statistic - others] : 0
          chance[taken][statistic] = share * beats + (1 - share) * chance[taken][statistic]
        }
      }
    }
    var total = 0.0
    cumulative = chance[first].map {
      total += $0; return min(total, 1)
    }
  }

  /// P(U ≤ `statistic`).
  public func probability(atMost statistic: Int) -> Double {
    statistic < 0 ? 0 : cumulative[min(statistic, cumulative.count - 1)]
  }

  /// As ``SignedRank/intervalRank(confidence:)``, over the ordered pairwise differences.
  public func intervalRank(confidence: Double) -> Int? {
    let tail = (1 - confidence) / 2
    let accepted = cumulative.prefix { $0 <= tail + 1e-12 }.count
    return accepted == 0 ? nil : accepted
  }
}
