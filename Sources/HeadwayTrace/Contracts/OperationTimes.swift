/// What the operations inside the states of a run took, on all threads of the program: there with
/// `operations: true`, or where another engine times operations of its own.
///
/// A thread reads the clock once at the end of each operation, which gets the time since the operation before it
/// or since its state was entered. So the times of a state's operations and its ``TimedState/restNs`` add up to
/// the state's wall time.
public struct OperationTimes: Codable, Equatable, Sendable {
  /// The operations: state by state, the longest first.
  public var operations: [OperationTime]
  /// The states that they lie in.
  public var states: [TimedState]
  /// What a reader must know before believing the figures.
  public var warnings: [String]
  /// Assembles the times.
  public init(operations: [OperationTime], states: [TimedState], warnings: [String] = []) {
    self.operations = operations
    self.states = states
    self.warnings = warnings
  }
}

/// One kind of operation inside one state, in the measured window.
public struct OperationTime: Codable, Equatable, Sendable {
  /// Its name.
  public var operation: String
  /// The state that it lies in.
  public var state: String
  /// How often it ended in the window.
  public var count: Int
  /// Its exclusive wall time, all threads together.
  public var wallNs: Nanoseconds
  /// An estimate of its CPU time, all threads together: each thread's CPU time in the state, shared out by wall
  /// time. A reading of the CPU clock for every operation would cost more than many of them take.
  public var cpuNs: Nanoseconds
  /// ``wallNs`` as a share of the state's.
  public var share: Double
  /// Threads that did it at the same time, at most as many as there are CPUs; absent where those are not known.
  public var threads: Int?
  /// What was computed, and how fast by its CPU time; absent where the work is not counted.
  public var work: RooflineWork?
  /// The roof; absent without ceilings at as many threads, and where the work is not counted.
  public var roof: Roof?
  /// Assembles an operation's time.
  public init(
    operation: String, state: String, count: Int, wallNs: Nanoseconds, cpuNs: Nanoseconds, share: Double,
    threads: Int?, work: RooflineWork?, roof: Roof? = nil
  ) {
    self.operation = operation
    self.state = state
    self.count = count
    self.wallNs = wallNs
    self.cpuNs = cpuNs
    self.share = share
    self.threads = threads
    self.work = work
    self.roof = roof
  }
}

/// A state inside which operations were timed.
public struct TimedState: Codable, Equatable, Sendable {
  /// Its name.
  public var state: String
  /// Its exclusive wall time, all threads together.
  public var wallNs: Nanoseconds
  /// The part of it in no operation: what lies after the last one, and the probe's own change of state.
  public var restNs: Nanoseconds
  /// Assembles a state.
  public init(state: String, wallNs: Nanoseconds, restNs: Nanoseconds) {
    self.state = state
    self.wallNs = wallNs
    self.restNs = restNs
  }
}
