import HeadwayTrace

/// A run's wall time as parts that add up to it: the time of each category, a thread.
struct WallTimeParts {
  /// R, in nanoseconds.
  var wall: Double
  /// Time of each category / n. What the books fail to close by is with `unknown`, so that the sum is R.
  var categories: [StateCategory: Double]
  /// Useful thread-seconds, in nanoseconds.
  var useful: Double
  /// n.
  var threads: Double
  /// Work done in the window; absent where nobody counted it.
  var amount: Double?

  /// The parts of a run; `nil` when it has no books.
  init?(_ run: ComparedRun) {
    guard let books = run.summary.books, books.threadCount > 0, books.wallNs.count > 0 else { return nil }
    wall = Double(books.wallNs.count)
    threads = Double(books.threadCount)
    useful = Double(books.time(.useful).count)
    amount = run.amount
    categories = [:]
    for category in StateCategory.allCases {
      categories[category] = Double(books.time(category).count) / threads
    }
    // In a fixed order, so that the same books give the same bits.
    let booked = StateCategory.allCases.reduce(0) { $0 + (categories[$1] ?? 0) }
    categories[.unknown, default: 0] += wall - booked
  }

  /// The mean of each part over runs; `nil` without any, or when they had different numbers of threads.
  init?(meansOf runs: [WallTimeParts]) {
    guard let first = runs.first, runs.allSatisfy({ $0.threads == first.threads }) else { return nil }
    func mean(_ value: (WallTimeParts) -> Double) -> Double {
      runs.reduce(0) { $0 + value($1) } / Double(runs.count)
    }
    threads = first.threads
    wall = mean(\.wall)
    useful = mean(\.useful)
    let amounts = runs.compactMap(\.amount)
    amount = amounts.count == runs.count ? amounts.reduce(0, +) / Double(amounts.count) : nil
    categories = [:]
    for category in StateCategory.allCases {
      categories[category] = mean { $0.categories[category] ?? 0 }
    }
  }
}

/// The difference between two runs' wall times as parts that add up to it.
struct WallTimeChange {
  /// R of the base · (w − 1), w being the candidate's amount of work over the base's.
  var work: Double
  /// Each category's time a thread, less w times the base's.
  var categories: [StateCategory: Double]
  /// (useful thread-time of the candidate − w · the base's) / n of the candidate.
  var usefulAmount: Double

  /// The change from one run, or the mean of some, to another.
  init(from base: WallTimeParts, to candidate: WallTimeParts) {
    let scale = Self.ratio(candidate.amount, base.amount)
    work = base.wall * (scale - 1)
    categories = [:]
    for category in StateCategory.allCases {
      categories[category] = (candidate.categories[category] ?? 0) - scale * (base.categories[category] ?? 0)
    }
    usefulAmount = (candidate.useful - scale * base.useful) / candidate.threads
  }

  /// One run by itself, as the side of a difference: scaled to an amount of work, what that adds taken off again.
  init(alone run: WallTimeParts, scaledTo amount: Double?) {
    let scale = amount == nil ? 1 : Self.ratio(amount, run.amount)
    work = run.wall * (1 - scale)
    categories = run.categories.mapValues { $0 * scale }
    usefulAmount = run.useful * scale / run.threads
  }

  /// The mean of each part.
  init(meansOf changes: [WallTimeChange]) {
    func mean(_ value: (WallTimeChange) -> Double) -> Double {
      changes.reduce(0) { $0 + value($1) } / Double(changes.count)
    }
    work = mean(\.work)
    usefulAmount = mean(\.usefulAmount)
    categories = [:]
    for category in StateCategory.allCases {
      categories[category] = mean { $0.categories[category] ?? 0 }
    }
  }

  /// The ratio of two amounts of work; 1 where one is not known, so that nothing is scaled.
  private static func ratio(_ amount: Double?, _ base: Double?) -> Double {
    guard let amount, let base, base > 0 else { return 1 }
    return amount / base
  }
}
