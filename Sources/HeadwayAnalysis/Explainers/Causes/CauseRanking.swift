import HeadwayTrace

/// The causes of an explanation by role and context, as each method ranks them.
package struct CauseRanking {
  /// A role in a context.
  package struct Group: Sendable {
    /// What its threads are for.
    package var role: ThreadRole
    /// The context.
    package var context: String
    /// Its rows.
    package var causes: [ExplainedCause]
    /// What the critical path would lose if its context were spread evenly. All of it belongs to the role with
    /// the most time on the path.
    package var excessNs = Nanoseconds.zero

    /// Whether its context is a wait: what it causes is a late wake-up.
    package var isWaking: Bool {
      causes.first.map { $0.category == .blocked || $0.category == .spin } ?? false
    }
    /// The team's waiting that it caused.
    package var delayNs: Nanoseconds { causes.reduce(.zero) { $0 + $1.delayNs } }
    /// Its blame for idle time.
    package var blameNs: Nanoseconds { causes.reduce(.zero) { $0 + $1.blameNs } }
    /// Its time on the path.
    package var pathNs: Nanoseconds { causes.reduce(.zero) { $0 + $1.pathNs } }
  }

  /// The groups, in the order of their delay, then of their time on the path.
  package let groups: [Group]

  /// Groups the causes of an explanation.
  package init(causes: [ExplainedCause], imbalances: [ExplainedContext]) {
    struct Key: Hashable {
      var role: ThreadRole
      var context: String
    }
    var groups = Dictionary(grouping: causes) { Key(role: $0.role, context: $0.context) }.map {
      Group(role: $0.key.role, context: $0.key.context, causes: $0.value)
    }
    for imbalance in imbalances {
      let places = groups.indices.filter { groups[$0].context == imbalance.context }
      let most = places.max { (groups[$0].pathNs, $0) < (groups[$1].pathNs, $1) }
      if let most { groups[most].excessNs = imbalance.timeNs }
    }
    self.groups = groups.sorted {
      ($1.delayNs, $1.pathNs, $0.context) < ($0.delayNs, $0.pathNs, $1.context)
    }
  }

  /// Where two methods put different causes first, and why, in sentences.
  var comparisons: [String] {
    func first(_ size: (Group) -> Nanoseconds) -> Group? {
      groups.max { size($0) < size($1) }.flatMap { size($0) > .zero ? $0 : nil }
    }
    guard let delay = first(\.delayNs) else { return [] }
    var sentences: [String] = []
    if let path = first(\.excessNs), path.name != delay.name {
      sentences.append(
        "Delay cost puts \(delay.name) first (\(duration(delay.delayNs.seconds)) of thread-time waited), the"
          + " critical path \(path.name) (\(duration(path.excessNs.seconds)) of wall time above an even share)."
          + " The first is waste: every thread that waits counts. The second is effect: only what lies on the"
          + " path lengthens the run. To end sooner, shorten the second.")
    }
    if let blame = first(\.blameNs), blame.name != delay.name {
      sentences.append(
        "Idle blame puts \(blame.name) first (\(duration(blame.blameNs.seconds)) of thread-time), delay cost"
          + " \(delay.name). Blame goes to whatever ran while others stood idle; delay cost to the work by which"
          + " a thread came late, which may have ended before anybody waited.")
    }
    return sentences
  }
}

extension CauseRanking.Group {
  /// Whether one thread of several makes most of it.
  package var mainThread: String? {
    let totals = causes.map { ($0.thread, Double(max($0.delayNs, $0.pathNs).count)) }
    let whole = totals.reduce(0) { $0 + $1.1 }
    guard let most = totals.max(by: { $0.1 < $1.1 }), whole > 0 else { return nil }
    return most.1 > 0.6 * whole ? most.0 : nil
  }

  /// Who in what, in words: `worker-2 in forward`, `the workers in forward`.
  var name: String {
    let what = isWaking ? "waking up from" : "in"
    if let mainThread { return "\(mainThread) \(what) \(context)" }
    switch role {
    case .worker: return "the workers \(what) \(context)"
    case .control: return "the control threads \(what) \(context)"
    case .main, .prefetch, .sampler: return "\(role.rawValue) \(what) \(context)"
    }
  }
}
