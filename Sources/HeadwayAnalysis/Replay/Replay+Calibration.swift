import HeadwayTrace

extension Replay {
  /// How fast the operations of another run are, as factors on this one's: what a change of kernels or of
  /// loader does, measured in a run that has them.
  ///
  /// CPU time per token for the passes and the batches; per parameter and addition for the rest.
  ///
  /// - Throws: ``InputError`` where the other run computes another model.
  public func scales(measuredIn other: Replay) throws(InputError) -> [String: Double] {
    let shapes = [
      "tokenizer", "vocabulary_size", "width", "layers", "heads", "bias", "batch_size", "sequence_length",
    ]
    for key in shapes where other.configuration.value(of: key) != configuration.value(of: key) {
      throw InputError(
        "--calibrate", field: key, problem: "\(other.name) computes another model than \(name)",
        remedy: "record a run of the same model with the other kernels or loader", isUsage: true)
    }
    let (mine, theirs) = (OperationSpeeds(of: self), OperationSpeeds(of: other))
    var scales: [String: Double] = [:]
    for (state, own) in mine.byState where own > 0 {
      if let their = theirs.byState[state], their > 0 { scales[state] = their / own }
    }
    return scales
  }
}

/// CPU time of the engine's states in one run, each by the work that it is proportional to.
private struct OperationSpeeds {
  let byState: [String: Double]

  init(of replay: Replay) {
    let steps = replay.recording.steps
    let count = Double(steps.count)
    let tokens = Double(replay.configuration.tokensPerStep)
    func mean(_ work: (RecordedStep) -> [MeasuredWork]) -> Double {
      steps.reduce(0) { $0 + work($1).reduce(0) { $0 + $1.cpuNs } } / count
    }
    let passes = mean { $0.tasks } / tokens
    let forward = passes * replay.recording.forwardShare
    let slots = Double(StepShape(replay.configuration).tasks)
    byState = [
      "forward": forward, "backward": passes - forward,
      "reduce": mean { $0.reduction.flatMap(\.self) } / (slots - 0.5), "optimize": mean { $0.update },
      "batch.assemble": mean { [$0.assemble] } / tokens,
    ]
  }
}
