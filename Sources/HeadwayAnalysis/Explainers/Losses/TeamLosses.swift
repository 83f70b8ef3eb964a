import HeadwayTrace

/// Where the team's time went that was no useful CPU time, in parts that do not overlap (method 2, additive form).
///
/// | part | what is in it |
/// |---|---|
/// | serial | waiting while none of the team worked but the main or a control thread did |
/// | input | waiting while nobody but a prefetch thread worked |
/// | load balance | for each round and thread, min(most useful time of the round − its own, its other waiting) |
/// | synchronisation | the rest of its waiting: openings, wake-ups, queues |
/// | self | the tool's own states, and waiting while the main thread was in one and nobody worked |
/// | descheduled | working without a CPU |
/// | lifecycle, unknown | those categories |
///
/// Invariant: with the useful CPU time they sum to threads · window.
struct TeamLosses {
  /// The useful CPU time of each team thread.
  private(set) var useful: [Nanoseconds] = []
  private(set) var serial = Nanoseconds.zero
  private(set) var input = Nanoseconds.zero
  private(set) var loadBalance = Nanoseconds.zero
  private(set) var synchronisation = Nanoseconds.zero
  private(set) var descheduled = Nanoseconds.zero
  private(set) var lifecycle = Nanoseconds.zero
  private(set) var selfCost = Nanoseconds.zero
  private(set) var unknown = Nanoseconds.zero

  private let timeline: Timeline
  private let lone: LoneWork

  init(_ timeline: Timeline, lone: LoneWork, rounds: [Round]) {
    self.timeline = timeline
    self.lone = lone
    for thread in timeline.team { add(timeline.threads[thread]) }
    for round in rounds { addImbalance(of: round) }
    synchronisation = synchronisation - loadBalance
  }

  private mutating func add(_ thread: TimelineThread) {
    var worked = Nanoseconds.zero
    for interval in thread.intervals {
      let wall = interval.wallNs
      switch timeline.contexts[interval.context].definition.category {
      case .useful:
        worked += interval.onCpuNs
        descheduled += wall - interval.onCpuNs
      case .spin, .blocked:
        let alone = lone.serial.overlap(interval.start, interval.end)
        let fed = lone.input.overlap(interval.start, interval.end)
        serial += alone
        input += fed
        let watched = lone.tool.overlap(interval.start, interval.end)
        selfCost += watched
        synchronisation += wall - alone - fed - watched
      case .runnable: descheduled += wall
      case .lifecycle: lifecycle += wall
      case .selfCost: selfCost += wall
      case .unknown: unknown += wall
      }
    }
    useful.append(worked)
  }

  private mutating func addImbalance(of round: Round) {
    let shares = round.parts.map { part -> (useful: Nanoseconds, waited: Nanoseconds) in
      var (useful, waited) = (Nanoseconds.zero, Nanoseconds.zero)
      timeline.threads[part.thread].forEachPiece(from: part.from, to: part.until) { interval, from, to in
        let context = timeline.contexts[interval.context]
        guard context.isUseful || context.isWaiting else { return }
        let alone = lone.serial.overlap(from, to)
        if context.isWaiting {
          waited += (to - from) - alone - lone.input.overlap(from, to) - lone.tool.overlap(from, to)
        } else if from < part.to {
          useful += (min(to, part.to) - from) - lone.serial.overlap(from, min(to, part.to))
        }
      }
      return (useful, waited)
    }
    guard let most = shares.map(\.useful).max() else { return }
    for share in shares { loadBalance += min(most - share.useful, share.waited) }
  }
}
