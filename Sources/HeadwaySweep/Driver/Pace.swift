import HeadwayTrace

/// How long a sweep takes: which blocks the budget allows, and when the sweep will probably end. A pure
/// account of what has been run so far.
package struct Pace {
  let arms: [String]
  let limits: BlockLimits
  let budgetSeconds: Double?
  /// Runs that ended.
  package private(set) var runsDone = 0
  /// Blocks that are complete.
  package var blocksDone = 0
  /// Blocks measured twice.
  package var reruns = 0
  /// Runs tried again.
  package var extras = 0
  private var seconds: [String: (total: Double, count: Int)] = [:]

  package init(plan: SweepPlan) {
    arms = plan.arms.map(\.id)
    limits = plan.blocks
    budgetSeconds = plan.budgetSeconds
  }

  /// Counts a run that ended.
  package mutating func note(_ record: RunRecord) {
    runsDone += 1
    let before = seconds[record.arm] ?? (0, 0)
    seconds[record.arm] = (before.total + record.wallNs.seconds, before.count + 1)
  }

  /// Whether a block is begun: always up to the minimum, then while it would end within the budget.
  package func begins(block: Int, elapsed: Double) -> Bool {
    if block < limits.minimum { return true }
    guard block < limits.maximum else { return false }
    guard let budgetSeconds, let blockSeconds else { return true }
    return elapsed + blockSeconds <= budgetSeconds
  }

  /// Whether the budget allows measuring a block again and still holds what must follow.
  package func affordsRerun(of block: Int, blockSeconds: Double, elapsed: Double) -> Bool {
    guard let budgetSeconds else { return true }
    let mandatory = Double(max(0, limits.minimum - block - 1))
    return elapsed + blockSeconds * (1 + mandatory) <= budgetSeconds
  }

  /// The runs that there will be, as far as is known.
  package func total(elapsed: Double) -> Int { (expectedBlocks(elapsed) + reruns) * arms.count + extras }

  /// Until the sweep will probably end; `nil` before the first run has ended.
  package func remainingSeconds(elapsed: Double) -> Double? {
    guard let blockSeconds else { return nil }
    let runSeconds = blockSeconds / Double(arms.count)
    return Double(max(0, total(elapsed: elapsed) - runsDone)) * runSeconds
  }

  private func expectedBlocks(_ elapsed: Double) -> Int {
    guard let budgetSeconds else { return limits.maximum }
    guard let blockSeconds, blockSeconds > 0 else { return limits.minimum }
    let affordable = Double(blocksDone) + max(0, budgetSeconds - elapsed) / blockSeconds
    return max(limits.minimum, min(limits.maximum, Int(min(affordable, 1e6))))
  }

  /// A block's expected duration: every arm at its own mean, or at the mean of all where it has none.
  private var blockSeconds: Double? {
    let count = seconds.values.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let overall = seconds.values.reduce(0) { $0 + $1.total } / Double(count)
    return arms.reduce(0) { sum, arm in sum + (seconds[arm].map { $0.total / Double($0.count) } ?? overall) }
  }
}
