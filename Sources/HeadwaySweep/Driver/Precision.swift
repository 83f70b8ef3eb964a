import Foundation
import HeadwayStatistics
import HeadwayTrace

/// Whether the intervals of a sweep have become as narrow as its profile asks (method 14): a rule about their width,
/// which no result can please or displease, and never about significance. A pure account of the runs that count.
package struct Precision {
  private let target: Double?
  private let baseline: String?
  private let cells: [String]
  private var values: [String: [Int: Double]] = [:]

  package init(plan: SweepPlan) {
    target = plan.blocks.halfWidth
    baseline = plan.baseline?.id
    cells = plan.cells.map(\.id)
  }

  /// Counts the runs of a block that is complete.
  package mutating func note(_ records: [RunRecord]) {
    guard target != nil else { return }
    for record in records where record.outcome == .completed {
      values[record.arm, default: [:]][record.block] = record.value
    }
  }

  /// Whether every interval is narrow enough: of each cell's ratio to the baseline, paired by block, or of the
  /// figure itself where there is one cell. A cell without any run in common with the baseline has no interval and
  /// does not hold the sweep up.
  package var isReached: Bool {
    guard let target, let widest = widestHalfWidth else { return false }
    return widest <= log1p(target)
  }

  /// The largest half-width of an interval, on the logarithm; `nil` before every cell that has runs has one.
  package var widestHalfWidth: Double? {
    let samples = cells.count == 1 ? cells.map { logs(of: $0) } : pairs
    let measured = samples.filter { !$0.isEmpty }
    let widths = measured.compactMap { sample in
      HodgesLehmann(sample)?.interval().map { ($0.upper - $0.lower) / 2 }
    }
    return widths.count == measured.count ? widths.max() : nil
  }

  private var pairs: [[Double]] {
    guard let baseline, let firsts = values[baseline] else { return [] }
    return cells.filter { $0 != baseline }.map { cell in
      (values[cell] ?? [:]).sorted { $0.key < $1.key }.compactMap { block, value in
        firsts[block].map { log(value / $0) }
      }
    }
  }

  private func logs(of cell: String) -> [Double] {
    (values[cell] ?? [:]).sorted { $0.key < $1.key }.map { log($0.value) }
  }
}
