extension CounterReadings {
  /// The sum over threads; `nil` without any.
  ///
  /// A counter that some thread lacks has no total. Where all lack it for the same reason, that is the total's
  /// reason too. The share of a total is the smallest of its parts.
  public init?(totalOf threads: [CounterReadings]) {
    guard !threads.isEmpty else { return nil }
    self.init(openingNs: threads.reduce(.zero) { $0 + $1.openingNs })
    for kind in CounterKind.allCases {
      let key = kind.rawValue
      let values = threads.compactMap { $0.counts[key] }
      if values.count == threads.count {
        counts[key] = CounterValue(
          value: values.reduce(0) { $0 + $1.value }, countedShare: values.map(\.countedShare).min() ?? 1)
        continue
      }
      let reasons = Set(threads.compactMap { $0.absent[key] })
      if values.isEmpty, reasons.count == 1 {
        absent[key] = reasons.first
      } else {
        absent[key] = CounterAbsence(
          reason: .incomplete, detail: "\(threads.count - values.count) of \(threads.count) threads lack it")
      }
    }
  }

  /// What is missing from the readings of threads, a sentence for each reason.
  public static func warnings(of threads: [(name: String, readings: CounterReadings)]) -> [String] {
    var kinds: [CounterAbsence: [CounterKind: [String]]] = [:]
    for thread in threads {
      for kind in CounterKind.allCases {
        guard let absence = thread.readings.absent[kind.rawValue] else { continue }
        kinds[absence, default: [:]][kind, default: []].append(thread.name)
      }
    }
    let sorted = kinds.sorted {
      ($0.key.reason.rawValue, $0.key.detail) < ($1.key.reason.rawValue, $1.key.detail)
    }
    return sorted.map { absence, missing in
      let names = CounterKind.allCases.filter { missing[$0] != nil }.map(\.words).joined(separator: ", ")
      let lacking = Set(missing.values.flatMap(\.self)).count
      let scope = lacking == threads.count ? "" : " for \(lacking) of \(threads.count) threads"
      return "not counted\(scope): \(names): \(absence.detail)"
    }
  }
}
