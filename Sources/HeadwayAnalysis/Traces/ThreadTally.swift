import HeadwayTrace

/// Sums over the events of one row of a trace.
///
/// A span is recorded when it ends, with the time of the spans inside it, which were recorded before it. So
/// the exclusive time of a span is its length less the sum of those one level deeper since the last span of
/// its own level. Its exclusive CPU time is shared between window and outside in proportion to the exclusive
/// wall time.
struct ThreadTally {
  /// Cuts an interval to the window.
  typealias Clip = (_ from: Instant, _ to: Instant) -> Nanoseconds

  /// Inclusive times of the spans of one level that no enclosing span has claimed yet.
  private struct Level {
    var wall: Int64 = 0
    var wallInWindow: Int64 = 0
    var cpu: Int64 = 0
  }

  /// Levels that are kept apart; the recorder keeps 32.
  private static let depthLimit = 64

  private let recorded: RecordedThread
  private var levels: [Level]
  private var walls: [Int64]
  private var cpus: [Int64]
  private var counts: [Int]
  private var barriers: [BarrierAccount?]
  private var waits: [WaitAccount?]
  private var stretches: [(threadID: ThreadID, began: Instant, ended: Instant?)] = []
  /// The states that are known to be open, outermost first.
  private var open: [StateEntry] = []
  private var transitions = 0
  /// When the row last left a state.
  private var lastLeft = Instant(.zero)
  /// What the thread was doing at the end of the recording.
  var current: CurrentState?
  /// Tasks completed.
  var tasks = 0
  /// Tokens worked on.
  var tokens = 0

  init(_ recorded: RecordedThread, states: Int, sites: Int) {
    self.recorded = recorded
    levels = Array(repeating: Level(), count: Self.depthLimit + 1)
    walls = Array(repeating: 0, count: states)
    cpus = walls
    counts = Array(repeating: 0, count: states)
    barriers = Array(repeating: nil, count: sites)
    waits = Array(repeating: nil, count: sites)
  }

  mutating func begin(_ threadID: ThreadID, at instant: Instant) {
    stretches.append((threadID, instant, nil))
    leaveEverything()
  }

  mutating func end(at instant: Instant) {
    if let last = stretches.indices.last, stretches[last].ended == nil { stretches[last].ended = instant }
    leaveEverything()
  }

  private mutating func leaveEverything() {
    open = []
    current = nil
    for level in levels.indices { levels[level] = Level() }
  }

  mutating func enter(_ entry: StateEntry) {
    open.removeAll { $0.depth >= entry.depth }
    open.append(entry)
  }

  mutating func add(_ span: StateSpan, clip: Clip) {
    let depth = min(span.depth, Self.depthLimit - 1)
    open.removeAll { $0.depth >= span.depth }
    lastLeft = max(lastLeft, span.end)
    claim(
      span.state, depth: depth, wall: (span.end - span.start).count,
      inWindow: clip(span.start, span.end).count,
      cpu: span.cpuNs.count)
    // An entry or a leave counts where it lies in the window, of which a moment is no part.
    if clip(span.start, span.start + Nanoseconds(1)) > .zero {
      counts[span.state] += 1
      transitions += 1
    }
    if clip(span.end, span.end + Nanoseconds(1)) > .zero { transitions += 1 }
  }

  /// Books the exclusive part of a span and hands its inclusive one to the level around it. Levels that a
  /// dropped span left behind are those of this one.
  private mutating func claim(_ state: Int, depth: Int, wall: Int64, inWindow: Int64, cpu: Int64) {
    var inside = Level()
    for level in (depth + 1)..<levels.count {
      inside.wall += levels[level].wall
      inside.wallInWindow += levels[level].wallInWindow
      inside.cpu += levels[level].cpu
      levels[level] = Level()
    }
    let exclusive = max(wall - inside.wall, 0)
    let exclusiveInWindow = max(inWindow - inside.wallInWindow, 0)
    let exclusiveCPU = max(cpu - inside.cpu, 0)
    walls[state] += exclusiveInWindow
    if exclusive > 0 {
      let share = min(Double(exclusiveInWindow) / Double(exclusive), 1)
      cpus[state] += share == 1 ? exclusiveCPU : Int64(Double(exclusiveCPU) * share)
    }
    levels[depth].wall += wall
    levels[depth].wallInWindow += inWindow
    levels[depth].cpu += cpu
  }

  mutating func add(_ crossing: BarrierCrossing, clip: Clip) {
    var account =
      barriers[crossing.site]
      ?? BarrierAccount(
        episodes: 0, imbalanceNs: .zero, wakeupNs: .zero, lastArrivals: 0, windowWaitNs: .zero)
    account.episodes += 1
    account.imbalanceNs += crossing.release - crossing.arrival
    account.wakeupNs += crossing.departure - crossing.release
    account.lastArrivals += crossing.wasLast ? 1 : 0
    account.windowWaitNs = (account.windowWaitNs ?? .zero) + clip(crossing.arrival, crossing.departure)
    barriers[crossing.site] = account
  }

  mutating func add(_ wait: Wait, clip: Clip) {
    var account = waits[wait.site] ?? WaitAccount(kind: .latch, count: 0, waitNs: .zero, windowWaitNs: .zero)
    let length = wait.end - wait.start
    account.count += 1
    account.waitNs += length
    account.windowWaitNs = (account.windowWaitNs ?? .zero) + clip(wait.start, wait.end)
    var durations = account.durations ?? DurationHistogram()
    durations.add(length)
    account.durations = durations
    waits[wait.site] = account
  }

  /// Charges the states that were open when the recording was cut off up to the last event of any thread.
  ///
  /// The states that enclose others were recorded when they were entered. Of the innermost one only the name
  /// is known: it is charged from the moment at which the row last left a state. CPU time is not known of either: working and polling
  /// states count as running.
  ///
  /// - Returns: The time charged.
  mutating func chargeOpenStates(upTo cut: Instant, categories: [StateCategory], clip: Clip) -> Nanoseconds {
    guard let stretch = stretches.last, stretch.ended == nil, let current, recorded.eventsDropped == 0 else {
      return .zero
    }
    open.removeAll { $0.depth >= current.depth }
    let before = walls.reduce(0, +)
    let cpuBefore = walls
    if current.depth == open.count + 1, let state = current.state, state < walls.count {
      let from = max(lastLeft, open.last?.at ?? stretch.began)
      claim(
        state, depth: open.count, wall: max((cut - from).count, 0), inWindow: clip(from, cut).count, cpu: 0)
    }
    for entry in open.reversed() {
      claim(
        entry.state, depth: entry.depth, wall: max((cut - entry.at).count, 0),
        inWindow: clip(entry.at, cut).count,
        cpu: 0)
    }
    for state in walls.indices where categories[state] == .useful || categories[state] == .spin {
      cpus[state] += walls[state] - cpuBefore[state]
    }
    return Nanoseconds(walls.reduce(0, +) - before)
  }

  /// The row's account. What lies in no recorded state is unattributed.
  func account(
    states: [StateDefinition], sites: [SiteDefinition], spreads: [DurationHistogram], upTo close: Instant,
    clip: Clip
  ) -> ThreadAccounts {
    let present = stretches.reduce(Nanoseconds.zero) { $0 + clip($1.began, max($1.ended ?? close, $1.began)) }
    var table: [String: StateAccount] = [:]
    for (index, state) in states.enumerated() where walls[index] > 0 || counts[index] > 0 {
      table[state.name] = StateAccount(
        definition: state, wallNs: Nanoseconds(walls[index]), cpuNs: Nanoseconds(cpus[index]),
        count: counts[index])
    }
    let rest = present.count - walls.reduce(0, +)
    if rest > 0 {
      table[ThreadAccounts.unattributedState] = StateAccount(
        definition: StateDefinition(name: ThreadAccounts.unattributedState, category: .unknown),
        wallNs: Nanoseconds(rest), cpuNs: .zero, count: 0)
    }
    var crossed: [String: BarrierAccount] = [:]
    var waited: [String: WaitAccount] = [:]
    for (index, site) in sites.enumerated() {
      if var account = barriers[index] {
        account.spread = spreads[index]
        crossed[site.name] = account
      }
      if var account = waits[index] {
        account.kind = site.kind
        waited[site.name] = account
      }
    }
    return ThreadAccounts(
      name: recorded.name, role: recorded.role ?? .worker,
      threadID: stretches.last?.threadID ?? recorded.threadID,
      presentNs: present, states: table, cpuNs: Nanoseconds(cpus.reduce(0, +)), transitions: transitions,
      tasks: tasks, tokens: tokens, barriers: crossed, waits: waited)
  }
}
