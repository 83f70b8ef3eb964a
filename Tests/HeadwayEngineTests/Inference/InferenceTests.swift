import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwayKernels
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Writing text and scoring it.
@Suite(.serialized) struct InferenceTests {
  static let period = "abacadae"

  /// A model that knows its periodic text by heart.
  private func trained() throws -> (planted: PlantedCorpus, outcome: TrainingOutcome) {
    let planted = try PlantedCorpus(
      train: String(repeating: Self.period, count: 400),
      validation: String(repeating: Self.period, count: 40))
    let configuration = try RunConfiguration.tiny.with([
      "width": "32", "layers": "2", "sequence_length": "11", "batch_size": "4", "batches_per_step": "1",
      "steps": "400", "learning_rate": "0.001", "minimum_learning_rate": "0.001", "weight_decay": "0",
      "kernels": LearningTests.fastest, "evaluation_batches": "2",
    ])
    return (planted, try train(configuration, planted.corpus))
  }

  @Test func theLikeliestContinuationIsThePlantedOne() throws {
    let (_, outcome) = try trained()
    var options = SamplingOptions()
    options.temperature = 0
    options.count = 24
    var text = ""
    try Generator(outcome.checkpoint).write(prompt: "abacada", options: options) {
      text += $0
      return true
    }
    #expect(text == String(String(repeating: "eabacada", count: 3)))
  }

  /// The same seed writes the same text, another seed another; every kernel set agrees on greedy text.
  @Test func writingIsDeterministic() throws {
    let (_, outcome) = try trained()
    var options = SamplingOptions()
    options.temperature = 3
    options.topK = 0
    options.count = 40
    func write(_ kernels: KernelChoice) throws -> [UInt16] {
      try Generator(outcome.checkpoint, kernels: kernels).write(prompt: "", options: options) { _ in true }
    }
    let first = try write(.reference)
    #expect(try write(.reference) == first)
    options.seed = 2
    #expect(try write(.reference) != first)
    options.temperature = 0
    let greedy = try write(.reference)
    if InstructionSet.missing().isEmpty {
      #expect(try write(.simd) == greedy)
      #expect(try write(.blas) == greedy)
    }
  }

  @Test func theCallerCanStopTheText() throws {
    let (_, outcome) = try trained()
    var pieces = 0
    let tokens = try Generator(outcome.checkpoint).write(prompt: "a", options: SamplingOptions()) { _ in
      pieces += 1
      return pieces < 3
    }
    #expect(pieces == 3)
    #expect(tokens.count == 3)
  }

  @Test func optionsOutsideTheirRangeAreRefused() throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 100))
    let outcome = try train(try .tiny.with(["steps": "1"]), planted.corpus)
    let changes: [(String, (inout SamplingOptions) -> Void)] = [
      ("temperature", { $0.temperature = -1 }), ("temperature", { $0.temperature = .nan }),
      ("top_k", { $0.topK = -1 }), ("count", { $0.count = 0 }),
    ]
    for (field, change) in changes {
      var options = SamplingOptions()
      change(&options)
      #expect("\(field)") {
        try Generator(outcome.checkpoint).write(prompt: "", options: options) { _ in true }
      } throws: { error in
        (error as? InputError)?.field == field && (error as? InputError)?.isUsage == true
      }
    }
  }

  /// The run's own validation loss, from the saved weights; then the same on all of the text.
  @Test func theEvaluatorAgreesWithTheRun() throws {
    let (planted, outcome) = try trained()
    let path = planted.directory.path("out")
    try outcome.checkpoint.save(to: path)
    let evaluator = Evaluator(
      try Checkpoint.load(path, for: .inference), kernels: outcome.configuration.kernels)
    let again = try evaluator.evaluate(on: planted.corpus, windows: 8)
    let own = try #require(outcome.loss.validation.last)
    // The run adds whole batches, the evaluator single windows: the same terms in other groups.
    #expect(abs(again.loss - own.value) < 1e-5)
    #expect(again.tokens == 8 * 11)
    let all = try evaluator.evaluate(on: planted.corpus)
    #expect(all.tokens == 29 * 11)
    #expect(all.heldOutTokens == 320)
    #expect(!all.isReencoded)
    #expect(all.loss < 0.3)
  }

  /// A corpus with another tokenizer is encoded anew with the checkpoint's.
  @Test func anotherTokenizerIsEncodedAnew() throws {
    let (planted, outcome) = try trained()
    var trainer = try TokenizerTrainer(vocabularySize: 260)
    trainer.add("abacadae abacadae")
    let larger = try trainer.train()
    let other = try PlantedCorpus(
      train: String(repeating: Self.period, count: 400),
      validation: String(repeating: Self.period, count: 40), tokenizer: larger)
    #expect(other.corpus.validation.count < 320)
    let evaluator = Evaluator(outcome.checkpoint)
    let here = try evaluator.evaluate(on: planted.corpus)
    let there = try evaluator.evaluate(on: other.corpus)
    #expect(there.isReencoded)
    #expect(there.loss == here.loss)
    #expect(there.tokens == here.tokens)
  }

  @Test func aTextShorterThanAWindowIsRefused() throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 100), validation: "short")
    let outcome = try train(try .tiny.with(["steps": "1"]), planted.corpus)
    #expect {
      try Evaluator(outcome.checkpoint).evaluate(on: planted.corpus)
    } throws: { error in
      "\(error)".contains("one window")
    }
  }

  /// Draws follow the logits: of two candidates with odds 3 : 1, three quarters go to the first.
  @Test func drawsFollowTheLogits() {
    var options = SamplingOptions()
    options.temperature = 1
    options.topK = 2
    let sampler = TokenSampler(options, candidates: 3)
    let logits: [Float] = [0, Float(log(3.0)), -1, 100]
    let draws = (0..<4000).map { sampler.draw(logits, index: $0) }
    #expect(Set(draws) == [0, 1])
    let share = Double(draws.count { $0 == 1 }) / 4000
    // Five standard errors of a share of 0.75 in 4,000 draws.
    #expect(abs(share - 0.75) < 5 * (0.75 * 0.25 / 4000).squareRoot())
  }
}
