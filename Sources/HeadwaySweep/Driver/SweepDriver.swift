import Foundation
import HeadwayProbes
import HeadwayStatistics
import HeadwayStore
import HeadwayTrace

/// Runs a plan: a fresh child process for every arm of every block, one at a time, each journaled as it
/// ends (method 14).
///
///     let driver = SweepDriver(plan: plan, directory: directory, command: command, observer: bar)
///     try driver.run()
///     let summary = SweepSummarizer.summarize(try SweepReader.read(directory))
///
/// A run that crashes, hangs, runs out of memory or writes nothing usable is tried again as often as the plan
/// says, and then costs that one run. A block in which somebody else used the machine (``Disturbance``) is
/// measured again whole, once, while the budget allows; of two disturbed passes the quieter counts. Blocks are
/// added up to the plan's maximum or budget, or until the intervals are as narrow as it asks (``Precision``),
/// never because of what they show. Before the first block the baseline is recorded a few times, and what their replays
/// predict of the cells is frozen (``freezePredictions(_:)``).
///
/// A sweep that was killed, interrupted or rebooted away goes on with ``resume(as:notes:)``: no run that the
/// journal has is run again, and none is lost. A process that ends the running child guards every run
/// (``ChildGuard``), so that nothing of a killed sweep is left to disturb its resumption.
public final class SweepDriver {
  /// What the machine is doing now; tests give it a history of their own.
  public typealias ActivityReader = () -> SystemActivity?

  let plan: SweepPlan
  let directory: SweepDirectory
  let command: RunCommand
  let observer: any SweepObserver
  let cancellation: Cancellation
  let activity: ActivityReader
  /// How far earlier predictions on this machine were off; `nil` where there were none.
  let past: PastErrors?
  /// Seconds between asking a run to end and ending it.
  let graceSeconds: Double

  let started = DispatchTime.now()
  /// What had been measured before this process went on; nothing in a fresh sweep.
  var earlier = JournalState()
  var guardian: ChildGuard?
  var attempts: [String: Int] = [:]
  /// Where the runs of the journal are: never to be used again.
  var earlierDirectories: Set<String> = []
  var pace: Pace
  var precision: Precision
  var hasWarnedOfBlindness = false

  /// Prepares a sweep.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - directory: Where: fresh to run, or one that holds this plan to resume.
  ///   - command: How a run is started.
  ///   - observer: Who is told how it goes.
  ///   - cancellation: Who may stop it.
  ///   - activity: How the machine's other load is read.
  ///   - past: How far earlier predictions on this machine were off.
  ///   - graceSeconds: How long a run that is to end may take to clean up.
  public init(
    plan: SweepPlan, directory: SweepDirectory, command: RunCommand, observer: any SweepObserver,
    cancellation: Cancellation = Cancellation(), activity: @escaping ActivityReader = SystemActivity.read,
    past: PastErrors? = nil, graceSeconds: Double = 5
  ) {
    self.plan = plan
    self.directory = directory
    self.command = command
    self.observer = observer
    self.cancellation = cancellation
    self.activity = activity
    self.past = past
    self.graceSeconds = graceSeconds
    pace = Pace(plan: plan)
    precision = Precision(plan: plan)
  }

  /// Runs the plan to its end, its budget or a cancellation.
  ///
  /// - Throws: ``InputError`` when the sweep's own files cannot be written or the program cannot be
  ///   started. What had been measured stays readable.
  public func run() throws(InputError) {
    try directory.writePlan(plan)
    try measure(try directory.journal())
  }

  /// Goes on where the journal of the directory ends. A sweep that has ended by its own rules stays as it is.
  ///
  /// - Parameters:
  ///   - time: Now, ISO 8601 in UTC.
  ///   - notes: What changed since the sweep began that a reader must know.
  /// - Returns: Whether there was anything left to do.
  /// - Throws: ``InputError`` as ``run()``; also when another process is writing the sweep.
  public func resume(as time: String, notes: [String] = []) throws(InputError) -> Bool {
    let journal = try directory.journal()
    earlier = JournalState(try directory.journalContents(JournalEntry.self).records)
    if earlier.isComplete { return false }
    try journal.append(
      JournalEntry(ResumptionRecord(at: time, elapsedNs: earlier.elapsedNs, notes: notes)))
    for note in notes { observer.warning(note) }
    earlierDirectories = Set(earlier.runs.map(\.directory))
    for record in earlier.runs {
      pace.note(record)
      attempts["\(record.arm)/\(record.block)", default: 0] += 1
    }
    pace.reruns = Set(earlier.runs.filter { $0.pass > 0 }.map(\.block)).count
    pace.extras = max(0, pace.runsDone - Set(earlier.runs.map { "\($0.arm)/\($0.block)/\($0.pass)" }).count)
    try measure(journal)
    return true
  }

  /// Runs every block that is not complete, and the journal's end.
  private func measure(_ journal: borrowing Journal) throws(InputError) {
    do {
      guardian = try ChildGuard()
    } catch {
      // The kernel still ends the child itself, if not what that has started.
      observer.warning("\(error)")
    }
    defer { guardian = nil }
    for warning in plan.warnings { observer.warning(warning) }
    try freezePredictions(journal)
    observer.planned(runs: pace.total(elapsed: elapsed.seconds))
    var block = 0
    var ending: Ending?
    while ending == nil {
      if let done = earlier.block(block) {
        precision.note(plan.arms.flatMap { earlier.runs(of: $0.id, block: block, pass: done.keptPass) })
        pace.blocksDone = block + 1
      } else if block >= plan.blocks.minimum && precision.isReached {
        ending = .rule(.halfWidth)
      } else if !pace.begins(block: block, elapsed: elapsed.seconds) {
        ending = .rule(block >= plan.blocks.maximum ? .maximum : .budget)
      } else {
        ending = try measure(block: block, journal).map { .cutShort($0) }
      }
      block += 1
    }
    switch ending {
    case .cutShort(let reason):
      observer.warning(reason)
      try journal.append(JournalEntry(EndRecord(elapsedNs: elapsed, cutShort: reason)))
    case .rule(let rule):
      try journal.append(JournalEntry(EndRecord(elapsedNs: elapsed, cutShort: nil, stoppedBy: rule)))
    case nil: break
    }
  }

  /// Why a sweep ends.
  private enum Ending {
    /// By a rule of its plan.
    case rule(StopRule)
    /// Before its time.
    case cutShort(String)
  }

  /// Since the sweep's start, without the time between its parts.
  var elapsed: Nanoseconds {
    earlier.elapsedNs + Nanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds))
  }

  func progress() -> SweepProgress {
    let now = elapsed
    return SweepProgress(
      done: pace.runsDone, total: max(pace.total(elapsed: now.seconds), pace.runsDone), elapsed: now,
      remaining: pace.remainingSeconds(elapsed: now.seconds).map { Nanoseconds(Int64($0 * 1e9)) })
  }
}

/// The place of a run in the sweep.
struct Slot {
  let arm: PlannedCell
  let block: Int
  let pass: Int
  let position: Int
}
