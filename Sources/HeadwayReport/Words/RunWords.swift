import HeadwayTrace

/// A run in sentences.
enum RunWords {
  /// How fast it was.
  static func headline(of run: RunSummary) -> String {
    let throughput = run.throughput
    guard throughput.steps > 0 else { return "No step was completed." }
    let steps = Numerals.plural(throughput.steps, "step")
    let warmup = throughput.warmupSteps == 0 ? "" : ", the first \(throughput.warmupSteps) dropped as warm-up"
    let rate = throughput.stepsPerSecond.map { " (\(Numerals.rounded($0)) steps/s)" } ?? ""
    return
      "\(Numerals.rounded(throughput.tokensPerSecond)) tokens/s\(rate) over \(steps)\(warmup); a step takes"
      + " \(Numerals.duration(throughput.stepNs.median)) (quartiles \(Numerals.duration(throughput.stepNs.lower)),"
      + " \(Numerals.duration(throughput.stepNs.upper)))." + arithmetic(of: throughput)
  }

  /// How much it computed, by the shapes; empty where that is unknown.
  private static func arithmetic(of throughput: Throughput) -> String {
    guard let all = throughput.flopsPerToken, let products = throughput.matrixFlopsPerToken,
      throughput.tokensPerSecond.isFinite
    else { return "" }
    func rate(_ flops: Double) -> String { Numerals.rounded(flops * throughput.tokensPerSecond / 1e9) }
    return " That is \(rate(all)) GFLOP/s, \(rate(products)) of them in matrix products."
  }

  /// What the categories add up to.
  static func closure(of run: RunSummary) -> String {
    guard let books = run.books else {
      return run.configuration.probe == .off
        ? "Nothing was recorded: the run had probe: off."
        : "There are no books: the run ended before its threads could be read."
    }
    return
      "\(Numerals.plural(books.threadCount, "thread")) × \(Numerals.duration(books.wallNs)); the categories miss"
      + " it by \(Numerals.share(books.closureError))."
  }
}
