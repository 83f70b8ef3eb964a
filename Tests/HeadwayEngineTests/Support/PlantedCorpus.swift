import Foundation
import HeadwayCorpus
import HeadwayTestSupport
import HeadwayTrace

/// A corpus directory with known text, encoded byte by byte, that lasts as long as the value.
struct PlantedCorpus {
  let directory: TemporaryDirectory
  let corpus: Corpus

  /// Writes a corpus whose training and held-out texts are given.
  init(train: String, validation: String = "", tokenizer: Tokenizer = .bytes) throws {
    directory = try TemporaryDirectory()
    let trainTokens = try tokenizer.encode(train)
    let heldOut = try tokenizer.encode(validation)
    try directory.write(Self.bytes(trainTokens), to: "train.bin")
    try directory.write(Self.bytes(heldOut), to: "validation.bin")
    try directory.write(try tokenizer.json(), to: "tokenizer.json")
    var hash = 0
    for token in trainTokens + heldOut { hash = hash &* 31 &+ Int(token) }
    let facts: [String: Any] = [
      "schema": CorpusFacts.schemaName, "sources": ["planted"], "files_taken": 1,
      "files_skipped": try JSONSerialization.jsonObject(with: try HeadwayJSON.document(SkippedFiles())),
      "text_bytes": train.utf8.count + validation.utf8.count, "train_tokens": trainTokens.count,
      "validation_tokens": heldOut.count, "vocabulary_size": tokenizer.vocabularySize,
      "validation_share": 0.1, "bytes_per_token": 1.0, "content_hash": "planted-\(hash)",
    ]
    try directory.write(try JSONSerialization.data(withJSONObject: facts), to: "corpus.json")
    corpus = try Corpus.open(directory.url.path(percentEncoded: false))
  }

  private static func bytes(_ tokens: [UInt16]) -> Data {
    Data(tokens.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
  }

  /// Words in a seeded order: neither constant nor random bytes.
  static func prose(words: Int, seed: UInt64 = 1) -> String {
    let vocabulary = ["the ", "worker ", "waits ", "at ", "a ", "barrier; ", "queue ", "step ", "ends.\n"]
    var state = seed
    var text = ""
    for _ in 0..<words {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += vocabulary[Int(state >> 33) % vocabulary.count]
    }
    return text
  }
}

extension RunConfiguration {
  /// A tiny run of the byte vocabulary: four batches of two sequences a step.
  static var tiny: RunConfiguration {
    var configuration = RunConfiguration()
    configuration.vocabularySize = 257
    configuration.width = 8
    configuration.layers = 1
    configuration.heads = 2
    configuration.batchSize = 2
    configuration.sequenceLength = 8
    configuration.batchesPerStep = 4
    configuration.steps = 5
    configuration.evaluationBatches = 3
    configuration.warmupSteps = 2
    configuration.threads = 1
    configuration.kernels = .reference
    configuration.probe = .off
    return configuration
  }

  /// The configuration with some keys set as a person would write them.
  func with(_ keys: [String: String]) throws -> RunConfiguration {
    var copy = self
    for (key, value) in keys { try copy.set(key, to: value, subject: "test") }
    return copy
  }
}
