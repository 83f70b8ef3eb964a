import HeadwayStatistics
import HeadwayTrace

extension Symptom {
  /// What the runs of one cell show of a cause together: medians with exact 95 % intervals over the runs,
  /// in the words of the run nearest to the median. Present when most of the runs show it.
  package static func combined(_ symptoms: [Symptom], runs: Int) -> Symptom? {
    guard let median = Quantiles.median(of: symptoms.map(\.saving)), symptoms.count * 2 > runs,
      var result = symptoms.min(by: { ($0.saving - median).magnitude < ($1.saving - median).magnitude })
    else { return nil }
    result.saving = median
    result.interval = interval(symptoms.map(\.saving))
    result.isPresent = symptoms.count(where: \.isPresent) * 2 > runs
    result.needsNoSaving = symptoms.count(where: \.needsNoSaving) * 2 > runs
    result.measures = result.measures.map { measure in
      let values = symptoms.compactMap { symptom in symptom.measures.first { $0.key == measure.key }?.value }
      var measure = measure
      measure.value = Quantiles.median(of: values) ?? measure.value
      measure.interval = interval(values)
      return measure
    }
    return result
  }

  /// The exact interval of the centre; absent with fewer than six runs.
  private static func interval(_ values: [Double]) -> SavingInterval? {
    HodgesLehmann(values)?.interval(confidence: 0.95).map { SavingInterval(lower: $0.lower, upper: $0.upper) }
  }
}
