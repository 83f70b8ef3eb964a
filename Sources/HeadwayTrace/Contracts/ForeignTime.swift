/// CPU time that others took of the machine while a run's window was open, by the kernel's accounts of whole CPUs.
///
/// The kernel keeps these accounts by its ticks (1 to 10 ms), so that of a window of a few ticks they say little.
public struct ForeignTime: Codable, Equatable, Sendable {
  /// Used by other processes and by the kernel, summed over the CPUs.
  public var processesNs: Nanoseconds
  /// Given to other guests by the hypervisor, summed over the CPUs; absent where the kernel does not report it.
  public var stolenNs: Nanoseconds?

  /// Assembles what others took.
  public init(processesNs: Nanoseconds, stolenNs: Nanoseconds?) {
    self.processesNs = processesNs
    self.stolenNs = stolenNs
  }

  /// All of it.
  public var totalNs: Nanoseconds { processesNs + (stolenNs ?? .zero) }
}
