import CHeadwayLinux
import HeadwayTrace

/// What the kernel says of one thread at an instant. A value that cannot be read is absent.
package struct KernelReading: Equatable, Sendable {
  /// CPU time since the thread began.
  package var cpuNs: UInt64?
  /// Time ready but not running since the thread began.
  package var runDelayNs: UInt64?
  /// The kernel's letter: `R`, `S`, `D`, `T`, `t` …
  package var state: Character?
  /// The kernel function in which the thread sleeps.
  package var waitChannel: String?

  package init(
    cpuNs: UInt64? = nil, runDelayNs: UInt64? = nil, state: Character? = nil, waitChannel: String? = nil
  ) {
    self.cpuNs = cpuNs
    self.runDelayNs = runDelayNs
    self.state = state
    self.waitChannel = waitChannel
  }

  /// Reads what is known of one thread of this process.
  package static func read(_ thread: ThreadID) -> KernelReading {
    let folder = "/proc/self/task/\(thread.rawValue)"
    let cpuNs = headway_cpu_ns_of(thread.rawValue)
    return KernelReading(
      cpuNs: cpuNs == .max ? nil : cpuNs, runDelayNs: SchedulingReading.read(thread)?.runDelayNs,
      state: ProcFile.read(folder + "/stat").flatMap(parseState),
      waitChannel: ProcFile.value(folder + "/wchan").flatMap { $0 == "0" ? nil : $0 })
  }

  /// The letter behind the last parenthesis of `stat`: the name before it may hold anything.
  package static func parseState(_ text: String) -> Character? {
    guard let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].first { !$0.isWhitespace }
  }
}
