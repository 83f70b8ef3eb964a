import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// What `headway train` says of its memory, checked on the real binary.
@Suite(.serialized) struct MemoryTests {
  /// A cell of the axes that decide who allocates.
  struct Cell: CustomTestStringConvertible, Sendable {
    let scheduling, prefetch, kernels, loader, probe: String

    var settings: [String] {
      [
        "scheduling=\(scheduling)", "prefetch=\(prefetch)", "kernels=\(kernels)", "loader=\(loader)",
        "probe=\(probe)",
      ]
    }
    var testDescription: String { settings.joined(separator: " ") }

    init(_ scheduling: String, _ prefetch: String, _ kernels: String, _ loader: String, _ probe: String) {
      self.scheduling = scheduling
      self.prefetch = prefetch
      self.kernels = kernels
      self.loader = loader
      self.probe = probe
    }
  }

  /// Nine cells of the 72 that have every pair of values of two axes.
  static let cells = [
    Cell("queue", "2", "simd", "tokens", "off"), Cell("barrier", "2", "simd", "text", "counters"),
    Cell("barrier", "off", "simd", "tokens", "events"), Cell("barrier", "off", "blas", "tokens", "off"),
    Cell("queue", "off", "blas", "tokens", "counters"), Cell("queue", "2", "blas", "text", "events"),
    Cell("barrier", "off", "reference", "text", "off"),
    Cell("queue", "off", "reference", "tokens", "counters"),
    Cell("barrier", "2", "reference", "tokens", "events"),
  ]

  @Test func theCellsHaveEveryPair() {
    let rows = Self.cells.map(\.settings)
    let axes = (0..<5).map { axis in Set(rows.map { $0[axis] }) }
    #expect(axes.map(\.count) == [2, 2, 3, 2, 3])
    for first in 0..<5 {
      for second in first + 1..<5 {
        let pairs = Set(rows.map { [$0[first], $0[second]] })
        #expect(pairs.count == axes[first].count * axes[second].count, "\(axes[first]) × \(axes[second])")
      }
    }
  }

  /// Once every thread has its working memory, no step allocates: not on any thread, nor in the C library.
  @Test(.timeLimit(.minutes(3)), arguments: cells)
  func warmStepsAllocateNothing(cell: Cell) throws {
    let place = try Workplace()
    let memory = try train(
      at: place, Workplace.smallModel + set(["steps=12", "threads=3", "evaluate_every=5"] + cell.settings))
    let counted = try #require(memory.stepAllocations, "the binary counts its allocations")
    #expect(counted.steps == 10)
    #expect(counted.calls == 0 && counted.bytes == 0, "\(counted)")
  }

  /// Nor when the threads' events fill one chunk of the trace after another.
  @Test(.timeLimit(.minutes(3))) func changingChunksAllocatesNothing() throws {
    let place = try Workplace()
    let memory = try train(
      at: place, Workplace.smallModel + set(["steps=700", "threads=3", "evaluate_every=0"]))
    let counted = try #require(memory.stepAllocations)
    #expect(counted.steps == 698 && counted.calls == 0 && counted.bytes == 0, "\(counted)")
    // More than two chunks for each of main and the workers, so each has changed chunks.
    #expect(try #require(memory.components["trace"]) > 65_536 * (1 + 2 * 5))
  }

  /// What evaluations, renewed threads and a display allocate is not the steps'.
  @Test(.timeLimit(.minutes(3))) func renewedThreadsAllocateNothingInSteps() throws {
    let place = try Workplace()
    let long = ["steps=40", "threads=2", "thread_lifetime=per_epoch", "evaluate_every=3", "batch_size=64"]
    let memory = try train(at: place, Workplace.smallModel + set(long))
    #expect(try #require(memory.stepAllocations).calls == 0)
  }

  /// The components meet the measured peak within 10 %, and a small model stays below 64 MB.
  @Test(.timeLimit(.minutes(3)), arguments: [2, 8]) func theAccountsMeetThePeak(threads: Int) throws {
    let place = try Workplace()
    // Built before, so that the peak is that of training.
    try #require(
      try place.headway(["corpus", "build", "text", "--output", "corpus", "--vocabulary-size", "1000"]).status
        == 0)
    let model = [
      "vocabulary_size=1000", "width=128", "layers=2", "heads=4", "batch_size=4", "sequence_length=32",
    ]
    let memory = try train(
      at: place, corpus: "corpus", set(model + ["batches_per_step=4", "steps=6", "threads=\(threads)"]))
    let peak = try #require(memory.peakRssBytes)
    let unaccounted = try #require(memory.unaccountedBytes)
    #expect(unaccounted == peak - memory.components.values.reduce(0, +))
    #expect(abs(unaccounted) <= peak / 10, "\(memory.components) of \(peak)")
    for component in [
      "weights", "gradients", "optimizer", "activations", "batches", "corpus", "trace", "packing", "stacks",
      "probes", "heap", "program",
    ] {
      #expect((memory.components[component] ?? 0) > 0, "\(component)")
    }
    if threads == 2 { #expect(peak <= 64_000_000) }
    let samples = try #require(memory.samples)
    #expect(samples.taken >= 1 && samples.readingsFailed.isEmpty)
    let highest = try #require(samples.peak?.rssBytes)
    #expect(highest <= peak && highest > peak / 2)
    #expect(memory.largestComponent != nil)
  }

  private func set(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

  private func train(at place: Workplace, corpus: String = "text", _ arguments: [String]) throws
    -> MemorySummary
  {
    let run = try place.headway(
      ["train", "--corpus", corpus, "--json", "--run-directory", "run"] + arguments)
    try #require(run.status == 0, "\(run.stderr)")
    return try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output"
    ).memory
  }
}
