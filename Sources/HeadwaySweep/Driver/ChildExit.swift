import Glibc
import HeadwayTrace

/// How a child process ended and what it cost.
package struct ChildExit: Equatable, Sendable {
  /// Its exit status; absent when a signal ended it.
  package var status: Int?
  /// The signal that ended it.
  package var signal: Int?
  /// Whether it was ended because it ran past its time.
  package var timedOut = false
  /// Whether it was ended because the sweep was asked to stop.
  package var cancelled = false
  /// From its start to its end.
  package var wallNs: Nanoseconds
  /// CPU time of it and of the children that it waited for.
  package var cpuNs: Nanoseconds
  /// The most memory that was resident at once; absent where it is no more than this process has itself, whose
  /// pages a child is born with.
  package var peakRssBytes: Int?
  /// How often the kernel ended some process of the machine for want of memory meanwhile; absent when unreadable.
  package var memoryKills: Int?

  /// How a process ended of which only its times are known yet.
  package init(wallNs: Nanoseconds, cpuNs: Nanoseconds) {
    self.wallNs = wallNs
    self.cpuNs = cpuNs
  }

  /// Whether the kernel ended it because memory had run out: somebody sent the signal that nobody here sends to a
  /// run within its time, and the kernel counted such an end.
  package var ranOutOfMemory: Bool {
    signal == Int(SIGKILL) && !timedOut && !cancelled && (memoryKills ?? 0) > 0
  }

  /// What went wrong; `nil` for an exit with status 0.
  package func complaint(timeoutSeconds: Double, memoryLimitBytes: Int? = nil) -> String? {
    if cancelled { return "the sweep was stopped while it ran" }
    if timedOut { return "it was still running after \(Self.plain(timeoutSeconds)) s and was ended" }
    let limit = memoryLimitBytes.map { " under a limit of \(Self.megabytes($0)) of memory" } ?? ""
    if ranOutOfMemory {
      let peak = peakRssBytes.map { " with \(Self.megabytes($0)) resident" } ?? ""
      return "the kernel ended it\(peak), because memory had run out"
    }
    if let signal { return "it was ended by signal \(signal)\(Self.name(ofSignal: signal))\(limit)" }
    if let status, status != 0 { return "it exited with status \(status)\(limit)" }
    return nil
  }

  private static func megabytes(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }

  /// The name of a signal that a person meets; nothing for the others.
  private static func name(ofSignal number: Int) -> String {
    let names = [
      SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGHUP: "SIGHUP", SIGILL: "SIGILL",
      SIGINT: "SIGINT", SIGKILL: "SIGKILL", SIGPIPE: "SIGPIPE", SIGSEGV: "SIGSEGV", SIGTERM: "SIGTERM",
      SIGTRAP: "SIGTRAP", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    ]
    return names[Int32(number)].map { " (\($0))" } ?? ""
  }

  /// A number without a fraction that says nothing: `600`, `0.5`.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
  }
}
