import HeadwayEngine
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Whatever is combined with whatever: the engine trains, or says in one sentence why not.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CombinationTests {
  /// Every key that decides how or what is trained, with ordinary and odd values that fit one another.
  static let fitting =
    EngineAxes.all + [
      Axis("kernels", "reference", "simd", "blas"), Axis("grain", "batch", "sequence"),
      Axis("batching", "fixed", "grouped"), Axis("bias", "true", "false"),
      Axis("vocabulary_size", "270", "301"), Axis("width", "6", "18"), Axis("heads", "1", "2", "6"),
      Axis("layers", "1", "2"), Axis("batch_size", "1", "3"), Axis("sequence_length", "1", "7"),
      Axis("batches_per_step", "1", "5"), Axis("evaluation_batches", "0", "2"),
      Axis("evaluate_every", "0", "1"), Axis("warmup_steps", "0", "9"), Axis("gradient_clip", "0", "0.1"),
      Axis("weight_decay", "0", "0.1"), Axis("minimum_learning_rate", "0", "0.001"),
    ]

  /// With values that do not fit some others, or the corpus.
  static let clashing =
    EngineAxes.all + [
      Axis("tokenizer", "bpe", "characters"), Axis("vocabulary_size", "270", "257", "40"),
      Axis("width", "6", "1"), Axis("heads", "1", "2"), Axis("batch_size", "1", "4096"),
      Axis("sequence_length", "7", "65536"), Axis("batching", "fixed", "grouped"),
      Axis("minimum_learning_rate", "0", "0.5"),
    ]

  @Test func everyPairThatFitsTrains() throws {
    let array = CoveringArray(Self.fitting, seed: 3)
    #expect(array.uncovered().isEmpty)
    let text = try ShortText()
    for row in array.rows {
      let configuration = try RunConfiguration.tiny.with(["steps": "2"]).with(row)
      let outcome = try text.train(configuration)
      #expect(outcome.completed, "\(row)")
      #expect(outcome.loss.train.map(\.step) == [1, 2], "\(row)")
      #expect(outcome.loss.train.allSatisfy { $0.value.isFinite && $0.value > 0 }, "\(row)")
      #expect(outcome.loss.validation.isEmpty == (configuration.evaluationBatches == 0), "\(row)")
      #expect((outcome.accounts == nil) == (configuration.probe == .off), "\(row)")
    }
  }

  /// What no configuration may ask for is a usage error, what the corpus or the machine cannot give is not;
  /// both are one sentence, and nothing is trained.
  @Test func everyPairThatClashesTrainsOrIsRefusedInASentence() throws {
    let array = CoveringArray(Self.clashing, seed: 4)
    #expect(array.uncovered().isEmpty)
    let text = try ShortText()
    var (misused, impossible) = (0, 0)
    for row in array.rows {
      let configuration = try RunConfiguration.tiny.with(["steps": "2"]).with(row)
      let isMisused = (try? configuration.validate(subject: "configuration")) == nil
      do throws(InputError) {
        #expect(try text.train(configuration).completed && !isMisused, "\(row)")
      } catch {
        let sentence = "\(error)"
        #expect(!sentence.contains("\n") && sentence.hasSuffix("."), "\(sentence)")
        #expect(!error.problem.isEmpty && !error.remedy.isEmpty, "\(sentence)")
        #expect(error.isUsage == isMisused, "\(sentence)")
        if isMisused { misused += 1 } else { impossible += 1 }
      }
    }
    #expect(misused > 0 && impossible > 0, "\(misused) misused, \(impossible) impossible")
  }
}
