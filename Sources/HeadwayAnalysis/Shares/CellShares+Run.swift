import HeadwayTrace

extension CellShares {
  /// The shares of one run; `nil` when the run has no books (`probe: off`).
  ///
  /// `barrierIdle` is the workers' wall time in `barrier.*` / (workers · window), `queueIdle` the same of
  /// `queue.empty*`; `inputWait` the main thread's time in `batch.assemble` and `prefetch.not_ready*` /
  /// window; `useful`, `runnable` and `spin` are the workers' shares of those categories; `unknown` and
  /// `categories` are of all threads.
  public init?(of run: RunSummary) {
    guard let view = RunView(run), let books = run.books, books.threadCount > 0 else { return nil }
    let all = Double(books.threadCount) * view.window
    var categories: [String: Double] = [:]
    for category in StateCategory.allCases {
      categories[category.rawValue] = Double(books.time(category).count) / all
    }
    self.init(
      useful: view.workerShare(of: .useful),
      barrierIdle: view.workerShare(where: StateName.isBarrier),
      queueIdle: view.workerShare { StateName.isWait($0, of: StateName.queueEmpty) },
      inputWait: view.inputWait,
      runnable: view.workerShare(of: .runnable),
      spin: view.workerShare(of: .spin),
      unknown: books.unknownShare,
      categories: categories)
  }
}
