import Foundation
import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Saving, loading and going on.
@Suite(.serialized) struct CheckpointTests {
  private func corpus() throws -> PlantedCorpus {
    try PlantedCorpus(
      train: PlantedCorpus.prose(words: 120), validation: PlantedCorpus.prose(words: 40, seed: 2))
  }

  @Test(arguments: ["true", "false"]) func roundTripIsBitwise(bias: String) throws {
    let planted = try corpus()
    let outcome = try train(try .tiny.with(["bias": bias]), planted.corpus)
    let path = planted.directory.path("out")
    try outcome.checkpoint.save(to: path)
    let loaded = try Checkpoint.load(path, for: .training)
    #expect(loaded.weightBitsHash == outcome.loss.weightBitsHash)
    #expect(loaded.state == outcome.checkpoint.state)
    #expect(loaded.tokenizer == planted.corpus.tokenizer)
    #expect(loaded.parameterCount == outcome.checkpoint.parameterCount)
    let saved = try #require(outcome.checkpoint.moments)
    let moments = try #require(loaded.moments)
    #expect(saved.first.elements.elementsEqual(moments.first.elements))
    #expect(saved.second.elements.elementsEqual(moments.second.elements))
    let inference = try Checkpoint.load(path, for: .inference)
    #expect(inference.weightBitsHash == outcome.loss.weightBitsHash)
  }

  /// The names, types and places that other readers of the format expect.
  @Test func theFilesAreHuggingFaces() throws {
    let planted = try corpus()
    let outcome = try train(.tiny, planted.corpus)
    let path = planted.directory.path("out")
    try outcome.checkpoint.save(to: path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
        "config.json", "model.safetensors", "optimizer.safetensors", "tokenizer.json", "trainer_state.json",
      ])
    func object(_ data: Data) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let config = try object(try Data(contentsOf: URL(filePath: path + "/config.json")))
    #expect(config["vocab_size"] as? Int == 257)
    #expect(config["n_embd"] as? Int == 8)
    #expect(config["n_positions"] as? Int == 8)
    #expect(config["architectures"] as? [String] == ["GPT2LMHeadModel"])
    #expect(config["activation_function"] as? String == "gelu_new")
    let file = try Data(contentsOf: URL(filePath: path + "/model.safetensors"))
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect((8 + length) % 8 == 0)
    let header = try object(file[8..<(8 + length)])
    #expect((header["__metadata__"] as? [String: String]) == ["format": "pt"])
    let names = GradientTests.expectedNames(ModelShape(outcome.configuration))
    #expect(Set(header.keys) == Set(names.map { "transformer." + $0 } + ["__metadata__"]))
    let expansion = try #require(header["transformer.h.0.mlp.c_fc.weight"] as? [String: Any])
    #expect(expansion["shape"] as? [Int] == [8, 32])
    #expect(expansion["dtype"] as? String == "F32")
    let bytes = ParameterLayout(ModelShape(outcome.configuration)).parameterCount * 4
    #expect(file.count == 8 + length + bytes)
  }

  /// Stopped, saved, loaded and resumed on other axes: the same bits as without the interruption.
  @Test func resumingIsBitwise() throws {
    let planted = try corpus()
    let configuration = try RunConfiguration.tiny.with(["steps": "9", "evaluate_every": "3"])
    let whole = try train(configuration, planted.corpus)
    for stop in [1, 4, 8] {
      let part = try TrainingRun.run(
        configuration: configuration, corpus: planted.corpus, tracePath: nil, resumeFrom: nil,
        observer: StoppingObserver(last: stop))
      let path = planted.directory.path("part")
      try part.checkpoint.save(to: path)
      let rest = try train(
        try configuration.with(["threads": "3", "scheduling": "queue", "prefetch": "1"]), planted.corpus,
        resumeFrom: try Checkpoint.load(path, for: .training))
      #expect(rest.completed)
      #expect(part.loss.train + rest.loss.train == whole.loss.train)
      #expect(rest.loss.weightBitsHash == whole.loss.weightBitsHash)
      #expect(rest.loss.validation.last == whole.loss.validation.last)
    }
  }

  @Test func aResumeThatWouldNotBeBitwiseIsRefused() throws {
    let planted = try corpus()
    let part = try train(.tiny, planted.corpus)
    for (key, value) in [("seed", "9"), ("batch_size", "1"), ("width", "16"), ("bias", "false")] {
      #expect("\(key)") {
        try train(try .tiny.with([key: value]), planted.corpus, resumeFrom: part.checkpoint)
      } throws: { error in
        (error as? InputError)?.field == key
      }
    }
    let other = try PlantedCorpus(train: PlantedCorpus.prose(words: 120, seed: 5))
    #expect("another corpus") {
      try train(.tiny, other.corpus, resumeFrom: part.checkpoint)
    } throws: { error in
      "\(error)".contains("not the corpus")
    }
  }

  /// A resume behind the last step has nothing to do and says so by its outcome.
  @Test func resumingAFinishedRunTakesNoStep() throws {
    let planted = try corpus()
    let whole = try train(.tiny, planted.corpus)
    let again = try train(.tiny, planted.corpus, resumeFrom: whole.checkpoint)
    #expect(again.completed)
    #expect(again.steps == 0)
    #expect(again.loss.weightBitsHash == whole.loss.weightBitsHash)
    #expect(again.checkpoint.state?.step == 5)
  }

  @Test func savingReplacesACheckpointAndNothingElse() throws {
    let planted = try corpus()
    let first = try train(.tiny, planted.corpus)
    let second = try train(try .tiny.with(["seed": "2"]), planted.corpus)
    let path = planted.directory.path("out")
    try first.checkpoint.save(to: path)
    try second.checkpoint.save(to: path + "/")
    #expect(try Checkpoint.load(path, for: .inference).weightBitsHash == second.loss.weightBitsHash)
    // Nothing is left beside it.
    let beside = try FileManager.default.contentsOfDirectory(atPath: planted.directory.path(""))
    #expect(
      beside.sorted() == ["corpus.json", "out", "tokenizer.json", "train.bin", "validation.bin"])
    // A directory with other things in it, and a file.
    try planted.directory.write("precious", to: "other/notes.txt")
    for target in ["other", "train.bin"] {
      #expect("\(target)") {
        try first.checkpoint.save(to: planted.directory.path(target))
      } throws: { error in
        "\(error)".contains("not a checkpoint")
      }
    }
    #expect(
      try String(contentsOfFile: planted.directory.path("other/notes.txt"), encoding: .utf8) == "precious")
  }

  /// A place that cannot be written names itself.
  @Test func anUnwritablePlaceIsASentence() throws {
    let planted = try corpus()
    let outcome = try train(.tiny, planted.corpus)
    #expect {
      try outcome.checkpoint.save(to: planted.directory.path("train.bin/out"))
    } throws: { error in
      (error as? InputError)?.subject.contains("train.bin") == true
    }
  }
}
