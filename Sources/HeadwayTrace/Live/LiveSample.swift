/// What can be seen of a run at one moment: its status file, and what the kernel says of its process.
public struct LiveSample: Equatable, Sendable {
  /// The status file.
  public var snapshot: LiveSnapshot
  /// The kernel's times of the threads; what cannot be read is absent.
  public var kernel: [ThreadID: KernelTimes]
  /// Memory of the process; absent where it is not seen.
  public var memory: LiveView.Memory?

  /// What the kernel's scheduler knows of a thread since that began.
  public struct KernelTimes: Equatable, Sendable {
    /// The counter when it was asked.
    public var at: UInt64
    /// Time on a CPU.
    public var onCpuNs: UInt64
    /// Time ready without one.
    public var runDelayNs: UInt64
    /// Assembles a reading.
    public init(at: UInt64, onCpuNs: UInt64, runDelayNs: UInt64) {
      self.at = at
      self.onCpuNs = onCpuNs
      self.runDelayNs = runDelayNs
    }
  }

  /// Assembles a sample.
  public init(
    snapshot: LiveSnapshot, kernel: [ThreadID: KernelTimes] = [:], memory: LiveView.Memory? = nil
  ) {
    self.snapshot = snapshot
    self.kernel = kernel
    self.memory = memory
  }
}
