import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace

/// Runs with planted books, rates and losses.
enum PlantedRuns {
  /// A run whose thread-milliseconds by category are given.
  static func run(
    wallMs: Int64 = 100, threads: Int = 2, booked: [StateCategory: Int64] = [.useful: 200],
    rate: Double = 1_000, tokens: Int? = 5_120, block: Int? = nil, losses: [Float] = [5, 4, 3],
    machine: MachineFacts = .literal, corpus: String? = "c0ffee",
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> ComparedRun {
    var configuration = RunConfiguration()
    change(&configuration)
    var summary = RunSummary.literal(configuration: configuration, tokensPerSecond: rate)
    summary.throughput.tokens = tokens
    summary.books = Books(
      wallNs: .milliseconds(wallMs), threadCount: threads,
      categories: Dictionary(
        uniqueKeysWithValues: booked.map { ($0.rawValue + "_ns", Nanoseconds.milliseconds($1)) }),
      unknownShare: 0, closureError: 0)
    summary.loss?.train = losses.enumerated().map { LossPoint(step: $0 + 1, value: $1) }
    return ComparedRun(
      name: "run", block: block, summary: summary,
      manifest: Manifest(
        configuration: configuration, command: ["headway", "train"], startedAt: "2026-11-21T08:00:00Z",
        toolVersion: "0.1.0", gitCommit: "abc", binaryHash: "b1", corpusHash: corpus, machine: machine,
        environment: [:]))
  }

  /// A subject of one cell.
  static func subject(_ runs: ComparedRun..., path: String = "A") -> ComparedSubject {
    ComparedSubject(path: path, cells: [ComparedCell(label: path, runs: runs)])
  }

  /// A cell of a sweep: a run in every block, each block as fast as it happens to be.
  static func cell(
    phase: String, factor: Double, blocks: Int = 10, losses: [Float] = [5, 4, 3], wallMs: Int64 = 100,
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> ComparedCell {
    ComparedCell(
      label: "phase \(phase)", settings: [AxisSetting(axis: "phase", value: phase)],
      runs: (0..<blocks).map { block in
        let drift = 1 + 0.1 * Double(block % 4)
        return run(
          wallMs: wallMs, booked: [.useful: 2 * wallMs], rate: 1_000 * factor * drift, block: block,
          losses: losses,
          change)
      })
  }
}
