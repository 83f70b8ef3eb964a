/// What the kernel can count for a thread (perf_event_open(2)). The raw values are the keys of
/// ``CounterReadings``.
public enum CounterKind: String, Codable, Sendable, CaseIterable {
  /// Core cycles in user space.
  case cycles
  /// Instructions retired in user space.
  case instructions
  /// Accesses of the last-level cache from user space, as the CPU's maker defines them.
  case cacheReferences = "cache_references"
  /// Those that the last-level cache did not hold.
  case cacheMisses = "cache_misses"
  /// Mispredicted branches in user space.
  case branchMisses = "branch_misses"
  /// Time on a CPU, in nanoseconds.
  case taskClock = "task_clock_ns"
  /// Switches off the CPU, of either kind.
  case contextSwitches = "context_switches"
  /// Moves to another CPU.
  case migrations
  /// Page faults that the thread's own code took; not those that the kernel took for it.
  case pageFaults = "page_faults"

  /// Whether the CPU counts, rather than the kernel.
  public var isHardware: Bool {
    switch self {
    case .cycles, .instructions, .cacheReferences, .cacheMisses, .branchMisses: true
    case .taskClock, .contextSwitches, .migrations, .pageFaults: false
    }
  }

  /// What a person calls it.
  public var words: String {
    switch self {
    case .taskClock: "task clock"
    default: rawValue.replacing("_", with: " ")
    }
  }
}
