/// Where a run's warm-up ends: a test on the durations of its steps, not a fixed count (method 14).
///
/// The second half of the series is the reference. Two things are cut from the front:
/// 1. windows of max(5, n/20) steps that the Mann–Whitney rank test tells apart from the reference at the
///    1 % level, up to the first window that it does not;
/// 2. then single steps outside the reference's outer fences, [Q₁ − 3·IQR, Q₃ + 3·IQR], up to the first
///    step inside: the one slow first step that no rank test of a window can see.
///
/// Ranks make a lone spike, however large, count as one step. A series that is already stationary loses a
/// window at most once in a hundred runs. Never more than half is cut; a series that has not settled by
/// then is cut at half and reported as not settled. Fewer than 8 steps are left alone: they cannot be
/// tested. The fences are Tukey's (1977); the truncation in windows follows MSER-5 (White, 1997), with
/// ranks in the place of means.
public struct Stationarity: Equatable, Sendable {
  /// Steps at the front that belong to the warm-up.
  public let warmupLength: Int
  /// Whether the series had settled at its half; `false` also below 8 steps, where nothing can be told.
  public let isSettled: Bool

  /// Tests the durations of a run's steps, in order, in any one unit. Complexity: O(n log n).
  public init(durations: [Double]) {
    let half = durations.count / 2
    guard durations.count >= 8 else {
      warmupLength = 0
      isSettled = false
      return
    }
    let reference = durations[half...].sorted()
    let length = Self.rankedWarmup(durations, half: half, reference: reference)
    guard length < half, let first = Quantiles.quantile(0.25, ofSorted: reference),
      let third = Quantiles.quantile(0.75, ofSorted: reference)
    else {
      warmupLength = half
      isSettled = false
      return
    }
    let fence = 3 * (third - first)
    let settled = durations[length..<half].firstIndex { $0 >= first - fence && $0 <= third + fence }
    warmupLength = settled ?? half
    isSettled = settled != nil
  }

  /// The number of warm-up steps at the front of a series of step durations.
  public static func warmupLength(of durations: [Double]) -> Int {
    Stationarity(durations: durations).warmupLength
  }

  /// Steps in the leading windows that the rank test tells apart from the reference.
  private static func rankedWarmup(_ durations: [Double], half: Int, reference: [Double]) -> Int {
    let window = max(5, durations.count / 20)
    var length = 0
    while length + window <= half {
      let score = rankScore(of: durations[length..<length + window], against: reference)
      if score.magnitude <= 2.575_829 { return length }
      length += window
    }
    return length == 0 || length + window <= half ? length : half
  }

  /// The Mann–Whitney statistic as a normal score, ties counted half, corrected for continuity and ties.
  private static func rankScore(of window: ArraySlice<Double>, against sorted: [Double]) -> Double {
    let all = (sorted + window).sorted()
    var ties = 0.0
    var start = 0
    while start < all.count {
      var end = start + 1
      while end < all.count && all[end] == all[start] { end += 1 }
      let run = Double(end - start)
      ties += run * run * run - run
      start = end
    }
    let statistic = window.reduce(0.0) { $0 + place(of: $1, in: sorted) }
    let (mine, theirs) = (Double(window.count), Double(sorted.count))
    let total = mine + theirs
    let variance = mine * theirs / 12 * (total + 1 - ties / (total * (total - 1)))
    guard variance > 0 else { return 0 }
    let excess = statistic - mine * theirs / 2
    return (excess - (excess > 0 ? 0.5 : -0.5)) / variance.squareRoot()
  }

  /// How many of `sorted` lie below `value`, equals counted half. Complexity: O(log n).
  private static func place(of value: Double, in sorted: [Double]) -> Double {
    func boundary(_ isBefore: (Double) -> Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if isBefore(sorted[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return 0.5 * Double(boundary { $0 < value } + boundary { $0 <= value })
  }
}
