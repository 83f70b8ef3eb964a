import HeadwayTrace

/// A table of a run's summary. Intervals are in nanoseconds, memory in bytes, the loss in nats per token.
public enum RunTable: String, CaseIterable, Sendable {
  /// A row a thread: its times by category and what it completed.
  case threads
  /// A row a thread and state.
  case states
  /// A row a barrier and thread.
  case barriers
  /// A row a waiting site that is no barrier, and thread.
  case waits
  /// A row a step, with its loss.
  case steps
  /// A row a sample of the memory.
  case memory

  /// The table of a run.
  public func text(_ summary: RunSummary) -> [UInt8] {
    switch self {
    case .threads: Self.threads(summary)
    case .states: Self.states(summary)
    case .barriers: Self.barriers(summary)
    case .waits: Self.waits(summary)
    case .steps: Self.steps(summary)
    case .memory: Self.memory(summary)
    }
  }

  private static func threads(_ summary: RunSummary) -> [UInt8] {
    let categories = StateCategory.allCases
    var table = CSVText(
      columns: [
        "thread", "role", "wall_ns", "cpu_ns", "run_delay_ns", "voluntary_switches", "involuntary_switches",
        "tasks", "tokens",
      ] + categories.map { $0.rawValue + "_ns" })
    for thread in summary.threads {
      table.add(
        [
          .init(thread.name), .init(thread.role.rawValue), .init(thread.wallNs), .init(thread.cpuNs),
          .init(thread.runDelayNs), .init(thread.voluntarySwitches), .init(thread.involuntarySwitches),
          .init(thread.tasks), .init(thread.tokens),
        ] + categories.map { .init(thread.time($0)) })
    }
    return table.bytes
  }

  private static func states(_ summary: RunSummary) -> [UInt8] {
    var table = CSVText(
      columns: ["thread", "role", "state", "category", "wall_ns", "cpu_ns", "entries"])
    for thread in summary.threads {
      for (name, state) in thread.states.sorted(by: { $0.key < $1.key }) {
        table.add([
          .init(thread.name), .init(thread.role.rawValue), .init(name), .init(state.category.rawValue),
          .init(state.wallNs), .init(state.cpuNs), .init(state.count),
        ])
      }
    }
    return table.bytes
  }

  /// The columns from `site_wait_ns` on are of the site, the same in each of its rows.
  private static func barriers(_ summary: RunSummary) -> [UInt8] {
    var table = CSVText(columns: [
      "site", "thread", "wait_ns", "wakeup_ns", "last_arrivals", "episodes", "site_wait_ns",
      "site_imbalance_ns", "site_wakeup_ns", "spread_p50_ns", "spread_p90_ns", "spread_p99_ns",
      "spread_longest_ns",
    ])
    for site in summary.barriers {
      let names = Set(site.threadWaitNs.keys).union(site.lastArrivals.keys).union(site.threadWakeupNs.keys)
      for name in names.sorted() {
        table.add([
          .init(site.site), .init(name), .init(site.threadWaitNs[name]), .init(site.threadWakeupNs[name]),
          .init(site.lastArrivals[name] ?? 0), .init(site.episodes), .init(site.waitNs),
          .init(site.imbalanceNs), .init(site.wakeupNs), .init(site.spreadNs?.p50),
          .init(site.spreadNs?.p90), .init(site.spreadNs?.p99), .init(site.spreadNs?.longest),
        ])
      }
    }
    return table.bytes
  }

  /// The columns from `site_waits` on are of the site, the same in each of its rows.
  private static func waits(_ summary: RunSummary) -> [UInt8] {
    var table = CSVText(columns: [
      "site", "kind", "thread", "wait_ns", "site_waits", "site_wait_ns", "duration_p50_ns", "duration_p90_ns",
      "duration_p99_ns", "duration_longest_ns",
    ])
    for site in summary.waits {
      for (name, wait) in site.threadWaitNs.sorted(by: { $0.key < $1.key }) {
        table.add([
          .init(site.site), .init(site.kind.rawValue), .init(name), .init(wait), .init(site.waits),
          .init(site.waitNs), .init(site.durationNs?.p50), .init(site.durationNs?.p90),
          .init(site.durationNs?.p99), .init(site.durationNs?.longest),
        ])
      }
    }
    return table.bytes
  }

  private static func steps(_ summary: RunSummary) -> [UInt8] {
    func byStep(_ points: [LossPoint]?) -> [Int: Float] {
      (points ?? []).reduce(into: [:]) { $0[$1.step] = $1.value }
    }
    let train = byStep(summary.loss?.train)
    let validation = byStep(summary.loss?.validation)
    var table = CSVText(
      columns: ["step", "duration_ns", "is_warmup", "train_loss", "validation_loss"])
    for (index, duration) in summary.throughput.stepsNs.enumerated() {
      let step = index + 1
      table.add([
        .init(step), .init(duration), .init(index < summary.throughput.warmupSteps ? 1 : 0),
        .init(train[step]), .init(validation[step]),
      ])
    }
    return table.bytes
  }

  private static func memory(_ summary: RunSummary) -> [UInt8] {
    var table = CSVText(columns: [
      "time_ns", "rss_bytes", "anonymous_bytes", "heap_bytes", "pss_bytes", "swap_bytes", "minor_faults",
      "major_faults",
    ])
    for sample in summary.memory.samples?.series ?? [] {
      table.add([
        .init(sample.timeNs), .init(sample.rssBytes), .init(sample.anonymousBytes), .init(sample.heapBytes),
        .init(sample.pssBytes), .init(sample.swapBytes), .init(sample.minorFaults), .init(sample.majorFaults),
      ])
    }
    return table.bytes
  }
}
