import HeadwayTrace

/// The stretches in which none of the team worked, by who worked instead.
struct LoneWork {
  /// The main thread or a control thread worked: a serial section. Where all threads are the team, the stretches
  /// in which the main thread worked alone.
  let serial: CoveredTime
  /// Only a prefetch thread worked.
  let input: CoveredTime
  /// Nobody worked, but the main or a control thread was in a state of the tool itself.
  let tool: CoveredTime

  init(_ timeline: Timeline, changes: StateChanges) {
    let isUseful = timeline.contexts.map(\.isUseful)
    let isTool = timeline.contexts.map { $0.definition.category == .selfCost }
    let isTeam = timeline.threads.map(\.isTeam)
    let coordinates = timeline.threads.map { $0.role == .main || $0.role == .control }
    var serial = CoveredTime()
    var input = CoveredTime()
    var tool = CoveredTime()
    var (team, coordinators, coordinatorsInTeam, others, inTool) = (0, 0, 0, 0, 0)
    changes.sweep(upTo: timeline.end) { from, to in
      if (team == 0 && coordinators > 0) || (team == 1 && coordinatorsInTeam == 1) {
        serial.add(from, to)
      } else if team == 0 && inTool > 0 {
        tool.add(from, to)
      } else if team == 0 && others > 0 {
        input.add(from, to)
      }
    } change: { change in
      let thread = Int(change.thread)
      if coordinates[thread] {
        let wasInTool = change.left >= 0 && isTool[Int(change.left)]
        inTool += (isTool[Int(change.entered)] ? 1 : 0) - (wasInTool ? 1 : 0)
      }
      let wasUseful = change.left >= 0 && isUseful[Int(change.left)]
      let step = (isUseful[Int(change.entered)] ? 1 : 0) - (wasUseful ? 1 : 0)
      guard step != 0 else { return }
      if isTeam[thread] {
        team += step
        if coordinates[thread] { coordinatorsInTeam += step }
      } else if coordinates[thread] {
        coordinators += step
      } else {
        others += step
      }
    }
    self.serial = serial
    self.input = input
    self.tool = tool
  }
}

/// Stretches of time in order, and how much of an interval they cover.
struct CoveredTime {
  private var stretches: [(start: Instant, end: Instant)] = []
  /// The length of all stretches before each one.
  private var before: [Nanoseconds] = []
  /// The length of all.
  private(set) var length = Nanoseconds.zero

  /// Adds a stretch that begins where the last one ended, or later.
  mutating func add(_ start: Instant, _ end: Instant) {
    if let last = stretches.indices.last, stretches[last].end == start {
      stretches[last].end = end
    } else {
      before.append(length)
      stretches.append((start, end))
    }
    length += end - start
  }

  /// The part of an interval that lies in stretches. Complexity: O(log stretches).
  func overlap(_ start: Instant, _ end: Instant) -> Nanoseconds {
    end > start ? covered(upTo: end) - covered(upTo: start) : .zero
  }

  private func covered(upTo instant: Instant) -> Nanoseconds {
    let index = stretches.partitionPoint { $0.start >= instant } - 1
    guard index >= 0 else { return .zero }
    return before[index] + (min(stretches[index].end, instant) - stretches[index].start)
  }
}
