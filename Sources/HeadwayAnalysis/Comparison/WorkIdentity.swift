import HeadwayTrace

/// What a run computed, apart from who computed it, when, with which kernels and how it was recorded: two runs with
/// the same facts did the same work, and only such runs are compared.
public struct WorkIdentity: Equatable, Sendable {
  /// The facts by name.
  public var facts: [String: String]

  /// Keys of a configuration that say how the work is done, not what it is.
  public static let arrangementKeys: [String] = [
    "threads", "scheduling", "prefetch", "kernels", "reduction", "grain", "optimizer", "topology", "barrier",
    "thread_lifetime", "loader", "batching", "probe", "trace_budget_bytes", "stack_sampling_hz",
    "stack_sampling_mode", "counters", "operations", "watchdog_seconds", "on_stall",
  ]
  /// Keys that may change the last bits of the result, because they add in another order.
  static let arithmeticKeys: Set<String> = ["kernels", "grain"]
  /// What `batching`, `batches_per_step` and `threads` decide together.
  static let stepBatches = "batches of a step"

  /// Names the work by its facts.
  public init(facts: [String: String]) { self.facts = facts }

  /// The work of a run. Of another engine it is what that says of its run, less its threads, with the tasks that were
  /// completed.
  public init(summary: RunSummary, corpusHash: String?) {
    facts = [:]
    facts["corpus"] = corpusHash
    if let configuration = summary.configuration {
      for key in RunConfiguration.keys where !Self.arrangementKeys.contains(key) && key != "batches_per_step"
      {
        facts[key] = configuration.value(of: key)
      }
      facts[Self.stepBatches] = String(configuration.stepBatches)
    } else {
      facts.merge(summary.program ?? [:]) { own, _ in own }
      facts["threads"] = nil
      facts["tasks completed"] = String(summary.threads.reduce(0) { $0 + $1.tasks })
    }
  }

  /// The facts that are not the same, by name. A corpus that one side does not name is not compared.
  public func differences(from other: WorkIdentity) -> [NamedDifference] {
    Set(facts.keys).union(other.facts.keys).sorted().compactMap { name in
      let (own, theirs) = (facts[name], other.facts[name])
      if own == theirs || name == "corpus" && (own == nil || theirs == nil) { return nil }
      return NamedDifference(name: name, base: own, candidate: theirs)
    }
  }

  /// The work in a line, for lists; ``facts`` tells works apart.
  public var words: String {
    func fact(_ name: String) -> String { facts[name] ?? "?" }
    guard facts["width"] != nil else {
      let known = facts.filter { $0.key != "corpus" }.sorted { $0.key < $1.key }
      return known.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    let corpus = facts["corpus"].map { ", corpus \($0.prefix(6))" } ?? ""
    return
      "V \(fact("vocabulary_size")), d \(fact("width")), \(fact("layers")) layers, \(fact("steps")) steps of "
      + "\(fact(Self.stepBatches)) × \(fact("batch_size")) × \(fact("sequence_length"))\(corpus)"
  }

  /// How a run arranged its work, in a line: the threads, the scheduling, and whatever is not the default.
  public static func arrangement(of summary: RunSummary) -> String {
    guard let configuration = summary.configuration else {
      return summary.program?["threads"].map { "threads \($0)" } ?? "as its engine does"
    }
    let usual = RunConfiguration()
    let others = arrangementKeys.dropFirst(2).compactMap { key -> String? in
      guard let value = configuration.value(of: key), value != usual.value(of: key) else { return nil }
      return "\(key.replacing("_", with: " ")) \(value.replacing("_", with: " "))"
    }
    let threads = configuration.threads == 1 ? "1 thread" : "\(configuration.threads) threads"
    return ([threads, configuration.scheduling.rawValue] + others).joined(separator: ", ")
  }

  /// The keys of the arrangement that are not the same in two runs.
  static func changes(from base: RunSummary, to candidate: RunSummary) -> [NamedDifference] {
    guard let base = base.configuration, let candidate = candidate.configuration else {
      let (old, new) = (base.program?["threads"], candidate.program?["threads"])
      return old == new ? [] : [NamedDifference(name: "threads", base: old, candidate: new)]
    }
    return arrangementKeys.compactMap { key in
      let (old, new) = (base.value(of: key), candidate.value(of: key))
      return old == new ? nil : NamedDifference(name: key, base: old, candidate: new)
    }
  }
}
