import HeadwayTrace

extension LossAgreement {
  /// How far the losses of all runs agree with those of the first one, over the steps that both have. The final
  /// weights are not asked: they follow from the same arithmetic.
  ///
  /// - Parameter runs: The runs of both sides.
  init(of runs: [ComparedRun], tolerance: Double) {
    let curves = runs.compactMap(\.summary.loss?.train).filter { !$0.isEmpty }
    guard curves.count == runs.count, let first = curves.first, curves.count > 1 else {
      self.init(level: .unknown, steps: 0, largestDifference: nil, tolerance: tolerance)
      return
    }
    let expected = Dictionary(first.map { ($0.step, $0.value) }, uniquingKeysWith: { first, _ in first })
    var steps = Int.max
    var largest = 0.0
    var isBitwise = true
    for curve in curves.dropFirst() {
      let common = curve.compactMap { point in expected[point.step].map { (own: $0, other: point.value) } }
      steps = min(steps, common.count)
      for (own, other) in common where own.bitPattern != other.bitPattern {
        isBitwise = false
        let scale = max(own.magnitude, other.magnitude)
        // No number on one side only, or on both in different bits, is as far apart as can be.
        let difference = own.isFinite && other.isFinite ? Double((own - other).magnitude / scale) : .infinity
        largest = max(largest, difference)
      }
    }
    guard steps > 0 else {
      self.init(level: .unknown, steps: 0, largestDifference: nil, tolerance: tolerance)
      return
    }
    self.init(
      level: isBitwise ? .bitwise : largest <= tolerance ? .withinTolerance : .apart, steps: steps,
      largestDifference: largest, tolerance: tolerance)
  }
}
