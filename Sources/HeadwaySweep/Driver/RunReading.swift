import HeadwayStore
import HeadwayTrace

/// What a run that exited well has to say: its one number, or why it cannot be used.
struct RunReading: Equatable {
  /// Why it cannot be used; `nil` for a run that can.
  var complaint: String?
  /// Tokens per second, or another program's metric.
  var value: Double?
  /// What another program says of the work that it did.
  var work: String?
}

extension SweepDriver {
  /// Reads the summary of a run of Headway's own training.
  static func reading(of run: RunDirectory, _ configuration: RunConfiguration) -> RunReading {
    let summary: RunSummary
    do {
      summary = try run.summary()
    } catch {
      return RunReading(complaint: "it exited with status 0, but its summary cannot be used: \(error)")
    }
    if !summary.completed {
      return RunReading(complaint: "it exited with status 0 before it had done its work")
    }
    let different = RunConfiguration.keys.filter {
      summary.configuration?.value(of: $0) != configuration.value(of: $0)
    }
    if !different.isEmpty {
      return RunReading(
        complaint: "it ran with another \(different.joined(separator: ", ")) than the plan asks for")
    }
    guard let rate = summary.throughput.tokensPerSecond else {
      return RunReading(complaint: "it reports no tokens a second")
    }
    return rate.isFinite && rate > 0
      ? RunReading(value: rate) : RunReading(complaint: "it reports \(rate) tokens a second")
  }

  /// Reads what another program printed or wrote.
  static func reading(of call: ProgramCall, log: String, _ exit: ChildExit) -> RunReading {
    var reading = RunReading()
    switch call.work(log: log) {
    case .failure(let complaint): return RunReading(complaint: complaint.text)
    case .success(let work): reading.work = work
    case nil: break
    }
    switch call.value(log: log, wallNs: exit.wallNs) {
    case .failure(let complaint): return RunReading(complaint: complaint.text)
    case .success(let value): reading.value = value
    }
    return reading
  }
}
