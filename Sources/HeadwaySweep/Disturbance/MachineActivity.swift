import Foundation
import HeadwayFiles

/// The machine's CPU time since it booted, from the first line of `/proc/stat`: what tells a sweep that
/// somebody else was using the machine.
public struct MachineActivity: Equatable, Sendable {
  /// CPU time of everything that ran, in seconds summed over CPUs; without what was stolen.
  public var busySeconds: Double
  /// CPU time that the hypervisor gave to others while this machine had something to run.
  public var stolenSeconds: Double
  /// CPU time with nothing to run.
  public var idleSeconds: Double

  /// States the machine's CPU times.
  public init(busySeconds: Double, stolenSeconds: Double, idleSeconds: Double) {
    self.busySeconds = busySeconds
    self.stolenSeconds = stolenSeconds
    self.idleSeconds = idleSeconds
  }

  /// Reads `/proc/stat`; `nil` where there is none or it cannot be understood.
  public static func read() -> MachineActivity? {
    guard let bytes = try? StoredFile.read("/proc/stat", remedy: "run on Linux") else { return nil }
    let ticks = sysconf(Int32(_SC_CLK_TCK))
    return MachineActivity(
      statistics: String(decoding: bytes, as: UTF8.self), ticksPerSecond: ticks > 0 ? ticks : 100)
  }

  /// Reads the text of `/proc/stat`. The fields are user, nice, system, idle, iowait, irq, softirq and
  /// steal, in ticks; guest time, behind them, is part of user time already.
  package init?(statistics: String, ticksPerSecond: Int) {
    guard let line = statistics.split(separator: "\n").first(where: { $0.hasPrefix("cpu ") }) else {
      return nil
    }
    let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard fields.count == 8 else { return nil }
    let seconds = fields.map { $0 / Double(ticksPerSecond) }
    busySeconds = seconds[0] + seconds[1] + seconds[2] + seconds[5] + seconds[6]
    stolenSeconds = seconds[7]
    idleSeconds = seconds[3] + seconds[4]
  }
}

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

  /// Compares the machine before and after a run that itself used `ownSeconds` of CPU time; `nil` when a
  /// reading is missing or the run was too short for the kernel's ticks.
  public init?(from before: MachineActivity?, to after: MachineActivity?, ownSeconds: Double) {
    guard let before, let after else { return nil }
    let busy = after.busySeconds - before.busySeconds
    let stolen = after.stolenSeconds - before.stolenSeconds
    let whole = busy + stolen + after.idleSeconds - before.idleSeconds
    guard whole >= Self.shortestWindow else { return nil }
    stealShare = max(0, stolen / whole)
    foreignShare = max(0, (busy - ownSeconds) / whole)
  }

  /// What was too much, in words; `nil` for a run that was left in peace.
  public static func complaint(stealShare: Double?, foreignShare: Double?) -> String? {
    var parts: [String] = []
    if let stealShare, stealShare > stealLimit {
      parts.append("the hypervisor took \(percent(stealShare)) of the machine")
    }
    if let foreignShare, foreignShare > foreignLimit {
      parts.append("other processes used \(percent(foreignShare)) of the machine")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
