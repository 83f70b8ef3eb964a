import HeadwayTrace

// From two looks at the threads of a run that stands still to a verdict: a pure function of values.
//
// Let c be the CPU time of a thread between the looks and d its time ready without a CPU, as shares of the
// time between them. A thread with c + d below 5 % slept. One that could make progress (its innermost state
// is no polling) and waited for a CPU four times as long as it ran was starved. Otherwise it burnt CPU time:
// polling, or working.
//
// The run is starved where threads that could make progress lacked a CPU for half of the time or more, and
// lacked it four times as much as they had it; else it is in a livelock where threads burnt CPU time, and
// in a deadlock where all slept.
extension StallReport {
  /// The share of the time from which a thread counts as awake.
  package static let awakeShare = 0.05
  /// How many times as long as it ran a starved thread waited for a CPU.
  package static let starvedRatio = 4.0

  /// Judges two looks.
  ///
  /// - Parameters:
  ///   - number: Counts the run's stalls, from 1.
  ///   - silentNs: The time without progress until the second look.
  ///   - before: The threads at the first look.
  ///   - after: The threads at the second look.
  ///   - observedNs: The time between the looks.
  ///   - stacks: Frames of a thread, innermost first; `nil` where there is no stack sampler.
  package init(
    number: Int, silentNs: Nanoseconds, before: [ThreadLook], after: [ThreadLook],
    observedNs: Nanoseconds, stacks: ((ThreadID) -> [String]?)? = nil
  ) {
    let earlier = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
    let judged = after.map { JudgedThread(earlier[$0.name], $0, observed: observedNs) }
    let threads = judged.map { $0.stalled(stack: $0.look.isActive ? stacks?($0.look.thread) : nil) }
    self.init(
      number: number, verdict: Self.verdict(judged), silentNs: silentNs, observedNs: observedNs,
      tasks: after.reduce(0) { $0 + $1.tasks }, steps: after.reduce(0) { $0 + $1.steps },
      threads: threads, gaps: Self.gaps(threads, hasStacks: stacks != nil))
  }

  private static func verdict(_ threads: [JudgedThread]) -> Verdict {
    let present = threads.filter { $0.look.isActive }
    guard present.contains(where: { $0.cpuShare != nil }) else { return .unknown }
    let able = present.filter { !$0.isPolling }
    let ran = able.reduce(0) { $0 + ($1.cpuShare ?? 0) }
    let waited = able.reduce(0) { $0 + ($1.delayShare ?? 0) }
    if waited >= 0.5, waited > starvedRatio * ran { return .starved }
    let burnt = present.reduce(0) { $0 + ($1.cpuShare ?? 0) }
    let delayed = present.reduce(0) { $0 + ($1.delayShare ?? 0) }
    if burnt >= awakeShare { return .livelock }
    return burnt + delayed >= awakeShare ? .starved : .deadlock
  }

  private static func gaps(_ threads: [StalledThread], hasStacks: Bool) -> [String] {
    let present = threads.filter { $0.activity != .ended }
    func missing(_ what: String, _ isMissing: (StalledThread) -> Bool) -> String? {
      let count = present.count(where: isMissing)
      return count == 0 ? nil : "\(what) of \(count) of \(present.count) threads could not be read"
    }
    return [
      missing("the CPU time") { $0.cpuNs == nil },
      missing("the time ready without a CPU") { $0.runDelayNs == nil },
      missing("the open states") { $0.path == nil },
      missing("the kernel's state") { $0.kernelState == nil },
      missing("the kernel function of the wait") { $0.waitChannel == nil && $0.kernelState != "R" },
      hasStacks
        ? missing("the stack") { $0.stack == nil } : "there are no stacks: this run has no stack sampler",
    ].compactMap(\.self)
  }
}

/// One thread at the second look, beside what it did since the first.
private struct JudgedThread {
  let look: ThreadLook
  private let cpuNs: Nanoseconds?
  private let runDelayNs: Nanoseconds?
  /// CPU time / time between the looks.
  let cpuShare: Double?
  /// Time ready without a CPU / time between the looks.
  let delayShare: Double?

  /// A thread without a first look (it began in between), or with another thread in its row, is unknown.
  init(_ before: ThreadLook?, _ after: ThreadLook, observed: Nanoseconds) {
    look = after
    let before = before?.thread == after.thread ? before : nil
    func difference(_ value: (KernelReading) -> UInt64?) -> Nanoseconds? {
      guard let first = before.flatMap({ value($0.kernel) }), let last = value(after.kernel) else {
        return nil
      }
      return Nanoseconds(Int64(clamping: last - min(first, last)))
    }
    cpuNs = difference(\.cpuNs)
    runDelayNs = difference(\.runDelayNs)
    func share(_ time: Nanoseconds?) -> Double? {
      observed.count > 0 ? time.map { Double($0.count) / Double(observed.count) } : nil
    }
    cpuShare = share(cpuNs)
    delayShare = share(runDelayNs)
  }

  /// Whether the thread polls, so that more CPU time would not bring it on.
  var isPolling: Bool { look.path?.last?.category == .spin }

  private var activity: StalledThread.Activity {
    guard look.isActive else { return .ended }
    guard let ran = cpuShare else { return .unknown }
    let waited = delayShare ?? 0
    if ran + waited < StallReport.awakeShare { return .asleep }
    if isPolling { return .spinning }
    return waited > StallReport.starvedRatio * ran ? .starved : .working
  }

  func stalled(stack: [String]?) -> StalledThread {
    StalledThread(
      name: look.name, role: look.role, thread: look.thread, activity: activity, path: look.path,
      cpuNs: cpuNs, runDelayNs: runDelayNs, kernelState: look.kernel.state.map(String.init),
      waitChannel: look.kernel.waitChannel, tasks: look.tasks, tokens: look.tokens,
      lastProgressNs: look.lastProgressNs, stack: stack)
  }
}
