import HeadwayTrace

/// A run's summary as the findings ask it: shares of the window and of the workers' time.
///
/// Absent without books or without a window. Every share is of wall time, 0 … 1, unless its name says
/// otherwise.
package struct RunView: Sendable {
  /// What is asked.
  package let run: RunSummary
  /// The window's length in nanoseconds, above zero.
  package let window: Double
  /// The worker team's threads.
  package let workers: [ThreadBook]
  /// The thread that drives the run.
  package let main: ThreadBook?
  /// CPUs that the run could use; absent when not known.
  package let usableCpus: Double?
  /// Share of the CPUs' time that others used, 0 … 1: it is nobody's slack.
  package let foreignShare: Double
  /// What the order of the run's events tells; absent where there is no trace.
  package let patterns: TracePatterns?

  /// Looks at a run; `nil` when it has no books or its window is empty.
  package init?(
    _ run: RunSummary, usableCpus: Double? = nil, foreignShare: Double = 0, patterns: TracePatterns? = nil
  ) {
    self.patterns = patterns.flatMap { $0.observedNs > .zero ? $0 : nil }
    self.foreignShare = foreignShare.isFinite ? min(max(foreignShare, 0), 1) : 0
    guard let books = run.books, books.wallNs.count > 0 else { return nil }
    self.run = run
    self.window = Double(books.wallNs.count)
    self.workers = run.threads.filter { $0.role == .worker }
    self.main = run.threads.first { $0.role == .main }
    self.usableCpus = usableCpus.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// Workers · window, in nanoseconds; zero without workers.
  package var workerTime: Double { Double(workers.count) * window }

  /// The workers' wall time in the states that `isIncluded` accepts, as a share of their time.
  package func workerShare(where isIncluded: (String) -> Bool) -> Double {
    ratio(workers.reduce(0) { $0 + Self.wall($1, where: isIncluded) }, workerTime)
  }

  /// The workers' time in one category, as a share of their time.
  package func workerShare(of category: StateCategory) -> Double {
    ratio(workers.reduce(0) { $0 + Double($1.time(category).count) }, workerTime)
  }

  /// The main thread's wall time in the states that `isIncluded` accepts, as a share of the window.
  package func mainShare(where isIncluded: (String) -> Bool) -> Double {
    main.map { Self.wall($0, where: isIncluded) / window } ?? 0
  }

  /// The share of the window in which the step waited for its input: the main thread assembling it, or
  /// waiting for the prefetch thread.
  package var inputWait: Double {
    mainShare { $0 == StateName.assemble || StateName.isWait($0, of: StateName.prefetchNotReady) }
  }

  /// CPU time of all threads in useful states, in nanoseconds.
  package var usefulTime: Double {
    run.threads.reduce(0) { $0 + Double($1.time(.useful).count) }
  }

  /// Whether more workers than CPUs compete; `false` when the CPUs are not known.
  package var isOversubscribed: Bool {
    usableCpus.map { Double(workers.count) > $0 } ?? false
  }

  /// How many threads of `count` can run at once.
  package func concurrency(of count: Int) -> Double {
    min(Double(count), usableCpus ?? Double(count))
  }

  /// The most that any better arrangement of the same useful work on `parallel` CPUs could save, as a
  /// share of the window: 1 − useful / (parallel · window), less what others used of those CPUs.
  package func slack(on parallel: Double) -> Double {
    guard parallel > 0 else { return 0 }
    let foreign = foreignShare * (usableCpus ?? parallel) / parallel
    return min(max(1 - usefulTime / (parallel * window) - foreign, 0), 1)
  }

  /// The sum of some threads' times, in nanoseconds; a thread without one counts nothing.
  func total(_ times: [String: Nanoseconds], of threads: [ThreadBook]) -> Double {
    threads.reduce(0) { $0 + Double((times[$1.name] ?? .zero).count) }
  }

  private static func wall(_ thread: ThreadBook, where isIncluded: (String) -> Bool) -> Double {
    thread.states.reduce(0) { isIncluded($1.key) ? $0 + Double($1.value.wallNs.count) : $0 }
  }
}

/// A quotient of times, zero where there is nothing to divide by.
func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }
