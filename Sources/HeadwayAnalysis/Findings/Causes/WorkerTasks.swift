import Foundation
import HeadwayTrace

/// How a run's tasks were shared among its workers, and what sharing them fairly would give: what attrition
/// and hogging are judged by.
///
/// `nil` where who takes how much says nothing: with fewer than two workers, with fewer tasks a step than
/// workers, and with a queue where whoever is awake first may rightly take what others would have: with more
/// workers than CPUs (who has no CPU takes no task), or with tasks so short that a sleeper wakes too late.
struct WorkerTasks {
  /// The mean duration of a task from which a sleeping worker wakes in time to get its share.
  static let shortestTask = 200_000.0
  /// The probability below which a share is not chance, over all workers.
  static let chance = 1e-6

  let workers: [ThreadBook]
  /// Tasks completed by all workers.
  let total: Int

  init?(_ view: RunView) {
    let configuration = view.run.configuration
    // Of another engine neither is known: its tasks are judged like those of a queue.
    guard view.workers.count > 1, configuration.map({ $0.tasksPerStep >= view.workers.count }) ?? true else {
      return nil
    }
    workers = view.workers
    total = workers.reduce(0) { $0 + $1.tasks }
    guard total > 0 else { return nil }
    if configuration?.scheduling != .barrier {
      guard view.usableCpus != nil, !view.isOversubscribed else { return nil }
      let useful = workers.reduce(0) { $0 + Double($1.time(.useful).count) }
      guard useful / Double(total) >= Self.shortestTask else { return nil }
    }
  }

  /// The share of the tasks that one worker would get if each took as many as its time with a CPU, or with
  /// no need of one, allows.
  func fairShare(of worker: ThreadBook) -> Double {
    func available(_ thread: ThreadBook) -> Double {
      max(Double(thread.wallNs.count - thread.time(.runnable).count), 0)
    }
    return ratio(available(worker), workers.reduce(0) { $0 + available($1) })
  }

  /// A bound on the probability that any of the workers got a share this far from `fair` by chance, with
  /// independent tasks: n · exp(−tasks · KL(share ‖ fair)), after Chernoff.
  func probability(ofShare share: Double, fair: Double, tasks: Int) -> Double {
    guard (0...1).contains(share), fair > 0, fair < 1 else { return 1 }
    func term(_ part: Double, _ whole: Double) -> Double { part > 0 ? part * log(part / whole) : 0 }
    let divergence = term(share, fair) + term(1 - share, 1 - fair)
    return min(1, Double(workers.count) * exp(-Double(tasks) * divergence))
  }
}
