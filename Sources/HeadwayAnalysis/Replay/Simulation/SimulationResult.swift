import HeadwayTrace

/// What a simulation found.
package struct SimulationResult: Equatable, Sendable {
  /// From the beginning to the end of the thread that was added first, in nanoseconds.
  package var spanNs = 0.0
  /// The steps' lengths, in nanoseconds.
  package var stepsNs: [Double] = []
  /// Where each thread's time went; the times of a thread sum to ``spanNs``.
  package var threads: [ThreadTimes] = []
  /// Whether the first thread ended; `false` when all threads wait for each other.
  package var isComplete = false

  /// The time of all threads in one category.
  package func time(_ category: StateCategory) -> Double {
    threads.reduce(0) { $0 + $1.time(category) }
  }
}

/// Where a simulated thread's time went, in nanoseconds.
package struct ThreadTimes: Equatable, Sendable {
  /// Computing.
  package var useful = 0.0
  /// Waking others, which is booked to the wait that it ends.
  package var waking = 0.0
  /// With work, but without a core.
  package var runnable = 0.0
  /// Polling.
  package var spin = 0.0
  /// Asleep.
  package var blocked = 0.0
  /// After its last operation.
  package var exited = 0.0

  func time(_ category: StateCategory) -> Double {
    switch category {
    case .useful: useful
    case .runnable: runnable
    case .spin: spin
    case .blocked: blocked + waking
    case .lifecycle: exited
    case .selfCost, .unknown: 0
    }
  }
}
