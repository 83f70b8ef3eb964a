import HeadwayStatistics
import HeadwayTrace

extension WallTimeDifference {
  /// Splits the difference between runs that are paired by block; `nil` without a pair that has books.
  init?(pairs: [(base: ComparedRun, candidate: ComparedRun)]) {
    let parts = pairs.compactMap { pair -> (base: WallTimeParts, candidate: WallTimeParts)? in
      guard let base = WallTimeParts(pair.base), let candidate = WallTimeParts(pair.candidate) else {
        return nil
      }
      return (base, candidate)
    }
    guard let base = WallTimeParts(meansOf: parts.map(\.base)),
      let candidate = WallTimeParts(meansOf: parts.map(\.candidate))
    else { return nil }
    let changes = parts.map { WallTimeChange(from: $0.base, to: $0.candidate) }
    self.init(WallTimeChange(meansOf: changes), base: base, candidate: candidate) { part in
      HodgesLehmann(changes.map(part))?.interval()
    }
  }

  /// Splits the difference between runs that nothing pairs; `nil` when a side has no run with books.
  init?(base: [ComparedRun], candidate: [ComparedRun]) {
    let (old, new) = (base.compactMap { WallTimeParts($0) }, candidate.compactMap { WallTimeParts($0) })
    guard let before = WallTimeParts(meansOf: old), let after = WallTimeParts(meansOf: new) else {
      return nil
    }
    let first = old.map { WallTimeChange(alone: $0, scaledTo: after.amount) }
    let second = new.map { WallTimeChange(alone: $0, scaledTo: nil) }
    self.init(WallTimeChange(from: before, to: after), base: before, candidate: after) { part in
      HodgesLehmannShift(first: first.map(part), second: second.map(part))?.interval()
    }
  }

  /// Rounds the parts to nanoseconds so that they still add up: each is the step that the rounded running sum makes.
  private init(
    _ change: WallTimeChange, base: WallTimeParts, candidate: WallTimeParts,
    interval: ((WallTimeChange) -> Double) -> Interval?
  ) {
    let (before, after) = (Self.rounded(base.wall), Self.rounded(candidate.wall))
    var sum = 0.0
    var done = Nanoseconds.zero
    func part(_ name: String, isLast: Bool = false, _ value: @escaping (WallTimeChange) -> Double)
      -> DifferencePart
    {
      sum += value(change)
      // The last one takes what sums of floating-point numbers may leave.
      let end = isLast ? after - before : Self.rounded(sum)
      defer { done = end }
      let ends = interval(value)
      return DifferencePart(
        name: name, ns: end - done, lowerNs: ends.map { Self.rounded($0.lower) },
        upperNs: ends.map { Self.rounded($0.upper) })
    }
    let work = part("work") { $0.work }
    let categories = StateCategory.allCases.map { category in
      part(category.rawValue, isLast: category == StateCategory.allCases.last) {
        $0.categories[category] ?? 0
      }
    }
    let useful = categories.first { $0.name == StateCategory.useful.rawValue }?.ns ?? .zero
    let amount = Self.rounded(change.usefulAmount)
    self.init(
      baseNs: before, candidateNs: after, differenceNs: after - before, baseThreads: Int(base.threads),
      candidateThreads: Int(candidate.threads), work: work, categories: categories, usefulAmountNs: amount,
      usefulSharingNs: useful - amount)
  }

  private static func rounded(_ value: Double) -> Nanoseconds {
    Nanoseconds(value.isFinite && value.magnitude < 9e18 ? Int64(value.rounded()) : 0)
  }
}
