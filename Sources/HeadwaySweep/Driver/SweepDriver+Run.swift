import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwayTrace

extension SweepDriver {
  /// The variable whose length differs from run to run: where the environment ends decides where the
  /// stack begins, and a fixed place would favour one cell by accident (Mytkowicz et al., 2009).
  static let paddingVariable = "HEADWAY_PADDING"

  /// Starts one run, waits for it and looks at what it left.
  func measure(_ slot: Slot) throws(InputError) -> RunRecord {
    let name = "\(slot.arm.id)/\(slot.block)"
    let attempt = attempts[name, default: 0]
    attempts[name] = attempt + 1
    let relative = directory.relativeRunPath(cell: slot.arm.id, block: slot.block, attempt: attempt)
    let run = try RunDirectory(creating: directory.resolve(relative))
    try run.write(slot.arm.configuration)
    let paddingBytes = padding.below(4_096)
    var environment = command.environment
    environment[Self.paddingVariable] = String(repeating: "x", count: paddingBytes)
    let request = RunCommand.Request(configurationPath: run.configurationPath, runDirectory: run.path)
    let child = ChildProcess(
      executable: command.executable, arguments: command.arguments(request), environment: environment,
      logPath: run.logPath, timeoutSeconds: plan.timeoutSeconds, graceSeconds: graceSeconds)

    let startedNs = elapsed
    let before = activity()
    let exit = try child.run(cancellation)
    let disturbance = Disturbance(from: before, to: activity())
    if before == nil && !hasWarnedOfBlindness {
      hasWarnedOfBlindness = true
      observer.warning("/proc/stat cannot be read, so disturbed blocks are not noticed")
    }

    let complaint =
      exit.complaint(timeoutSeconds: plan.timeoutSeconds) ?? Self.complaint(about: run, slot.arm)
    var record = RunRecord(
      arm: slot.arm.id, block: slot.block, pass: slot.pass, position: slot.position, directory: relative)
    record.outcome =
      exit.cancelled ? .cancelled : exit.timedOut ? .timedOut : complaint == nil ? .completed : .failed
    record.reason = complaint
    record.lastLines = complaint == nil ? [] : StoredFile.lastLines(5, of: run.logPath)
    record.exitStatus = exit.status
    record.signal = exit.signal
    record.startedNs = startedNs
    record.wallNs = exit.wallNs
    record.cpuNs = exit.cpuNs
    record.stealShare = disturbance?.stealShare
    record.foreignShare = disturbance?.foreignShare
    record.throttledPeriods = disturbance?.throttledPeriods
    record.paddingBytes = paddingBytes
    return record
  }

  /// What is wrong with the summary of a run that exited well; `nil` for a run that can be used.
  static func complaint(about run: RunDirectory, _ arm: PlannedCell) -> String? {
    let summary: RunSummary
    do {
      summary = try run.summary()
    } catch {
      return "it exited with status 0, but its summary cannot be used: \(error)"
    }
    if !summary.completed { return "it exited with status 0 before it had done its work" }
    let different = RunConfiguration.keys.filter {
      summary.configuration?.value(of: $0) != arm.configuration.value(of: $0)
    }
    if !different.isEmpty {
      return "it ran with another \(different.joined(separator: ", ")) than the plan asks for"
    }
    guard let rate = summary.throughput.tokensPerSecond else { return "it reports no tokens a second" }
    return rate.isFinite && rate > 0 ? nil : "it reports \(rate) tokens a second"
  }
}
