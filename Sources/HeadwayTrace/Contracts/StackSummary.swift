/// What the sampled stacks of a run say in short: how many there are, what is missing, and the hottest
/// functions of each role.
///
/// Only samples in the measured window count towards roles and functions. A sample counts once for every
/// timer period that it stands for.
public struct StackSummary: Codable, Equatable, Sendable {
  /// What the timers counted.
  public var mode: StackSamplingMode
  /// Samples a second that each thread's timer was set to, in the time that ``mode`` counts.
  public var frequencyHz: Int
  /// Samples that were kept, over the whole run.
  public var samples: Int
  /// Samples that are missing or incomplete.
  public var losses: StackLosses
  /// Time spent in the signal handler, all threads together; the kernel's delivery is not in it.
  public var handlerNs: Nanoseconds
  /// The hottest functions by role, in the order of ``ThreadRole``.
  public var roles: [RoleStacks]
  /// Assembles a summary.
  public init(
    mode: StackSamplingMode, frequencyHz: Int, samples: Int, losses: StackLosses, handlerNs: Nanoseconds,
    roles: [RoleStacks]
  ) {
    self.mode = mode
    self.frequencyHz = frequencyHz
    self.samples = samples
    self.losses = losses
    self.handlerNs = handlerNs
    self.roles = roles
  }
}

/// The hottest functions of the threads of one role.
public struct RoleStacks: Codable, Equatable, Sendable {
  /// The role.
  public var role: ThreadRole
  /// Timer periods that the role's samples in the window stand for.
  public var periods: Int
  /// Those in which the thread slept in a system call.
  public var sleepingPeriods: Int
  /// The functions with the most periods of their own, most first.
  public var functions: [HotFunction]
  /// Assembles a role's functions.
  public init(role: ThreadRole, periods: Int, sleepingPeriods: Int, functions: [HotFunction]) {
    self.role = role
    self.periods = periods
    self.sleepingPeriods = sleepingPeriods
    self.functions = functions
  }
}

/// How often one function was the innermost of a stack, functions inlined into it included.
public struct HotFunction: Codable, Equatable, Sendable {
  /// The function's name.
  public var name: String
  /// The name of its module; absent for code that belongs to none.
  public var module: String?
  /// Timer periods in which it was the innermost function.
  public var selfPeriods: Int
  /// Those in which the thread slept in a system call.
  public var sleepingPeriods: Int
  /// Timer periods in which it was anywhere in the stack.
  public var totalPeriods: Int
  /// Assembles a function's counts.
  public init(name: String, module: String?, selfPeriods: Int, sleepingPeriods: Int, totalPeriods: Int) {
    self.name = name
    self.module = module
    self.selfPeriods = selfPeriods
    self.sleepingPeriods = sleepingPeriods
    self.totalPeriods = totalPeriods
  }
}
