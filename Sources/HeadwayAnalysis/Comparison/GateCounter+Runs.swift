import HeadwayTrace

extension GateCounter {
  /// The counters that a gate holds a program to: each the same in every run of a program, whatever the weather.
  private static let counters: [(name: String, count: @Sendable (RunSummary) -> Int?)] = [
    ("step_allocations", { $0.memory.stepAllocations?.calls }),
    // Without books nobody counted the rest; a sum over nothing would be a zero that was never measured.
    ("barrier_episodes", { run in run.books.map { _ in run.barriers.reduce(0) { $0 + $1.episodes } } }),
    ("threads", { run in run.books.map { _ in run.threads.count { $0.role != .sampler } } }),
    // Each task is put into the queue once and taken out once.
    ("tasks", { run in run.books.map { _ in run.threads.reduce(0) { $0 + $1.tasks } } }),
  ]

  /// The counters of a cell's runs.
  static func all(of cell: GateLook.Cell) -> [GateCounter] {
    counters.map { name, count in
      let base = cell.base.map { count($0.summary) }
      let candidate = cell.candidate.map { count($0.summary) }
      let (old, new) = (base.compactMap(\.self), candidate.compactMap(\.self))
      return GateCounter(
        cell: cell.label, name: name, base: old.min(), candidate: new.min(),
        state: state(old, new, isWhole: old.count == base.count && new.count == candidate.count))
    }
  }

  private static func state(_ base: [Int], _ candidate: [Int], isWhole: Bool) -> State {
    guard isWhole, let old = base.first, let new = candidate.first else { return .absent }
    guard base.allSatisfy({ $0 == old }), candidate.allSatisfy({ $0 == new }) else { return .varies }
    return new == old ? .equal : new > old ? .worse : .better
  }
}
