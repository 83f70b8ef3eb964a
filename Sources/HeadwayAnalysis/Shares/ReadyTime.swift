import HeadwayTrace

/// The time in which threads that had something to do were ready and had no CPU, and who had the CPUs instead.
///
/// Every second of it is put down to one cause only. A second that a thread of the run polls is a second of a CPU that
/// a ready thread of the run would have had: so polling, which the run itself can change, comes first. What that leaves
/// is put down to others, up to what they took (see ``ForeignLoad``).
///
/// Assumption: without the polling others take no more of the CPUs than they did.
struct ReadyTime {
  /// What the run's polling took from its ready threads, in nanoseconds.
  let lostToPolling: Double
  /// What it leaves of the workers' ready time, in nanoseconds.
  let workersRest: Double
  /// CPU time of all polling, in nanoseconds.
  private let polled: Double

  /// Divides the ready time of a run.
  init(_ view: RunView) {
    let threads = view.run.threads.filter { $0.role != .sampler }
    let missed = threads.reduce(0) { $0 + view.missedTime(of: $1) }
    let workers = view.workers.reduce(0) { $0 + view.missedTime(of: $1) }
    polled = threads.reduce(0) { $0 + view.polling(of: $1) }
    lostToPolling = min(polled, missed)
    workersRest = workers * (1 - ratio(lostToPolling, missed))
  }

  /// The part of ``lostToPolling`` that belongs to some of the polling.
  func lost(to polling: Double) -> Double { lostToPolling * min(ratio(polling, polled), 1) }
}

extension RunView {
  /// How many threads do the run's work at once, at least one: the workers, or all threads where nobody is called so.
  var workingThreads: Double {
    max(concurrency(of: workers.isEmpty ? run.threads.count { $0.role != .sampler } : workers.count), 1)
  }

  /// A thread's time ready without a CPU, less what it would have polled: nobody misses that.
  fileprivate func missedTime(of thread: ThreadBook) -> Double {
    let ready = Double(thread.time(.runnable).count)
    var (atWork, polling) = (0.0, 0.0)
    for state in thread.states.values {
      let offCPU = max(Double((state.wallNs - state.cpuNs).count), 0)
      switch state.category {
      case .useful: atWork += offCPU
      case .spin: polling += offCPU
      // A wait most of whose CPU time is polling was to poll when it had no CPU, too.
      case .blocked where 2 * self.polling(in: state) > Double(state.cpuNs.count): polling += offCPU
      default: break
      }
    }
    return max(ready - polling, min(ready, atWork))
  }
}
