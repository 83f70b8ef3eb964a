import Foundation
import HeadwayTrace

/// What is checked over all runs of a sweep before anybody compares them: that they did the same work,
/// came to the same result, and that their books close.
struct SweepChecks {
  /// Keys that cannot change a single bit of the result: who computes, when and how it is recorded. The
  /// order of additions does not depend on them. `kernels` and `grain` are not among them.
  static let neutralKeys: Set<String> = [
    "threads", "thread_lifetime", "prefetch", "scheduling", "reduction", "optimizer", "topology", "barrier",
    "loader", "probe", "trace_budget_bytes", "stack_sampling_hz", "stack_sampling_mode",
    "counters", "operations",
  ]
  /// Keys that say nothing by themselves: together with the threads they decide ``stepBatches``.
  private static let batchKeys: Set<String> = ["batching", "batches_per_step"]
  private static let stepBatches = "batches of a step"

  /// A run of Headway's own training with what it measured.
  private struct Run {
    let record: RunRecord
    let summary: RunSummary
  }

  private let runs: [Run]
  private let work: WorkChecks
  private let labels: [String: String]

  init(_ sweep: RecordedSweep) {
    let sorted = sweep.runs.sorted {
      ($0.record.block, $0.record.position) < ($1.record.block, $1.record.position)
    }
    runs = sorted.compactMap { run in run.summary.map { Run(record: run.record, summary: $0) } }
    labels = Dictionary(sweep.plan.arms.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    work = WorkChecks(sweep.plan, sorted.map(\.record), labels: labels)
  }

  /// Every check that the runs allow; none when there is no run.
  var all: [SweepCheck] {
    if runs.isEmpty { return [work.check].compactMap(\.self) }
    return [
      sameWork, sameBits("loss curve", are: "is", \.loss?.trainBitsHash),
      sameBits("final weights", are: "are", \.loss?.weightBitsHash), closedBooks, littleUnknown, nothingLost,
    ].compactMap { $0 }
  }

  private var sameWork: SweepCheck? {
    func work(_ configuration: RunConfiguration) -> [Int] {
      [configuration.steps, configuration.tokensPerStep]
    }
    let isUniform = Set(runs.map { $0.summary.configuration.map(work) }).count == 1
    let failing = runs.filter { run in
      guard let asked = run.summary.configuration else { return true }
      return run.summary.throughput.steps != asked.steps
        || run.summary.throughput.tokens != asked.steps * asked.tokensPerStep
    }
    let first = isUniform ? runs[0].summary.configuration : nil
    let each = first.map { ", each \($0.steps) steps and \($0.steps * $0.tokensPerStep) tokens" } ?? ""
    return SweepCheck(
      claim: isUniform
        ? "Every run did the same number of steps and tokens"
        : "Every run did the steps and tokens that its configuration asks for",
      passed: failing.isEmpty,
      detail: failing.isEmpty ? "\(count(runs))\(each)" : "not so in \(names(failing))")
  }

  /// Whether runs whose configurations cannot differ in their arithmetic agree in every bit. `nil` when no
  /// two runs can be compared.
  private func sameBits(_ what: String, are: String, _ hash: (RunSummary) -> String?) -> SweepCheck? {
    let groups = Dictionary(grouping: runs) { Self.arithmetic(of: $0.summary.configuration) }
    guard groups.values.contains(where: { $0.count > 1 }) else { return nil }
    let apart = Self.keysThatDiffer(Array(groups.keys))
    var failing: [Run] = []
    for group in groups.values {
      let byHash = Dictionary(grouping: group) { hash($0.summary) }
      // The larger part is taken as right only to have somebody to name; ties go to the earliest run.
      let right = byHash.values.max { left, right in
        (left.count, right[0].record.block) < (right.count, left[0].record.block)
      }
      let rightHash = right.map { hash($0[0].summary) }
      failing += group.filter { hash($0.summary) != rightHash }
    }
    let scope =
      apart.isEmpty ? "every run of every cell" : "all runs that share \(apart.joined(separator: ", "))"
    let grouping =
      apart.isEmpty
      ? "" : " in \(groups.count) groups, because \(apart.joined(separator: ", ")) may change bits"
    return SweepCheck(
      claim: "The \(what) \(are) bitwise the same in \(scope)", passed: failing.isEmpty,
      detail: failing.isEmpty
        ? "\(count(runs))\(grouping)"
        : "\(failing.count) of \(count(runs)) \(failing.count == 1 ? "differs" : "differ"): \(names(failing))"
    )
  }

  private var closedBooks: SweepCheck? {
    bounded("The books of every run close within 1 %", "largest error", \.closureError)
  }

  private var littleUnknown: SweepCheck? {
    bounded("At most 1 % of the thread-time of any run is unknown", "largest share", \.unknownShare)
  }

  /// Whether a figure of the books stays within 1 % in every run; `nil` when no run has books.
  private func bounded(_ claim: String, _ what: String, _ figure: (Books) -> Double) -> SweepCheck? {
    let figures = runs.compactMap { run in run.summary.books.map { (run: run, value: figure($0)) } }
    guard let worst = figures.max(by: { $0.value.magnitude < $1.value.magnitude }) else { return nil }
    // Written so that a figure that is no number fails.
    let failing = figures.filter { !($0.value.magnitude <= 0.01) }.map(\.run)
    let share = String(format: "%.3f %%", worst.value.magnitude * 100)
    let detail = "\(what) \(share) (\(name(worst.run))), over \(count(figures.map(\.run))) with books"
    return SweepCheck(
      claim: claim, passed: failing.isEmpty,
      detail: failing.isEmpty ? detail : "\(detail); above it: \(names(failing))")
  }

  private var nothingLost: SweepCheck? {
    let failing = runs.filter { $0.summary.losses.eventsDropped > 0 || $0.summary.losses.readingsFailed > 0 }
    let events = failing.reduce(0) { $0 + $1.summary.losses.eventsDropped }
    let readings = failing.reduce(0) { $0 + $1.summary.losses.readingsFailed }
    return SweepCheck(
      claim: "Nothing that was to be recorded was lost", passed: failing.isEmpty,
      detail: failing.isEmpty
        ? count(runs) : "\(events) events and \(readings) readings were lost in \(names(failing))")
  }

  /// A configuration with everything set aside that cannot change a bit of the result.
  private static func arithmetic(of configuration: RunConfiguration?) -> [String: String] {
    guard let configuration else { return [:] }
    var values: [String: String] = [:]
    for key in RunConfiguration.keys where !neutralKeys.contains(key) && !batchKeys.contains(key) {
      values[key] = configuration.value(of: key)
    }
    values[stepBatches] = String(configuration.stepBatches)
    return values
  }

  private static func keysThatDiffer(_ groups: [[String: String]]) -> [String] {
    (RunConfiguration.keys + [stepBatches]).filter { key in Set(groups.map { $0[key] }).count > 1 }
  }

  private func count(_ runs: [Run]) -> String { runs.count == 1 ? "1 run" : "\(runs.count) runs" }

  private func name(_ run: Run) -> String {
    "\(labels[run.record.arm] ?? run.record.arm), block \(run.record.block + 1)"
  }

  private func names(_ runs: [Run]) -> String {
    let named = runs.prefix(5).map(name).joined(separator: "; ")
    return runs.count > 5 ? "\(named); and \(runs.count - 5) more" : named
  }
}
