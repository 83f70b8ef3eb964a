import Foundation
import HeadwayFiles
import HeadwayStatistics
import HeadwayStore
import HeadwayTrace

extension SweepDriver {
  /// The variable whose length differs from run to run: where the environment ends decides where the
  /// stack begins, and a fixed place would favour one cell by accident (Mytkowicz et al., 2009).
  static let paddingVariable = "HEADWAY_PADDING"

  /// Starts one run, waits for it and looks at what it left.
  func measure(_ slot: Slot) throws(InputError) -> RunRecord {
    let name = "\(slot.arm.id)/\(slot.block)"
    var attempt = attempts[name, default: 0]
    var relative = directory.relativeRunPath(cell: slot.arm.id, block: slot.block, attempt: attempt)
    while earlierDirectories.contains(relative) {
      attempt += 1
      relative = directory.relativeRunPath(cell: slot.arm.id, block: slot.block, attempt: attempt)
    }
    attempts[name] = attempt + 1
    return try measure(slot, in: relative, attempt: attempt)
  }

  /// Makes one run in a directory of the sweep.
  func measure(_ slot: Slot, in relative: String, attempt: Int) throws(InputError) -> RunRecord {
    // What is there is of a run that the journal does not know: it was killed with the sweep.
    try directory.discardUnfinishedRun(relative)
    let run = try RunDirectory(creating: directory.resolve(relative))
    var record = RunRecord(
      arm: slot.arm.id, block: slot.block, pass: slot.pass, position: slot.position, directory: relative)
    record.paddingBytes = padding(of: slot, attempt: attempt)
    record.startedNs = elapsed
    let before = activity()
    let exit: ChildExit
    do {
      let invocation = try invocation(of: slot, in: run, paddingBytes: record.paddingBytes)
      exit = try invocation.child.run(cancellation)
      record.reason = exit.complaint(
        timeoutSeconds: plan.timeoutSeconds, memoryLimitBytes: plan.memoryLimitBytes)
      if record.reason == nil {
        let reading = invocation.read(run, exit)
        (record.reason, record.value, record.work) = (reading.complaint, reading.value, reading.work)
      }
    } catch {
      // The cells of another program may name different ones: one that is not there costs its cell.
      guard plan.program != nil else { throw error }
      (record.outcome, record.reason) = (.failed, "\(error)")
      return record
    }
    let disturbance = Disturbance(from: before, to: activity())
    if before == nil && !hasWarnedOfBlindness {
      hasWarnedOfBlindness = true
      observer.warning("/proc/stat cannot be read, so disturbed blocks are not noticed")
    }
    record.outcome = Self.outcome(exit, record.reason)
    record.lastLines = record.reason == nil ? [] : StoredFile.lastLines(5, of: run.logPath)
    record.exitStatus = exit.status
    record.signal = exit.signal
    record.wallNs = exit.wallNs
    record.cpuNs = exit.cpuNs
    record.peakRssBytes = exit.peakRssBytes
    record.stealShare = disturbance?.stealShare
    record.foreignShare = disturbance?.foreignShare
    record.throttledPeriods = disturbance?.throttledPeriods
    record.loadAverage = before?.loadAverage
    return record
  }

  private static func outcome(_ exit: ChildExit, _ complaint: String?) -> RunRecord.Outcome {
    if exit.cancelled { return .cancelled }
    if exit.timedOut { return .timedOut }
    if exit.ranOutOfMemory { return .outOfMemory }
    return complaint == nil ? .completed : .failed
  }

  /// A run that is about to start, and how it will be read.
  private struct Invocation {
    let child: ChildProcess
    let read: (RunDirectory, ChildExit) -> RunReading
  }

  private func invocation(
    of slot: Slot, in run: RunDirectory, paddingBytes: Int
  ) throws(InputError) -> Invocation {
    let here = plan.context.workingDirectory ?? FileManager.default.currentDirectoryPath
    let request = RunCommand.Request(
      configurationPath: Self.whole(run.configurationPath), runDirectory: Self.whole(run.path))
    var child = ChildProcess(
      executable: command.executable, arguments: command.arguments(request), environment: command.environment,
      workingDirectory: here, logPath: run.logPath, timeoutSeconds: plan.timeoutSeconds,
      memoryLimitBytes: plan.memoryLimitBytes, guardian: guardian, graceSeconds: graceSeconds)
    var read: (RunDirectory, ChildExit) -> RunReading = { _, _ in RunReading(complaint: "nothing was run") }
    if let configuration = slot.arm.configuration {
      try run.write(configuration)
      read = { run, _ in Self.reading(of: run, configuration) }
    } else if let program = plan.program {
      let call = try ProgramCall(
        program, parameters: slot.arm.parameters ?? [], runDirectory: request.runDirectory, block: slot.block,
        inherited: command.environment, directory: here)
      (child.executable, child.arguments, child.environment) = (
        call.executable, call.arguments, call.environment
      )
      read = { run, exit in Self.reading(of: call, log: run.logPath, exit) }
    }
    child.environment[Self.paddingVariable] = String(repeating: "x", count: paddingBytes)
    return Invocation(child: child, read: read)
  }

  /// A path that does not depend on the directory in which it is used.
  private static func whole(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// How much the environment is padded: it depends on the place of the run alone, so that a resumed sweep pads as
  /// one that was never interrupted.
  private func padding(of slot: Slot, attempt: Int) -> Int {
    let arm = plan.arms.firstIndex { $0.id == slot.arm.id } ?? 0
    let place = UInt64(attempt) << 40 ^ UInt64(slot.block) << 20 ^ UInt64(arm)
    var generator = SplitMix64(seed: plan.seed ^ 0x7061_6464_696e_6700 ^ (place &* 0x9E37_79B9_7F4A_7C15))
    return generator.below(4_096)
  }
}
