/// A machine and the threads that run on it, as the replay simulates them: cores, barriers, bounded queues,
/// latches, and a list of operations for each thread. A value; nothing here knows what a training step is.
///
///     var model = SimulationModel(cores: 2)
///     let end = model.addBarrier(participants: 2)
///     model.addThread([.compute(Work(coreNs: 5)), .cross(end)])
///     model.addThread([.compute(Work(coreNs: 3)), .cross(end)])
///     Simulation.run(model).spanNs  // 5
///
/// The simulation ends when the thread that was added first has ended.
package struct SimulationModel: Sendable {
  /// Cores that the threads share.
  package var cores: Int
  /// How fast one core is when 1, 2, … of them compute, as a share of its speed when alone.
  package var speeds: [Double] = [1]
  /// Bytes per nanosecond that all cores together can move; `nil` does not limit.
  package var bandwidth: Double?
  /// When a core turns from one thread to the next.
  package var slices: TimeSlices
  /// What it costs a core to turn from one large thread to another.
  package var refill = RefillCost.none
  /// What waking and being woken costs.
  package var latency = WaitLatency.none
  /// The threads' operations.
  package private(set) var threads: [ThreadProgram] = []
  package private(set) var barriers: [BarrierModel] = []
  package private(set) var queues: [QueueModel] = []
  package private(set) var latches: [LatchModel] = []

  /// An empty machine.
  package init(cores: Int) {
    self.cores = cores
    slices = .usual(cores: cores)
  }

  /// Adds a thread, and returns its number.
  ///
  /// - Parameters:
  ///   - repeats: Whether it begins again after its last operation, as a worker at a queue does.
  ///   - polls: Whether it polls where that is the custom; otherwise it sleeps at once everywhere.
  @discardableResult
  package mutating func addThread(_ operations: [ThreadOperation], repeats: Bool = false, polls: Bool = true)
    -> Int
  {
    threads.append(ThreadProgram(operations: operations, repeats: repeats, polls: polls))
    return threads.count - 1
  }

  /// Adds a barrier, and returns its number.
  package mutating func addBarrier(participants: Int, polling: WaitPolling = .never) -> Int {
    barriers.append(BarrierModel(participants: participants, polling: polling))
    return barriers.count - 1
  }

  /// Adds a queue that holds up to `capacity` items, and returns its number.
  package mutating func addQueue(capacity: Int, holding items: [Work] = [], polling: WaitPolling = .never)
    -> Int
  {
    queues.append(QueueModel(capacity: capacity, items: items, polling: polling))
    return queues.count - 1
  }

  /// Adds a latch, and returns its number.
  package mutating func addLatch(polling: WaitPolling = .never) -> Int {
    latches.append(LatchModel(polling: polling))
    return latches.count - 1
  }
}

/// A thread's operations.
package struct ThreadProgram: Sendable {
  package var operations: [ThreadOperation]
  package var repeats: Bool
  package var polls: Bool
}

/// Threads that meet.
package struct BarrierModel: Sendable {
  package var participants: Int
  package var polling: WaitPolling
}

/// A bounded queue and what lies in it at the beginning.
package struct QueueModel: Sendable {
  package var capacity: Int
  package var items: [Work]
  package var polling: WaitPolling
}

/// A count of tasks that one thread waits for.
package struct LatchModel: Sendable {
  package var polling: WaitPolling
}

/// Work of one thread.
package struct Work: Hashable, Sendable {
  /// Nanoseconds that it takes of a core at full speed.
  package var coreNs: Double
  /// The part of them that the thread itself computes; the rest others take from the core meanwhile.
  package var cpuNs: Double
  /// Bytes that it moves.
  package var bytes: Double

  /// Describes work, all of it the thread's own unless said otherwise.
  package init(coreNs: Double, cpuNs: Double? = nil, bytes: Double = 0) {
    self.coreNs = coreNs
    self.cpuNs = cpuNs ?? coreNs
    self.bytes = bytes
  }

  /// No work.
  package static let none = Work(coreNs: 0)

  /// One after the other.
  package static func + (left: Work, right: Work) -> Work {
    Work(coreNs: left.coreNs + right.coreNs, cpuNs: left.cpuNs + right.cpuNs, bytes: left.bytes + right.bytes)
  }

  /// A multiple.
  package static func * (work: Work, factor: Double) -> Work {
    Work(coreNs: work.coreNs * factor, cpuNs: work.cpuNs * factor, bytes: work.bytes * factor)
  }
}

/// One operation of a thread.
package enum ThreadOperation: Sendable {
  /// Computes.
  case compute(Work)
  /// Computes the item that the last `get` took.
  case perform
  /// Meets the others of a barrier.
  case cross(Int)
  /// Puts an item into a queue; waits while it is full.
  case put(Int, Work)
  /// Takes an item from a queue; waits while it is empty.
  case get(Int)
  /// Expects so many tasks at a latch.
  case arm(Int, count: Int)
  /// Says that a task is done.
  case countDown(Int)
  /// Waits until all expected tasks are done.
  case join(Int)
  /// A step begins.
  case beginStep
  /// A step ends.
  case endStep
}
