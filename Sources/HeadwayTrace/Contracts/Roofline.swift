/// How close the parts of a run came to what its machine can do at most.
///
/// FLOPs and bytes are counted from the shapes (``StepCost``), times are the threads' CPU times in the states that
/// do the work, ceilings are those of ``MachineCeilings`` at as many threads. Williams, Waterman and Patterson,
/// *Roofline: an insightful visual performance model* (2009), with one change: the roof of a state is that of its
/// operations one after another, not that of their mean intensity.
public struct Roofline: Codable, Equatable, Sendable {
  /// The states that did useful work, in the order of a step.
  public var states: [RooflineState]
  /// What one step asks of the machine, operation by operation, in the order of ``StepCost``.
  public var operations: [RooflineOperation]
  /// Steps whose work is counted.
  public var steps: Int
  /// What a reader must know before believing the figures.
  public var warnings: [String]
  /// Assembles a roofline.
  public init(states: [RooflineState], operations: [RooflineOperation], steps: Int, warnings: [String]) {
    self.states = states
    self.operations = operations
    self.steps = steps
    self.warnings = warnings
  }
}

/// One state's work in the measured window, and its roof.
public struct RooflineState: Codable, Equatable, Sendable {
  /// The state's name.
  public var state: String
  /// Threads that did its work at the same time, at most as many as there are CPUs.
  public var threads: Int
  /// CPU time in it, all threads together.
  public var cpuNs: Nanoseconds
  /// What was computed in it; absent for a state whose work is not counted, and so are the rates.
  public var work: RooflineWork?
  /// The roof; absent where the work is not counted or the ceilings were not measured at ``threads``.
  public var roof: Roof?
  /// Assembles a state.
  public init(state: String, threads: Int, cpuNs: Nanoseconds, work: RooflineWork?, roof: Roof?) {
    self.state = state
    self.threads = threads
    self.cpuNs = cpuNs
    self.work = work
    self.roof = roof
  }
}

/// Work that was counted from shapes, and how fast it was done by threads that did nothing else.
public struct RooflineWork: Codable, Equatable, Sendable {
  /// FLOPs in the window.
  public var flops: Double
  /// The least traffic in the window, in bytes.
  public var bytes: Double
  /// 10⁹ FLOPs per second, all threads together.
  public var gflopPerSecond: Double
  /// 10⁹ bytes per second, all threads together.
  public var gigabytesPerSecond: Double
  /// FLOPs for each byte; absent when nothing moves.
  public var intensity: Double? { bytes > 0 ? flops / bytes : nil }
  /// Describes work that took some seconds.
  public init(flops: Double, bytes: Double, seconds: Double) {
    self.flops = flops
    self.bytes = bytes
    gflopPerSecond = flops / seconds / 1e9
    gigabytesPerSecond = bytes / seconds / 1e9
  }
}

/// What could be reached, and what was.
public struct Roof: Codable, Equatable, Sendable {
  /// What limits.
  public enum Bound: String, Codable, Sendable, CaseIterable {
    /// The multiply-adds of the cores.
    case compute
    /// The memory's bandwidth.
    case memory
    /// The bandwidth of the caches: what was reached is more than the memory could have delivered.
    case cache
  }
  /// What limits the most of the time at the roof.
  public var bound: Bound
  /// 10⁹ FLOPs per second that the ceilings allow.
  public var gflopPerSecond: Double
  /// The achieved rate as a share of it.
  public var share: Double
  /// Assembles a roof.
  public init(bound: Bound, gflopPerSecond: Double, share: Double) {
    self.bound = bound
    self.gflopPerSecond = gflopPerSecond
    self.share = share
  }
}

/// One kind of operation of a step, and its time at the roof.
public struct RooflineOperation: Codable, Equatable, Sendable {
  /// Which operation.
  public var operation: ModelOperation
  /// Which part of the step.
  public var part: StepPart
  /// FLOPs of a step.
  public var flops: Int
  /// The least traffic of a step, in bytes.
  public var bytes: Int
  /// The state that does it.
  public var state: String
  /// What limits it at the roof; absent without ceilings.
  public var bound: Roof.Bound?
  /// The least CPU time of a step that the ceilings allow, all threads together; absent without ceilings.
  public var leastNs: Nanoseconds?
  /// Assembles an operation.
  public init(_ cost: OperationCost, state: String, bound: Roof.Bound?, leastNs: Nanoseconds?) {
    operation = cost.operation
    part = cost.part
    flops = cost.flops
    bytes = cost.bytes
    self.state = state
    self.bound = bound
    self.leastNs = leastNs
  }
}
