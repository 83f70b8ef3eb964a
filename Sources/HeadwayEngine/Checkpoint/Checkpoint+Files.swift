import Foundation
import HeadwayCorpus
import HeadwayFiles
import HeadwayTrace

/// The files of a checkpoint directory.
private enum CheckpointFile {
  /// What a directory must hold to be replaced by a checkpoint.
  static let replaced = StagedDirectory.Replaced.directory(mark: config, kind: "checkpoint")
  static let config = "config.json"
  static let model = "model.safetensors"
  static let tokenizer = "tokenizer.json"
  static let optimizer = "optimizer.safetensors"
  static let state = "trainer_state.json"
  static let firstMomentPrefix = "exp_avg."
  static let secondMomentPrefix = "exp_avg_sq."
}

extension Checkpoint {
  /// Saves the checkpoint: written beside `directory`, brought to the disk, then renamed over it.
  ///
  /// - Throws: ``InputError`` naming the file that could not be written; nothing half-written is left and a
  ///   checkpoint that stood there before is untouched. A directory that is no checkpoint is refused.
  public func save(to directory: String) throws(InputError) {
    let layout = ParameterLayout(shape)
    let config = ModelConfigFile(shape, endOfText: tokenizer.endOfText.map { Int($0) })
    let staged = try StagedDirectory(for: directory, replacing: CheckpointFile.replaced)
    let place = staged.place
    try place.write(CheckpointFile.config) { try HeadwayJSON.document(config) }
    try place.write(CheckpointFile.tokenizer) { try tokenizer.json() }
    try SafeTensorsFile.writeModel(weights, layout: layout, CheckpointFile.model, in: place)
    if let moments {
      try SafeTensorsFile.write(
        [
          (CheckpointFile.firstMomentPrefix, moments.first),
          (CheckpointFile.secondMomentPrefix, moments.second),
        ], layout: layout, CheckpointFile.optimizer, in: place)
    }
    if let state { try place.write(CheckpointFile.state) { try HeadwayJSON.document(state) } }
    guard try staged.commit() else {
      throw InputError(
        directory, problem: "something that is no checkpoint was put there meanwhile",
        remedy: "name a new directory")
    }
  }

  /// Refuses a place where a checkpoint could not be saved, before anybody trains for it.
  ///
  /// - Throws: ``InputError`` when something stands there that is no checkpoint, or nothing may be written.
  public static func requirePlace(at directory: String) throws(InputError) {
    try StagedDirectory.requirePlace(at: directory, replacing: CheckpointFile.replaced)
  }

  /// Loads a checkpoint and checks every part of it.
  ///
  /// - Throws: ``InputError`` naming the file and the field that is missing, damaged or of another model.
  public static func load(
    _ directory: String, for purpose: Purpose
  ) throws(InputError) -> Checkpoint {
    let subject = directory + "/" + CheckpointFile.config
    guard FileManager.default.fileExists(atPath: subject) else {
      throw InputError(
        directory, problem: "is not a checkpoint (it has no \(CheckpointFile.config))",
        remedy: "name a directory that headway train --checkpoint saved, or a GPT-2 saved by transformers")
    }
    let config = try decode(ModelConfigFile.self, subject)
    let shape = try config.shape(subject)
    let tokenizer = try Tokenizer(path: directory + "/" + CheckpointFile.tokenizer)
    guard tokenizer.vocabularySize <= shape.vocabulary else {
      throw InputError(
        directory + "/" + CheckpointFile.tokenizer,
        problem: "it has \(tokenizer.vocabularySize) tokens, config.json says \(shape.vocabulary)",
        remedy: "the files are of different checkpoints; save the checkpoint again")
    }
    let layout = ParameterLayout(shape)
    let model = directory + "/" + CheckpointFile.model
    try requireSize(of: model, atLeast: layout.parameterCount)
    let weights = try AlignedBuffer<Float>(count: layout.count, purpose: "weights")
    try SafeTensorsFile.readModel(into: weights, layout: layout, from: model)
    let state = try readState(directory, required: purpose == .training)
    let moments = purpose == .training ? try readMoments(directory, layout) : nil
    return Checkpoint(
      shape: shape, weights: weights, moments: moments, state: state, tokenizer: tokenizer)
  }

  private static func readMoments(
    _ directory: String, _ layout: ParameterLayout
  ) throws(InputError) -> Moments {
    let path = directory + "/" + CheckpointFile.optimizer
    try requireSize(of: path, atLeast: 2 * layout.parameterCount)
    let moments = try Moments(layout)
    try SafeTensorsFile.read(
      [
        (CheckpointFile.firstMomentPrefix, moments.first),
        (CheckpointFile.secondMomentPrefix, moments.second),
      ], layout: layout, from: path)
    return moments
  }

  private static func readState(
    _ directory: String, required: Bool
  ) throws(InputError) -> TrainerState? {
    let path = directory + "/" + CheckpointFile.state
    if !required && !FileManager.default.fileExists(atPath: path) { return nil }
    let state = try decode(TrainerState.self, path)
    try state.validate(path)
    return state
  }

  /// Refuses a file that cannot hold its tensors, before memory for them is asked for.
  private static func requireSize(of path: String, atLeast elements: Int) throws(InputError) {
    let size = try FileDescriptor.reading(path).size()
    guard size >= 4 * elements else {
      throw InputError(
        path, problem: "it has \(size) bytes, config.json describes \(elements) numbers of 4 bytes",
        remedy: "it is truncated; save the checkpoint again")
    }
  }

  /// Decodes a JSON file; 64 MiB is far above any that a checkpoint holds.
  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String
  ) throws(InputError) -> Value {
    let file = try FileDescriptor.reading(path)
    let size = try file.size()
    guard size <= 64 << 20 else {
      throw InputError(path, problem: "\(size) bytes are too many", remedy: "name a checkpoint directory")
    }
    return try HeadwayJSON.decode(type, from: Data(try file.read(count: size, at: 0)), subject: path)
  }
}
