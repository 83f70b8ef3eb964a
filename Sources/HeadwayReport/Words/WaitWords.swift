import HeadwayTrace

/// Who was late at a barrier, in words.
enum WaitWords {
  /// The thread that was last most often, with its share: `worker-1, 93 %`.
  static func last(_ site: BarrierSummary) -> String {
    let total = site.lastArrivals.values.reduce(0, +)
    let top = site.lastArrivals.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }
    guard let top, total > 0 else { return Numerals.absent }
    return "\(top.key), \(Numerals.share(Double(top.value) / Double(total)))"
  }

  /// The median, the 90th and the 99th percentile and the longest of a set of intervals.
  static func percentiles(_ distribution: Distribution?) -> [String] {
    guard let distribution else { return Array(repeating: Numerals.absent, count: 4) }
    return [distribution.p50, distribution.p90, distribution.p99, distribution.longest].map {
      Numerals.duration($0)
    }
  }
}

/// Losses in words.
enum LossWords {
  /// A loss to three decimals; a dash when training diverged to no number.
  static func value(_ loss: Float) -> String { Numerals.fixed(Double(loss), 3) }

  /// From where to where it went; `nil` without a step.
  static func curve(_ loss: LossCurve) -> String? {
    guard let first = loss.train.first, let last = loss.train.last else { return nil }
    return
      "\(value(first.value)) at step \(first.step), \(value(last.value)) at step \(last.step), nats per token"
      + validation(loss)
  }

  /// The last validation loss, or nothing.
  static func validation(_ loss: LossCurve) -> String {
    loss.validation.last.map { "; validation \(value($0.value)) after step \($0.step)" } ?? ""
  }
}
