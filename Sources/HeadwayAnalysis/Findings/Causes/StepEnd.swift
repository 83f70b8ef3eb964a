import HeadwayTrace

/// How the workers' time at the end of a step divides, as shares of their time.
struct StepEnd {
  /// Waits for a later worker.
  let imbalance: Double
  /// The part of it that the number of tasks forces: K tasks on n workers take ⌈K/n⌉ rounds.
  let forced: Double
  /// The state that the waits are booked in.
  let state: String
  /// The barrier in question; of another engine, the one at which its workers waited longest for each other.
  let site: String
  /// Whether the workers' CPU times between barriers say the same: then no wait for a CPU is among it.
  let isByCPUTime: Bool

  /// Reads a run with more than one worker.
  init?(_ view: RunView) {
    guard view.workers.count > 1 else { return nil }
    guard let configuration = view.run.configuration else {
      let shares = view.run.barriers.map { ($0.site, Self.imbalance(of: $0, in: view)) }
      guard let worst = shares.max(by: { $0.1 < $1.1 }) else { return nil }
      site = worst.0
      state = "barrier." + worst.0
      imbalance = worst.1
      forced = 0
      isByCPUTime = view.patterns != nil
      return
    }
    isByCPUTime = false
    let queue = configuration.scheduling == .queue
    site = StateName.stepEndSite
    state = queue ? StateName.queueEmpty : StateName.workEnd
    imbalance = queue ? Self.queueTail(view) : Self.imbalance(at: StateName.stepEndSite, in: view)
    let tasks = Double(configuration.tasksPerStep)
    let count = Double(view.workers.count)
    let rounds = (tasks / count).rounded(.up)
    let phase = view.mainShare {
      StateName.isWait($0, of: queue ? StateName.stepDone : StateName.workEnd)
    }
    forced = rounds > 0 ? min((1 - tasks / (count * rounds)) * phase, imbalance) : 0
  }

  /// The workers' share of a barrier's states that is not wake-up.
  private static func imbalance(at name: String, in view: RunView) -> Double {
    let booked = view.workerShare { StateName.isWait($0, of: "barrier." + name) }
    guard let site = view.run.barriers.first(where: { $0.site == name }) else { return 0 }
    let waited = view.total(site.threadWaitNs, of: view.workers)
    return booked * ratio(waited - view.total(site.threadWakeupNs, of: view.workers), waited)
  }

  /// What the workers of another engine waited for a worker: where its main thread was last they waited for
  /// that. No more than what their CPU times between barriers differ by, where the trace tells these.
  private static func imbalance(of site: BarrierSummary, in view: RunView) -> Double {
    let members = Set(view.workers.map(\.name))
    let last = site.lastArrivals.reduce(0) { $0 + (members.contains($1.key) ? $1.value : 0) }
    let all = site.lastArrivals.values.reduce(0, +)
    let waited = imbalance(at: site.site, in: view) * ratio(Double(last), Double(all))
    guard let patterns = view.patterns else { return waited }
    return min(waited, patterns.share(patterns.imbalanceNs[site.site] ?? .zero))
  }

  /// The workers' wait at the empty queue beyond the time in which the main thread was not waiting for
  /// them: a lower bound of what they waited for each other.
  private static func queueTail(_ view: RunView) -> Double {
    let idle = view.workerShare { StateName.isWait($0, of: StateName.queueEmpty) }
    let latch = view.mainShare { StateName.isWait($0, of: StateName.stepDone) }
    return max(idle - (1 - latch), 0)
  }
}

extension RunConfiguration {
  /// Tasks of one step.
  package var tasksPerStep: Int { stepBatches * (grain == .sequence ? batchSize : 1) }
}
