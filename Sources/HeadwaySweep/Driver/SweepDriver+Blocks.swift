import HeadwayStore
import HeadwayTrace

extension SweepDriver {
  /// Measures one block, again when it was disturbed. Returns why the sweep must end, if it must.
  func measure(block: Int, _ journal: borrowing Journal) throws(InputError) -> String? {
    var passes: [[RunRecord]] = []
    while true {
      let records = try measure(block: block, pass: passes.count, journal)
      if cancellation.isCancelled { return "the sweep was stopped in block \(block + 1)" }
      if records.allSatisfy({ $0.outcome != .completed }) {
        let why = records.first?.reason ?? "no run"
        return "no run of block \(block + 1) succeeded (\(why)), so the sweep ended"
      }
      passes.append(records)
      let seconds = records.reduce(0) { $0 + $1.wallNs.seconds }
      let found = complaints(records)
      if found.isEmpty || passes.count > 1 { break }
      if earlier.hasBegun(block: block, pass: passes.count) { continue }
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
    precision.note(passes[kept])
    pace.blocksDone = block + 1
    return nil
  }

  /// Runs every arm of a block once, but those whose runs the journal has.
  private func measure(
    block: Int, pass: Int, _ journal: borrowing Journal
  ) throws(InputError) -> [RunRecord] {
    var records: [RunRecord] = []
    let finished = finishedRuns(block: block, pass: pass)
    for (position, arm) in plan.order(inBlock: block).enumerated() {
      let slot = Slot(arm: arm, block: block, pass: pass, position: position)
      if let record = finished[arm.id]?.last, record.outcome == .completed {
        records.append(record)
        continue
      }
      var retriesLeft = plan.retries - (finished[arm.id]?.count ?? 0)
      if retriesLeft < 0, let last = finished[arm.id]?.last {
        records.append(last)
        continue
      }
      while true {
        if cancellation.isCancelled { return records }
        observer.runStarted(label: arm.label, block: block, progress: progress())
        let record = try measure(slot)
        try journal.append(JournalEntry(record))
        pace.note(record)
        observer.runFinished(record, label: arm.label, progress: progress())
        if record.outcome == .completed || record.outcome == .cancelled || retriesLeft <= 0 {
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

  /// The runs of a pass that an earlier part of the sweep finished, by arm: those that failed count as tries. A
  /// sweep that ended because nothing of its last block succeeded tries that block afresh: whoever resumes it has
  /// mended something. So does a run whose files are gone.
  private func finishedRuns(block: Int, pass: Int) -> [String: [RunRecord]] {
    let byArm = plan.arms.map { arm in
      let records = earlier.runs(of: arm.id, block: block, pass: pass).filter { $0.outcome != .cancelled }
      return (arm.id, records.filter { $0.outcome != .completed || isUsable($0, arm) })
    }
    let isFruitless = byArm.allSatisfy { $0.1.allSatisfy { $0.outcome != .completed } && !$0.1.isEmpty }
    return isFruitless ? [:] : Dictionary(uniqueKeysWithValues: byArm)
  }

  private func isUsable(_ record: RunRecord, _ arm: PlannedCell) -> Bool {
    guard let configuration = arm.configuration else { return record.value != nil }
    guard let run = try? RunDirectory(opening: directory.resolve(record.directory)) else { return false }
    return Self.reading(of: run, configuration).complaint == nil
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
