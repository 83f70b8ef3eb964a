import HeadwayTrace

/// Where training stood when a checkpoint was saved: `trainer_state.json`.
public struct TrainerState: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.trainer-state/1"

  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The parameters of the run.
  public var configuration: RunConfiguration
  /// Steps taken since initialisation.
  public var step: Int
  /// The first batch, in the sampler's order, that has not been trained on.
  public var nextBatch: Int
  /// Hash of the encoded corpus.
  public var corpusHash: String
  /// The last step's loss; absent before the first step.
  public var trainLoss: LossPoint?
  /// The last held-out loss; absent when none was computed.
  public var validationLoss: LossPoint?

  /// Notes where training stands.
  public init(
    configuration: RunConfiguration, step: Int, corpusHash: String, trainLoss: LossPoint?,
    validationLoss: LossPoint?
  ) {
    self.configuration = configuration
    self.step = step
    nextBatch = step * configuration.stepBatches
    self.corpusHash = corpusHash
    self.trainLoss = trainLoss
    self.validationLoss = validationLoss
  }

  /// Checks what no single key can.
  func validate(_ subject: String) throws(InputError) {
    func refuse(_ field: String, _ problem: String) -> InputError {
      InputError(
        subject, field: field, problem: problem, remedy: "the file is damaged; save the checkpoint again")
    }
    guard schema == Self.schemaName else {
      throw InputError(
        subject, field: "schema", problem: "got \(schema), expected \(Self.schemaName)",
        remedy: "the checkpoint is from another version of Headway; train it again")
    }
    guard step >= 0 else { throw refuse("step", "\(step) is negative") }
    let (position, overflow) = step.multipliedReportingOverflow(by: configuration.stepBatches)
    guard !overflow, nextBatch == position else {
      throw refuse("next_batch", "got \(nextBatch), \(step) steps make it \(position)")
    }
  }
}
