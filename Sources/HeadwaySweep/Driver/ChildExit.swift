import HeadwayTrace

/// How a child process ended and what it cost.
struct ChildExit: Equatable, Sendable {
  /// Its exit status; absent when a signal ended it.
  var status: Int?
  /// The signal that ended it.
  var signal: Int?
  /// Whether it was ended because it ran past its time.
  var timedOut = false
  /// Whether it was ended because the sweep was asked to stop.
  var cancelled = false
  /// From its start to its end.
  var wallNs: Nanoseconds
  /// CPU time of it and of the children that it waited for.
  var cpuNs: Nanoseconds

  /// What went wrong; `nil` for an exit with status 0.
  func complaint(timeoutSeconds: Double) -> String? {
    if cancelled { return "the sweep was stopped while it ran" }
    if timedOut { return "it was still running after \(Self.plain(timeoutSeconds)) s and was ended" }
    if let signal { return "it was ended by signal \(signal)" }
    if let status, status != 0 { return "it exited with status \(status)" }
    return nil
  }

  /// A number without a fraction that says nothing: `600`, `0.5`.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
  }
}
