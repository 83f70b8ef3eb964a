import HeadwayProbes

/// What others took of the machine while a run was measured.
public struct Disturbance: Equatable, Sendable {
  /// Above which share of stolen CPU time a run counts as disturbed: 5 % of the machine.
  public static let stealLimit = 0.05
  /// Above which share of other processes' CPU time a run counts as disturbed: 10 % of the machine.
  public static let foreignLimit = 0.10
  /// CPU-seconds (idle ones counted) below which the kernel's ticks are too coarse for a share.
  static let shortestWindow = 0.5

  /// Share of the machine's CPU time that the hypervisor gave to others.
  public var stealShare: Double
  /// Share of the machine's CPU time that other processes used.
  public var foreignShare: Double

  /// Periods in which the control groups of the sweep were throttled; absent where it is not counted.
  public var throttledPeriods: Int?

  /// Compares the machine before and after a run, of which this process is the parent and has waited for
  /// it; `nil` when a reading is missing or the run was too short for the kernel's ticks.
  public init?(from before: SystemActivity?, to after: SystemActivity?) {
    guard let shares = SystemActivity.shares(from: before, to: after),
      shares.cpuSeconds >= Self.shortestWindow, let steal = shares.stealShare
    else { return nil }
    stealShare = steal
    foreignShare = shares.foreignShare
    throttledPeriods = shares.throttledPeriods
  }

  /// What was too much, in words; `nil` for a run that was left in peace.
  public static func complaint(
    stealShare: Double?, foreignShare: Double?, throttledPeriods: Int?
  ) -> String? {
    var parts: [String] = []
    if let stealShare, stealShare > stealLimit {
      parts.append("the hypervisor took \(percent(stealShare)) of the machine")
    }
    if let foreignShare, foreignShare > foreignLimit {
      parts.append("other processes used \(percent(foreignShare)) of the machine")
    }
    if let throttledPeriods, throttledPeriods > 0 {
      parts.append("the control group's quota stopped it \(throttledPeriods) times")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
