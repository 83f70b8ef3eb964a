import HeadwayTrace

extension ExplainedWindow {
  init(_ timeline: Timeline) {
    self.init(
      beginNs: timeline.begin.sinceOrigin, wallNs: timeline.wallNs, threadCount: timeline.threads.count,
      teamCount: timeline.team.count, firstStep: timeline.steps.map(\.index).min(),
      lastStep: timeline.steps.map(\.index).max(), steps: timeline.steps.count)
  }
}

extension Timeline {
  /// The times of every thread by category.
  var explainedThreads: [ExplainedThread] {
    threads.map { thread in
      var categories: [String: Nanoseconds] = [:]
      for category in StateCategory.allCases { categories[category.rawValue + "_ns"] = .zero }
      var useful = Nanoseconds.zero
      for interval in thread.intervals {
        let category = contexts[interval.context].definition.category
        categories[category.rawValue + "_ns", default: .zero] += interval.wallNs
        if category == .useful { useful += interval.onCpuNs }
      }
      return ExplainedThread(
        name: thread.name, role: thread.role, isTeam: thread.isTeam, usefulCpuNs: useful,
        categories: categories)
    }
  }

  /// The episodes that opened in the window, added up by site. A crossing that began before it counts whole.
  var barrierSummaries: [BarrierSummary] {
    var summaries: [Int: BarrierSummary] = [:]
    var spreads: [Int: DurationHistogram] = [:]
    for episode in episodes where episode.release > begin && episode.release <= end {
      var summary =
        summaries[episode.site]
        ?? BarrierSummary(
          site: sites[episode.site].name, episodes: 0, waitNs: .zero, imbalanceNs: .zero, wakeupNs: .zero,
          lastArrivals: [:], threadWaitNs: [:], threadWakeupNs: [:])
      summary.episodes += 1
      for crossing in episode.participants {
        let name = threads[crossing.thread].name
        let imbalance = max(episode.release - crossing.arrival, .zero)
        let wakeup = max(crossing.departure - episode.release, .zero)
        summary.imbalanceNs += imbalance
        summary.wakeupNs += wakeup
        summary.waitNs += imbalance + wakeup
        summary.threadWaitNs[name, default: .zero] += imbalance + wakeup
        summary.threadWakeupNs[name, default: .zero] += wakeup
      }
      if let last = episode.last {
        summary.lastArrivals[threads[episode.participants[last].thread].name, default: 0] += 1
      }
      if let first = episode.participants.map(\.arrival).min() {
        spreads[episode.site, default: DurationHistogram()].add(episode.release - first)
      }
      summaries[episode.site] = summary
    }
    return summaries.sorted { $0.key < $1.key }.map { site, summary in
      var summary = summary
      summary.spreadNs = spreads[site].flatMap { Distribution($0) }
      return summary
    }
  }
}

extension EfficiencyFactors {
  /// The factors of a timeline's team; `nil` where it did no useful work.
  init?(_ timeline: Timeline, losses: TeamLosses, reference: RunExplanation?) {
    let window = Double(timeline.wallNs.count)
    let useful = losses.useful.map { Double($0.count) }
    guard let known = ThreadEfficiencies(useful: useful, window: window) else { return nil }
    let ideal = IdealLength.length(of: timeline)
    let total = losses.useful.reduce(Nanoseconds.zero, +)
    let scaling = reference?.efficiencies.map { ratio(Double($0.usefulNs.count), Double(total.count)) }
    self.init(
      threads: useful.count, usefulNs: total, idealNs: ideal, loadBalance: known.loadBalance,
      communication: known.communication,
      serialisation: ratio(known.communication * window, Double(ideal.count)),
      transfer: ratio(Double(ideal.count), window), parallel: known.parallel, computationScaling: scaling,
      global: scaling.map { $0 * known.parallel })
  }
}

extension LossShare {
  /// The losses of a timeline's team, in the order of ``Part``.
  static func all(_ losses: TeamLosses, of timeline: Timeline) -> [LossShare] {
    let whole = Double(timeline.wallNs.count) * Double(losses.useful.count)
    return Part.allCases.map { part in
      let time =
        switch part {
        case .serialSection: losses.serial
        case .input: losses.input
        case .loadBalance: losses.loadBalance
        case .synchronisation: losses.synchronisation
        case .descheduled: losses.descheduled
        case .lifecycle: losses.lifecycle
        case .selfCost: losses.selfCost
        case .unknown: losses.unknown
        }
      return LossShare(part: part, timeNs: time, share: ratio(Double(time.count), whole))
    }
  }
}

extension StragglerEffects {
  init?(_ timeline: Timeline, rounds: [Round]) {
    guard let stragglers = Stragglers(timeline, rounds: rounds) else { return nil }
    self.init(
      idealNs: Nanoseconds(Int64(stragglers.ideal.rounded())), slowdown: stragglers.slowdown,
      threads: stragglers.threads.map {
        Effect(name: timeline.threads[$0.thread].name, slowdown: $0.slowdown)
      },
      contexts: stragglers.contexts.map {
        Effect(name: timeline.contexts[$0.context].name, slowdown: $0.slowdown)
      })
  }
}
