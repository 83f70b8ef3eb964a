import HeadwayTrace

extension StackSummary {
  /// Adds up a profile: the hottest functions of each role, over the measured window where it is known.
  ///
  /// - Parameters:
  ///   - profile: Whole: see ``StackProfile/check(subject:)``.
  ///   - limit: Functions of each role that are kept.
  ///
  /// Complexity: O(samples + distinct stacks · their depth).
  public init(_ profile: StackProfile, limit: Int = 10) {
    let tallies = Self.tallies(of: profile)
    self.init(
      mode: profile.mode, frequencyHz: profile.frequencyHz, samples: profile.samples.count,
      losses: profile.losses, handlerNs: profile.threads.reduce(.zero) { $0 + $1.handlerNs },
      roles: ThreadRole.allCases.compactMap { role in
        tallies[role].map { RoleStacks(role: role, tally: $0, of: profile, limit: limit) }
      })
  }

  private static func tallies(of profile: StackProfile) -> [ThreadRole: StackTally] {
    var tallies: [ThreadRole: StackTally] = [:]
    var ticks: [Int: UInt64] = [:]
    for index in profile.samples.indices {
      let thread = profile.samples.thread[index]
      let time =
        ticks[thread, default: profile.clock.originTicks] &+ profile.samples.ticksSincePrevious[index]
      ticks[thread] = time
      if let window = profile.window, time < window.begin || time > window.end { continue }
      let periods = profile.samples.periods[index]
      tallies[profile.threads[thread].role, default: StackTally()].add(
        stack: profile.samples.stack[index], periods: periods,
        isSleeping: profile.samples.isSleeping[index])
    }
    return tallies
  }
}

/// Timer periods by stack.
private struct StackTally {
  var periods: [Int: Int] = [:]
  var sleeping: [Int: Int] = [:]

  mutating func add(stack: Int, periods: Int, isSleeping: Bool) {
    self.periods[stack, default: 0] += periods
    if isSleeping { sleeping[stack, default: 0] += periods }
  }
}

extension RoleStacks {
  fileprivate init(role: ThreadRole, tally: StackTally, of profile: StackProfile, limit: Int) {
    var own: [Int: (periods: Int, sleeping: Int)] = [:]
    var total: [Int: Int] = [:]
    for (stack, periods) in tally.periods where stack >= 0 {
      let frames = profile.frames(of: stack)
      let functions = frames.map { profile.frames.function[$0] }
      // What was inlined belongs to the function whose code it became: accessors and operators would
      // otherwise crowd out what somebody wrote.
      let innermost = frames.firstIndex { !profile.frames.isInlined[$0] } ?? 0
      own[functions[innermost], default: (0, 0)].periods += periods
      own[functions[innermost], default: (0, 0)].sleeping += tally.sleeping[stack] ?? 0
      // A recursive function counts once.
      for function in Set(functions) { total[function, default: 0] += periods }
    }
    let hottest = own.sorted { ($1.value.periods, $0.key) < ($0.value.periods, $1.key) }.prefix(limit)
    self.init(
      role: role, periods: tally.periods.values.reduce(0, +),
      sleepingPeriods: tally.sleeping.values.reduce(0, +),
      functions: hottest.map { function, counts in
        let module = profile.functions.module[function]
        return HotFunction(
          name: profile.functions.name[function],
          module: module >= 0 ? profile.modules[module].name : nil, selfPeriods: counts.periods,
          sleepingPeriods: counts.sleeping, totalPeriods: total[function] ?? 0)
      })
  }
}
