import HeadwayTrace

extension RunView {
  /// The CPU time that going to sleep and waking up takes at most: two switches of context and the system
  /// calls around them.
  static let sleepCost = 20_000.0

  /// The CPU time that a thread spent polling, in nanoseconds: that of its spin states, and of its waits what
  /// sleeping does not take. A wait that burns a CPU is polling whatever state its engine calls it.
  func polling(of thread: ThreadBook) -> Double {
    thread.states.values.reduce(Double(thread.time(.spin).count)) {
      $1.category == .blocked ? $0 + polling(in: $1) : $0
    }
  }

  /// The CPU time of a wait beyond what going to sleep and waking take, in nanoseconds.
  func polling(in wait: StateBook) -> Double {
    max(Double(wait.cpuNs.count) - Double(wait.count + 1) * Self.sleepCost, 0)
  }

  /// The state that a thread polls in most; `nil` where it does not poll.
  func pollingState(of thread: ThreadBook) -> String? {
    let polled = thread.states.filter { $0.value.category == .spin || $0.value.category == .blocked }
    return polled.max {
      $0.value.cpuNs == $1.value.cpuNs ? $0.key > $1.key : $0.value.cpuNs < $1.value.cpuNs
    }.map(\.key)
  }
}
