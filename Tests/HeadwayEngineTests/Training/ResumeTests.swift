import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A run that is stopped, saved, loaded and resumed leaves the bits of one that was not, wherever it was
/// stopped and whoever goes on.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ResumeTests {
  /// Trains until after a step, takes the checkpoint through its files, and trains to the end.
  private func interrupted(
    _ text: ShortText, after step: Int, _ first: RunConfiguration, then second: RunConfiguration
  ) throws -> (part: TrainingOutcome, rest: TrainingOutcome) {
    let part = try text.train(first, until: step)
    let path = text.directory.path("part")
    try part.checkpoint.save(to: path)
    return (part, try text.train(second, resumeFrom: try Checkpoint.load(path, for: .training)))
  }

  private func expect(
    _ halves: (part: TrainingOutcome, rest: TrainingOutcome), equal whole: RunBits, stoppedAfter step: Int,
    _ comment: String, location: SourceLocation = #_sourceLocation
  ) {
    let (part, rest) = (RunBits(halves.part), RunBits(halves.rest))
    let comment = Comment(rawValue: "stopped after \(step): \(comment)")
    #expect(halves.part.completed == (step == whole.losses.count), comment, sourceLocation: location)
    #expect(halves.rest.completed, comment, sourceLocation: location)
    #expect(part.losses.count == step, comment, sourceLocation: location)
    #expect(part.losses + rest.losses == whole.losses, comment, sourceLocation: location)
    #expect(part.validation + rest.validation == whole.validation, comment, sourceLocation: location)
    #expect(rest.weights == whole.weights, comment, sourceLocation: location)
  }

  /// Every step of a run in three ways of running it.
  @Test(arguments: [
    ["scheduling": "barrier", "threads": "2"],
    ["scheduling": "queue", "threads": "3", "prefetch": "3", "loader": "text", "reduction": "tree"],
    ["topology": "kissing", "threads": "3", "prefetch": "1", "thread_lifetime": "per_epoch"],
  ]) func everyStepMayBeTheLast(keys: [String: String]) throws {
    let text = try ShortText()
    let configuration = try ShortText.configuration.with(["kernels": "simd"]).with(keys)
    let whole = RunBits(try text.train(configuration))
    for step in 1...configuration.steps {
      let halves = try interrupted(text, after: step, configuration, then: configuration)
      expect(halves, equal: whole, stoppedAfter: step, "\(keys)")
    }
  }

  /// Stopped on one row of the axes, resumed on another; every row is once before and once after, and every
  /// step is a last one.
  @Test func otherAxesGoOnToTheSameBits() throws {
    let text = try ShortText()
    let configuration = try ShortText.configuration.with(["kernels": "simd"])
    let whole = RunBits(try text.train(configuration))
    let rows = CoveringArray(EngineAxes.all, seed: 2).rows
    #expect(rows.count > configuration.steps)
    for (place, row) in rows.enumerated() {
      let next = rows[(place + 1) % rows.count]
      let step = place % configuration.steps + 1
      let halves = try interrupted(
        text, after: step, try configuration.with(row), then: try configuration.with(next))
      expect(halves, equal: whole, stoppedAfter: step, "\(row) then \(next)")
    }
  }

  /// A step of two workers' batches goes on as a step of two batches, and not as one of three workers'.
  @Test func groupedBatchesGoOnOnlyAsAsMany() throws {
    let text = try ShortText()
    let grouped = try ShortText.configuration.with(["batching": "grouped", "threads": "2"])
    let whole = RunBits(try text.train(grouped))
    let fixed = try ShortText.configuration.with(["batches_per_step": "2", "threads": "3"])
    expect(
      try interrupted(text, after: 3, grouped, then: fixed), equal: whole, stoppedAfter: 3, "fixed")
    #expect {
      try interrupted(text, after: 3, grouped, then: try grouped.with(["threads": "3"]))
    } throws: { error in
      (error as? InputError)?.field == "batching"
    }
  }

  /// What changes the numbers is said; what does not is not.
  @Test func aChangeOfArithmeticIsSaid() throws {
    let text = try ShortText()
    let configuration = try ShortText.configuration.with(["kernels": "simd", "threads": "2"])
    func warnings(_ keys: [String: String]) throws -> [String] {
      let halves = try interrupted(text, after: 2, configuration, then: try configuration.with(keys))
      return halves.rest.warnings.filter { $0.hasPrefix("resumed with") }
    }
    #expect(try warnings(["threads": "3", "scheduling": "queue", "prefetch": "2"]).isEmpty)
    let changed = try warnings(["kernels": "reference", "beta2": "0.95"])
    #expect(changed.count == 1)
    #expect(changed.first?.contains("kernels from simd to reference, beta2 from 0.99 to 0.95") == true)
  }
}
