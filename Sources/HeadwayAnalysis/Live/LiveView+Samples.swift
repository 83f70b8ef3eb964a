import HeadwayTrace

extension LiveView {
  /// What happened between two samples of a run; of the first one only what an instant can say.
  ///
  /// A thread's time since its last change of state belongs to the state that it is in, so that the shares of
  /// a thread that was there throughout sum to one however long a state lasts. Every time is of the copies that were
  /// read, not of the readings.
  ///
  /// - Parameters:
  ///   - earlier: The sample before; `nil` for the first.
  ///   - later: The sample now.
  ///   - steps: Steps that the run is to have, where that is known.
  public init(from earlier: LiveSample?, to later: LiveSample, steps: Int?) {
    let now = later.snapshot
    let before = earlier?.snapshot
    let rate = now.rate
    self.init(phase: now.windowEnd != nil ? .ending : now.windowBegin != nil ? .measuring : .starting)
    self.steps = steps
    memory = later.memory
    loss = now.loss
    validation = now.validation
    windowNs = now.windowBegin.map { rate.span(from: $0, to: now.windowEnd ?? now.now) }
    ageNs = rate.span(from: now.now, to: now.readAt)
    let stepped = Self.sum(now.rows.map(\.steps))
    step = now.step > 0 ? now.step : stepped > 0 ? stepped : nil
    silentNs = now.rows.filter { $0.role != .sampler }.compactMap(\.lastProgress).max()
      .map { rate.span(from: $0, to: now.now) }
    intervalNs = before.map { rate.span(from: $0.now, to: now.now) }
    if let before, let interval = intervalNs, interval > .zero {
      // By the threads' own counts; without a probe by what the training says.
      let old = before.rows
      stepsPerSecond =
        now.rows.isEmpty
        ? Self.rate(before.step, now.step, interval)
        : Self.rate(old.map(\.steps), now.rows.map(\.steps), interval)
      tokensPerSecond =
        now.rows.isEmpty
        ? Self.rate(before.tokens, now.tokens, interval)
        : Self.rate(old.map(\.tokens), now.rows.map(\.tokens), interval)
    }
    var waited: [String: Double] = [:]
    threads = now.rows.enumerated().map { index, row in
      let old = before.flatMap { index < $0.rows.count ? $0.rows[index] : nil }
      let interval = old.flatMap { Interval(from: $0, to: row, in: now) }
      if row.role != .sampler, let interval {
        for (slot, share) in interval.shares where now.state(ofSlot: slot).isWait {
          waited[now.state(ofSlot: slot).name, default: 0] += share
        }
      }
      return Self.row(row, old, interval, in: now, kernel: (earlier?.kernel, later.kernel))
    }
    let program = now.rows.filter { $0.role != .sampler && $0.isActive }
    let inside = program.compactMap { row in row.open.last.map { now.state(ofSlot: $0.slot) } }
      .filter(\.isWait).reduce(into: [String: Int]()) { $0[$1.name, default: 0] += 1 }
    waits = Set(waited.keys).union(inside.keys).map { state in
      WaitRow(
        state: state, threadsNow: inside[state] ?? 0,
        threadsOnAverage: before != nil && windowNs != nil ? waited[state] ?? 0 : nil)
    }.sorted { left, right in
      let averages = (left.threadsOnAverage ?? 0, right.threadsOnAverage ?? 0)
      if averages.0 != averages.1 { return averages.0 > averages.1 }
      if left.threadsNow != right.threadsNow { return left.threadsNow > right.threadsNow }
      return left.state < right.state
    }
    queues = Self.queues(of: now)
  }

  private static func row(
    _ row: LiveRow, _ old: LiveRow?, _ interval: Interval?, in snapshot: LiveSnapshot,
    kernel: ([ThreadID: LiveSample.KernelTimes]?, [ThreadID: LiveSample.KernelTimes])
  ) -> Row {
    var view = Row(name: row.name, role: row.role, isActive: row.isActive)
    if row.isActive, let open = row.open.last {
      view.state = snapshot.state(ofSlot: open.slot).name
      view.sinceNs = snapshot.rate.span(from: row.changed, to: row.now)
    }
    if let interval {
      var shares: [String: Double] = [:]
      for (slot, share) in interval.shares {
        shares[snapshot.state(ofSlot: slot).category.rawValue, default: 0] += share
      }
      view.shares = shares
    }
    if row.role != .sampler, let old {
      let length = snapshot.rate.span(from: old.now, to: row.now)
      if length > .zero {
        view.tasksPerSecond = rate(old.tasks, row.tasks, length)
        view.tokensPerSecond = rate(old.tokens, row.tokens, length)
      }
    }
    if row.isActive, let before = kernel.0?[row.thread], let after = kernel.1[row.thread] {
      let length = Double(snapshot.rate.span(from: before.at, to: after.at).count)
      if length > 0, after.onCpuNs >= before.onCpuNs, after.runDelayNs >= before.runDelayNs {
        // The kernel books at its ticks and at switches, the interval ends in between.
        view.cpuShare = min(1, Double(after.onCpuNs - before.onCpuNs) / length)
        view.readyShare = min(1, Double(after.runDelayNs - before.runDelayNs) / length)
      }
    }
    return view
  }

  /// What each queue held when somebody last used it.
  private static func queues(of snapshot: LiveSnapshot) -> [QueueRow] {
    var latest: [Int: LiveRow.Depth] = [:]
    for row in snapshot.rows {
      for (site, depth) in row.depths where depth.ticks >= latest[site]?.ticks ?? 0 { latest[site] = depth }
    }
    return latest.sorted { $0.key < $1.key }.compactMap { site, depth in
      site < snapshot.sites.count
        ? QueueRow(site: snapshot.sites[site].name, items: depth.items) : nil
    }
  }

  /// How much was completed in a second; absent where nothing ever was, which may not be counted.
  private static func rate(_ before: Int, _ after: Int, _ interval: Nanoseconds) -> Double? {
    after > 0 ? Double(max(0, after - before)) / interval.seconds : nil
  }

  private static func rate(_ before: [Int], _ after: [Int], _ interval: Nanoseconds) -> Double? {
    rate(sum(before), sum(after), interval)
  }

  /// A sum that stays in range whatever a damaged file says.
  private static func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
  }
}

/// What one row did between two readings, as shares of the time in between that lies in the window, by slot.
private struct Interval {
  var shares: [Int: Double] = [:]

  /// `nil` where no time in between lies in the window.
  init?(from old: LiveRow, to new: LiveRow, in snapshot: LiveSnapshot) {
    guard let begin = snapshot.windowBegin else { return nil }
    let end = snapshot.windowEnd ?? .max
    let from = min(max(old.now, begin), end)
    let to = min(max(new.now, begin), end)
    guard to > from else { return nil }
    let before = Self.booked(old, begin: begin, end: end)
    for (slot, ticks) in Self.booked(new, begin: begin, end: end).enumerated() {
      if ticks > before[slot] { shares[slot] = min(1, Double(ticks - before[slot]) / Double(to - from)) }
    }
  }

  /// The totals with the open interval added to the state that the thread is in.
  private static func booked(_ row: LiveRow, begin: UInt64, end: UInt64) -> [UInt64] {
    var ticks = row.totals.map(\.wallTicks)
    let from = min(max(row.changed, begin), end)
    let to = min(row.now, end)
    let slot = row.open.last?.slot ?? ticks.count - 1
    if row.isActive, to > from, ticks.indices.contains(slot) { ticks[slot] &+= to - from }
    return ticks
  }
}

extension StateDefinition {
  /// Whether a thread in it waits for somebody.
  fileprivate var isWait: Bool { site != nil && (category == .blocked || category == .spin) }
}

extension ClockRate {
  /// The interval between two readings; zero when they are in the wrong order.
  fileprivate func span(from begin: UInt64, to end: UInt64) -> Nanoseconds {
    end > begin ? nanoseconds(ofTicks: end - begin) : .zero
  }
}
