import Foundation
import HeadwayTrace

extension PastErrors {
  /// The share of outcomes that intervals are to hold.
  public static let level = 0.8

  /// What the outcomes of earlier ledgers, one for each sweep, say of later intervals; `nil` without an outcome.
  ///
  /// Each outcome's distance from its prediction is divided by the half-width that its interval had before it was
  /// widened. The widening is the ⌈(n + 1) · 0.8⌉-th smallest of the n quotients, the largest where there are too few,
  /// and never below 1: errors widen, and luck does not narrow. Source: the quantile of split conformal prediction, J.
  /// Lei and others, "Distribution-free predictive inference for regression", 2018.
  public init?(of ledgers: [LedgerSummary]) {
    let outcomes = ledgers.map { ledger in ledger.rows.compactMap(Self.quotient) }.filter { !$0.isEmpty }
    let sorted = outcomes.flatMap(\.self).sorted()
    guard let largest = sorted.last else { return nil }
    let place = Int((Double(sorted.count + 1) * Self.level).rounded(.up))
    let quotient = place <= sorted.count ? sorted[place - 1] : largest
    self.init(outcomes: sorted.count, sweeps: outcomes.count, widening: max(quotient, 1))
  }

  /// How many half-widths a prediction was off, on the logarithm.
  private static func quotient(_ row: LedgerRow) -> Double? {
    guard let half = row.ownHalfWidth, half > 0, let outcome = row.tokensPerSecond,
      let measured = outcome.measured?.value, measured > 0, measured.isFinite, outcome.predicted.value > 0
    else { return nil }
    return log(measured / outcome.predicted.value).magnitude / log1p(half)
  }

  /// What widens an interval of this half-width by the factor, among terms that add up as squares; `nil` where nothing
  /// does.
  func term(widening half: Double) -> UncertaintyTerm? {
    guard widening > 1 else { return nil }
    return UncertaintyTerm(
      source: .ledger,
      reason: "\(outcomes) earlier predictions on this machine were further off than their intervals said",
      share: half * (widening * widening - 1).squareRoot())
  }
}
