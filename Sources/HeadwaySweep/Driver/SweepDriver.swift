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
/// A run that crashes, hangs or writes nothing usable is tried again as often as the plan says, and then
/// costs that one run. A block in which somebody else used the machine (``Disturbance``) is measured
/// again whole, once, while the budget allows; of two disturbed passes the quieter counts. Blocks are
/// added up to the plan's maximum or budget, never because of what they show.
public final class SweepDriver {
  /// What the machine is doing now; tests give it a history of their own.
  public typealias ActivityReader = () -> SystemActivity?

  let plan: SweepPlan
  let directory: SweepDirectory
  let command: RunCommand
  let observer: any SweepObserver
  let cancellation: Cancellation
  let activity: ActivityReader
  /// Seconds between asking a run to end and ending it.
  let graceSeconds: Double

  let started = DispatchTime.now()
  var padding: SplitMix64
  var attempts: [String: Int] = [:]
  var pace: Pace
  var hasWarnedOfBlindness = false

  /// Prepares a sweep in a fresh directory.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - directory: Where, fresh.
  ///   - command: How a run is started.
  ///   - observer: Who is told how it goes.
  ///   - cancellation: Who may stop it.
  ///   - activity: How the machine's other load is read.
  ///   - graceSeconds: How long a run that is to end may take to clean up.
  public init(
    plan: SweepPlan, directory: SweepDirectory, command: RunCommand, observer: any SweepObserver,
    cancellation: Cancellation = Cancellation(), activity: @escaping ActivityReader = SystemActivity.read,
    graceSeconds: Double = 5
  ) {
    self.plan = plan
    self.directory = directory
    self.command = command
    self.observer = observer
    self.cancellation = cancellation
    self.activity = activity
    self.graceSeconds = graceSeconds
    padding = SplitMix64(seed: plan.seed ^ 0x7061_6464_696e_6700)
    pace = Pace(plan: plan)
  }

  /// Runs the plan to its end, its budget or a cancellation.
  ///
  /// - Throws: ``InputError`` when the sweep's own files cannot be written or the program cannot be
  ///   started. What had been measured stays readable.
  public func run() throws(InputError) {
    try directory.writePlan(plan)
    let journal = try directory.journal()
    for warning in plan.warnings { observer.warning(warning) }
    observer.planned(runs: pace.total(elapsed: 0))
    var block = 0
    var cutShort: String?
    while pace.begins(block: block, elapsed: elapsed.seconds) {
      cutShort = try measure(block: block, journal)
      if cutShort != nil { break }
      block += 1
    }
    if let cutShort { observer.warning(cutShort) }
    try journal.append(JournalEntry(EndRecord(elapsedNs: elapsed, cutShort: cutShort)))
  }

  /// Since the sweep's start.
  var elapsed: Nanoseconds {
    Nanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds))
  }

  /// Measures one block, again when it was disturbed. Returns why the sweep must end, if it must.
  private func measure(block: Int, _ journal: borrowing Journal) throws(InputError) -> String? {
    var passes: [[RunRecord]] = []
    while true {
      let blockStarted = elapsed.seconds
      let records = try measure(block: block, pass: passes.count, journal)
      if cancellation.isCancelled { return "the sweep was stopped in block \(block + 1)" }
      if records.allSatisfy({ $0.outcome != .completed }) {
        let why = records.first?.reason ?? "no run"
        return "no run of block \(block + 1) succeeded (\(why)), so the sweep ended"
      }
      passes.append(records)
      let seconds = elapsed.seconds - blockStarted
      let found = complaints(records)
      if found.isEmpty || passes.count > 1 { break }
      guard pace.affordsRerun(of: block, blockSeconds: seconds, elapsed: elapsed.seconds) else {
        observer.warning(
          "block \(block + 1) was disturbed (\(found[0])), and the budget leaves no time to repeat it")
        break
      }
      observer.warning("block \(block + 1) was disturbed (\(found[0])): measuring it again")
      pace.reruns += 1
      observer.planned(runs: pace.total(elapsed: elapsed.seconds))
    }
    let kept = Self.quietest(passes)
    try journal.append(
      JournalEntry(
        BlockRecord(
          block: block, passes: passes.count, keptPass: kept, disturbances: complaints(passes[kept]))))
    pace.blocksDone = block + 1
    return nil
  }

  /// Runs every arm of a block once.
  private func measure(
    block: Int, pass: Int, _ journal: borrowing Journal
  ) throws(InputError) -> [RunRecord] {
    var records: [RunRecord] = []
    for (position, arm) in plan.order(inBlock: block).enumerated() {
      let slot = Slot(arm: arm, block: block, pass: pass, position: position)
      var retriesLeft = plan.retries
      while true {
        if cancellation.isCancelled { return records }
        observer.runStarted(label: arm.label, block: block, progress: progress())
        let record = try measure(slot)
        try journal.append(JournalEntry(record))
        pace.note(record)
        observer.runFinished(record, label: arm.label, progress: progress())
        if record.outcome == .completed || record.outcome == .cancelled || retriesLeft == 0 {
          records.append(record)
          break
        }
        observer.warning("\(arm.label), block \(block + 1): \(record.reason ?? "failed"); trying again")
        retriesLeft -= 1
        pace.extras += 1
      }
    }
    return records
  }

  private func progress() -> SweepProgress {
    let now = elapsed
    return SweepProgress(
      done: pace.runsDone, total: max(pace.total(elapsed: now.seconds), pace.runsDone), elapsed: now,
      remaining: pace.remainingSeconds(elapsed: now.seconds).map { Nanoseconds(Int64($0 * 1e9)) })
  }

  /// What disturbed a pass, a sentence a run.
  func complaints(_ records: [RunRecord]) -> [String] {
    let labels = Dictionary(plan.arms.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    return records.compactMap { record in
      record.disturbance.map { "during \u{201C}\(labels[record.arm] ?? record.arm)\u{201D} \($0)" }
    }
  }

  /// The pass with the fewest failed runs, and of those the one with the least disturbance at its worst.
  /// Both are properties of the machine, not of what was measured.
  static func quietest(_ passes: [[RunRecord]]) -> Int {
    func badness(_ records: [RunRecord]) -> (failed: Int, worst: Double) {
      let worst = records.map { record in
        max(
          (record.stealShare ?? 0) / Disturbance.stealLimit,
          (record.foreignShare ?? 0) / Disturbance.foreignLimit)
      }
      return (records.count { $0.outcome != .completed }, worst.max() ?? 0)
    }
    return passes.indices.min { badness(passes[$0]) < badness(passes[$1]) } ?? 0
  }
}

/// The place of a run in the sweep.
struct Slot {
  let arm: PlannedCell
  let block: Int
  let pass: Int
  let position: Int
}
