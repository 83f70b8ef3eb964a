import CHeadwayLinux
import HeadwayTrace

extension RecordingProbe {
  /// What has been measured. States that are still open are booked up to the window's end (or now, while
  /// the window is open) without being left.
  ///
  /// Call when every other thread has been retired, or waits as ``closeWindow()`` demands: their rows are
  /// read here.
  public func accounts() -> RunAccounts {
    let begin = window.pointee.begin.load(ordering: .relaxed)
    let end = window.pointee.end.load(ordering: .relaxed)
    return registry.withLock { registry in
      registry.clock.calibrate()
      let now = headway_ticks()
      return registry.accounts(
        from: min(begin, now), to: min(end, now), transitionTicks: registry.mean(transitionCost))
    }
  }
}

extension Registry {
  /// The accounts over the window `begin ..< end`, given in ticks.
  func accounts(from begin: UInt64, to end: UInt64, transitionTicks: UInt64) -> RunAccounts {
    var losses = RecordLosses(eventsDropped: 0, readingsFailed: readingsFailed)
    var warnings = warnings
    if states.definitions.count > ExclusiveTimer.stateCapacity {
      let extra = states.definitions[ExclusiveTimer.stateCapacity...].map(\.name)
      warnings.append("the states \(extra.joined(separator: ", ")) are counted as unattributed")
    }
    if sites.definitions.count > ThreadRow.siteCapacity {
      let extra = sites.definitions[ThreadRow.siteCapacity...].map(\.name)
      warnings.append("the waits at \(extra.joined(separator: ", ")) are not counted")
    }
    if timesOperations && operations.definitions.count > OperationTimer.capacity {
      let extra = operations.definitions[OperationTimer.capacity...]
      warnings.append(
        "the operations \(extra.joined(separator: ", ")) are counted as one, \(ThreadAccounts.otherOperations)"
      )
    }
    var threads: [ThreadAccounts] = []
    let shift = entries.map(\.row.pointee.timeline.shift).max() ?? 0
    let period = max(shift, ProgressTimeline.shift(for: end - begin))
    for entry in entries {
      let timer = entry.row.pointee.timer
      losses.readingsFailed += entry.row.pointee.readingsFailed
      losses.eventsDropped += Int(clamping: entry.row.pointee.sink.dropped)
      if timer.unmatchedLeaves > 0 {
        warnings.append("\(entry.name) left a state \(timer.unmatchedLeaves) times without having entered it")
      }
      if timer.tooDeep > 0 {
        warnings.append("\(entry.name) nested its states too deep \(timer.tooDeep) times")
      }
      threads.append(accounts(of: entry, from: begin, to: end, periodShift: period))
    }
    return RunAccounts(
      windowNs: clock.rate.nanoseconds(ofTicks: end - begin), threads: threads, losses: losses,
      transitionCostNs: clock.rate.nanoseconds(ofTicks: transitionTicks), foreign: foreign,
      warnings: warnings)
  }

  private func accounts(
    of entry: RegistryEntry, from begin: UInt64, to end: UInt64, periodShift: Int
  ) -> ThreadAccounts {
    let row = entry.row.pointee
    let present = entry.stretches.reduce(into: UInt64(0)) { sum, stretch in
      let from = max(stretch.begin, begin)
      let to = min(stretch.end ?? end, end)
      if to > from { sum += to - from }
    }
    let totals = settledTotals(of: entry, from: begin, to: end, present: present)
    let states = stateAccounts(of: totals, operations: row.operations)
    var switches = entry
    if entry.isActive {
      // Only the calling thread's own switches can be read; another active thread's are absent.
      let isCaller = entry.threadID == ThreadID(headway_gettid())
      switches.addSwitches(isCaller ? SwitchCounts.read() : nil)
    }
    var scheduling = (known: entry.schedulingIsKnown && end > begin, value: entry.scheduled)
    if scheduling.known, isWindowOpen, let base = entry.schedulingBase {
      if let now = SchedulingReading.read(entry.threadID) {
        scheduling.value.onCpuNs += now.onCpuNs - min(now.onCpuNs, base.onCpuNs)
        scheduling.value.runDelayNs += now.runDelayNs - min(now.runDelayNs, base.runDelayNs)
      } else {
        scheduling.known = false
      }
    }
    var accounts = ThreadAccounts(
      name: entry.name, role: entry.role, threadID: entry.threadID,
      presentNs: clock.rate.nanoseconds(ofTicks: present), states: states,
      cpuNs: states.values.reduce(into: .zero) { $0 += $1.cpuNs },
      scheduledNs: scheduling.known ? Nanoseconds(Int64(clamping: scheduling.value.onCpuNs)) : nil,
      runDelayNs: scheduling.known ? Nanoseconds(Int64(clamping: scheduling.value.runDelayNs)) : nil,
      schedulingSlackNs: scheduling.known
        ? clock.rate.nanoseconds(ofTicks: entry.schedulingSlackTicks) : nil,
      voluntarySwitches: switches.switches?.voluntary,
      involuntarySwitches: switches.switches?.involuntary,
      transitions: Int(row.timer.transitions),
      tasks: row.published.pointee.tasks.load(ordering: .relaxed),
      tokens: row.published.pointee.tokens.load(ordering: .relaxed),
      progress: progress(of: entry, from: begin, to: end, periodShift: periodShift),
      barriers: barrierAccounts(of: row, open: openWaits(of: entry, from: begin, to: end)),
      waits: waitAccounts(of: row, open: openWaits(of: entry, from: begin, to: end)))
    if entry.counters.isUsed { accounts.counters = entry.counters.readings(rate: clock.rate) }
    return accounts
  }

  /// When a thread completed its tasks; absent without a window or tasks.
  private func progress(
    of entry: RegistryEntry, from begin: UInt64, to end: UInt64, periodShift: Int
  ) -> ThreadProgress? {
    guard end > begin, entry.row.pointee.published.pointee.tasks.load(ordering: .relaxed) > 0 else {
      return nil
    }
    var ended: Nanoseconds?
    if let last = entry.stretches.last?.end, last < end {
      ended = last > begin ? clock.rate.nanoseconds(ofTicks: last - begin) : .zero
    }
    return ThreadProgress(
      periodNs: clock.rate.nanoseconds(ofTicks: 1 << UInt64(periodShift)),
      tasks: entry.row.pointee.timeline.counts(shift: periodShift, window: end - begin), endedNs: ended)
  }

  /// The totals of a row with its open interval booked, summing to `present`: a remainder, which only a
  /// window announced late or disagreeing counters can leave, is unattributed.
  private func settledTotals(
    of entry: RegistryEntry, from begin: UInt64, to end: UInt64, present: UInt64
  ) -> [ExclusiveTimer.Totals] {
    let timer = entry.row.pointee.timer
    var totals = Array(UnsafeBufferPointer(start: timer.totals, count: ExclusiveTimer.slotCount))
    if entry.isActive {
      let cpuNs = headway_cpu_ns_of(entry.threadID.rawValue)
      totals.withUnsafeMutableBufferPointer { copy in
        guard let base = copy.baseAddress else { return }
        var settled = ExclusiveTimer(totals: base, stack: timer.stack)
        settled.resume(like: timer)
        settled.advance(
          to: ExclusiveTimer.Reading(
            ticks: headway_ticks(), cpuNs: cpuNs == .max ? timer.lastCpuNs : cpuNs, windowBegin: begin,
            windowEnd: end))
      }
    }
    let booked = totals.reduce(UInt64(0)) { $0 + $1.wallTicks }
    totals[ExclusiveTimer.unattributed].wallTicks += present - min(present, booked)
    return totals
  }

  /// Converts totals so that their sum is the conversion of the sum: each boundary of the running total is
  /// rounded, not each part.
  private func stateAccounts(
    of totals: [ExclusiveTimer.Totals], operations timer: OperationTimer?
  ) -> [String: StateAccount] {
    var accounts: [String: StateAccount] = [:]
    var ticks: UInt64 = 0
    for (slot, total) in totals.enumerated() where total != ExclusiveTimer.Totals() {
      let before = clock.rate.nanoseconds(ofTicks: ticks)
      ticks += total.wallTicks
      let wall = clock.rate.nanoseconds(ofTicks: ticks) - before
      let isNamed = slot < min(states.definitions.count, ExclusiveTimer.stateCapacity)
      let definition =
        isNamed
        ? states.definitions[slot]
        : StateDefinition(name: ThreadAccounts.unattributedState, category: .unknown)
      accounts[definition.name] = StateAccount(
        definition: definition, wallNs: wall, cpuNs: Nanoseconds(Int64(clamping: total.cpuNs)),
        count: Int(total.count))
      accounts[definition.name]?.operations = timer.flatMap { operationAccounts(of: $0, slot: slot) }
    }
    return accounts
  }

  /// The operations inside one state; `nil` without any. Each is rounded down, so that their sum is
  /// at most the state's time.
  private func operationAccounts(of timer: OperationTimer, slot: Int) -> [String: OperationAccount]? {
    var accounts: [String: OperationAccount] = [:]
    for number in 0..<OperationTimer.width {
      let total = timer.totals[slot * OperationTimer.width + number]
      guard total != OperationTimer.Totals() else { continue }
      let isNamed = number < min(operations.definitions.count, OperationTimer.capacity)
      accounts[isNamed ? operations.definitions[number] : ThreadAccounts.otherOperations] = OperationAccount(
        wallNs: clock.rate.nanoseconds(ofTicks: total.ticks), count: Int(total.count))
    }
    return accounts.isEmpty ? nil : accounts
  }

  /// The part of a wait still going on that lies in the window, by site: its thread will note it later.
  private func openWaits(of entry: RegistryEntry, from begin: UInt64, to end: UInt64) -> [String: UInt64] {
    guard entry.isActive else { return [:] }
    let timer = entry.row.pointee.timer
    var waits: [String: UInt64] = [:]
    for depth in 0..<min(timer.depth, ExclusiveTimer.depthCapacity) {
      let state = timer.stack[depth]
      guard state.slot < states.definitions.count, let site = states.definitions[state.slot].site else {
        continue
      }
      let from = max(state.ticks, begin)
      if end > from { waits[site, default: 0] += end - from }
    }
    return waits
  }

  private func barrierAccounts(of row: ThreadRow, open: [String: UInt64]) -> [String: BarrierAccount] {
    var accounts: [String: BarrierAccount] = [:]
    for (index, site) in sites.definitions.prefix(ThreadRow.siteCapacity).enumerated()
    where site.kind == .barrier && row.sites[index].count > 0 {
      accounts[site.name] = BarrierAccount(
        episodes: Int(row.sites[index].count),
        imbalanceNs: clock.rate.nanoseconds(ofTicks: row.sites[index].imbalanceTicks),
        wakeupNs: clock.rate.nanoseconds(ofTicks: row.sites[index].wakeupTicks),
        lastArrivals: Int(row.sites[index].lastArrivals),
        windowWaitNs: clock.rate.nanoseconds(
          ofTicks: row.sites[index].windowTicks + (open[site.name] ?? 0)),
        leavingNs: clock.rate.nanoseconds(ofTicks: row.sites[index].leavingTicks),
        spread: row.histogram(at: index, rate: clock.rate))
    }
    return accounts
  }

  private func waitAccounts(of row: ThreadRow, open: [String: UInt64]) -> [String: WaitAccount] {
    var accounts: [String: WaitAccount] = [:]
    for (index, site) in sites.definitions.prefix(ThreadRow.siteCapacity).enumerated()
    where site.kind != .barrier && row.sites[index].count > 0 {
      accounts[site.name] = WaitAccount(
        kind: site.kind, count: Int(row.sites[index].count),
        waitNs: clock.rate.nanoseconds(ofTicks: row.sites[index].waitTicks),
        windowWaitNs: clock.rate.nanoseconds(
          ofTicks: row.sites[index].windowTicks + (open[site.name] ?? 0)),
        leavingNs: clock.rate.nanoseconds(ofTicks: row.sites[index].leavingTicks),
        durations: row.histogram(at: index, rate: clock.rate))
    }
    return accounts
  }
}
