import HeadwayTrace

/// Whether every run of another program did the same work, as the profile's `same_work` says how to tell.
struct WorkChecks {
  private let rule: WorkCheck?
  private let cells: [String: PlannedCell]
  private let records: [RunRecord]
  private let labels: [String: String]

  /// `records` are the runs that count, in the order in which they are named.
  init(_ plan: SweepPlan, _ records: [RunRecord], labels: [String: String]) {
    rule = plan.program?.sameWork
    cells = Dictionary(plan.cells.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.records = records
    self.labels = labels
  }

  /// The check; `nil` where the profile has none, and where nothing was measured.
  var check: SweepCheck? {
    guard let rule, !records.isEmpty else { return nil }
    let groups = Dictionary(grouping: records) { record in
      cells[record.arm]?.settings.filter { rule.per.contains($0.axis) } ?? []
    }
    var failing: [RunRecord] = []
    var others = ""
    for group in groups.values {
      let right = Self.reference(group.compactMap(\.work), rule)
      if let right, groups.count == 1 { others = "; the others say \(right)" }
      failing += group.filter { record in
        guard let right, let work = record.work else { return true }
        return !rule.accepts(work, right)
      }
    }
    failing.sort { ($0.block, $0.position) < ($1.block, $1.position) }
    let scope = rule.per.isEmpty ? "every run" : "all runs that share \(rule.per.joined(separator: ", "))"
    let allowance = rule.tolerance > 0 ? " (to a relative \(rule.tolerance))" : ""
    return SweepCheck(
      claim: "The \(rule.name) is the same in \(scope)\(allowance)", passed: failing.isEmpty,
      detail: failing.isEmpty ? detail(groups) : "not so in \(names(failing))\(others)")
  }

  /// The value that is taken as right, only to have somebody to name: of texts the most frequent, the earliest of
  /// several; of numbers that may differ a little the median.
  private static func reference(_ values: [String], _ rule: WorkCheck) -> String? {
    if rule.tolerance > 0 {
      let numbers = values.compactMap { text in Double(text).map { (text: text, number: $0) } }
      return numbers.isEmpty ? values.first : numbers.sorted { $0.number < $1.number }[numbers.count / 2].text
    }
    let counts = Dictionary(grouping: values.indices) { values[$0] }
    return counts.max { ($0.value.count, $1.value[0]) < ($1.value.count, $0.value[0]) }?.key
  }

  private func detail(_ groups: [[AxisSetting]: [RunRecord]]) -> String {
    let count = records.count == 1 ? "1 run" : "\(records.count) runs"
    guard groups.count == 1, let value = records.first?.work else {
      return "\(count) in \(groups.count) groups"
    }
    return "\(count), \(value)"
  }

  private func names(_ records: [RunRecord]) -> String {
    let named = records.prefix(5).map { record in
      "\(labels[record.arm] ?? record.arm), block \(record.block + 1): \(record.work ?? "not known")"
    }.joined(separator: "; ")
    return records.count > 5 ? "\(named); and \(records.count - 5) more" : named
  }
}
