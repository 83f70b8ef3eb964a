import Foundation
import HeadwayEngine
import HeadwayKernels
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// That training learns: planted texts with known answers.
@Suite(.serialized) struct LearningTests {
  static let fastest = InstructionSet.missing().isEmpty ? "simd" : "reference"

  /// A fresh model is all but uniform over V.
  @Test(arguments: ["true", "false"]) func startsAtTheLogarithmOfTheVocabulary(bias: String) throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 100))
    let outcome = try train(try .tiny.with(["steps": "1", "bias": bias]), planted.corpus)
    #expect(abs(Double(outcome.loss.train[0].value) - log(257)) < 0.02)
  }

  /// One batch, seen again and again, is learned by heart. Its characters are all different, so that the
  /// first token of a window tells all that follow.
  @Test func overfitsOneBatch() throws {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFG"
    let planted = try PlantedCorpus(train: letters)
    let configuration = try RunConfiguration.tiny.with([
      "width": "32", "layers": "2", "sequence_length": "16", "batch_size": "2", "batches_per_step": "1",
      "steps": "150", "learning_rate": "0.01", "minimum_learning_rate": "0.001", "weight_decay": "0",
      "kernels": Self.fastest,
    ])
    let outcome = try train(configuration, planted.corpus)
    let last = try #require(outcome.loss.train.last)
    #expect(last.value < 0.02)
  }

  /// A text of period 8 in which the successor of an `a` depends on the letter before it. A model that
  /// attends predicts all but a window's first letters; by letter frequencies alone it is 1.39 nats. The
  /// windows' length is prime to the period, so that a letter's place in its window tells nothing.
  @Test func learnsAPlantedPeriod() throws {
    let period = "abacadae"
    let planted = try PlantedCorpus(
      train: String(repeating: period, count: 400), validation: String(repeating: period, count: 40))
    let counts = Dictionary(grouping: period, by: { $0 }).values.map { Double($0.count) / 8 }
    let unigram = counts.reduce(0) { $0 - $1 * log($1) }
    let configuration = try RunConfiguration.tiny.with([
      "width": "32", "layers": "2", "sequence_length": "11", "batch_size": "4", "batches_per_step": "1",
      "steps": "400", "learning_rate": "0.001", "minimum_learning_rate": "0.001", "weight_decay": "0",
      "kernels": Self.fastest,
    ])
    let outcome = try train(configuration, planted.corpus)
    let validation = try #require(outcome.loss.validation.last)
    #expect(Double(validation.value) < unigram / 4)
  }

  /// A rate of the schedule: linear to the peak, half a cosine to the minimum.
  @Test func theScheduleWarmsUpAndCools() throws {
    let schedule = LearningRateSchedule(
      try RunConfiguration.tiny.with([
        "steps": "30", "warmup_steps": "10", "learning_rate": "1", "minimum_learning_rate": "0.2",
      ]))
    #expect(schedule.rate(at: 1) == 0.1)
    #expect(schedule.rate(at: 10) == 1)
    #expect(abs(schedule.rate(at: 20) - 0.6) < 1e-12)
    #expect(abs(schedule.rate(at: 30) - 0.2) < 1e-12)
    let rates = (1...30).map { schedule.rate(at: $0) }
    #expect(zip(rates[9...], rates[10...]).allSatisfy { $0 > $1 })
  }

  /// A loss that is no number ends the run in words.
  @Test func divergenceIsASentence() throws {
    let planted = try PlantedCorpus(train: PlantedCorpus.prose(words: 100))
    let configuration = try RunConfiguration.tiny.with([
      "steps": "200", "learning_rate": "10", "minimum_learning_rate": "10", "gradient_clip": "0",
      "weight_decay": "10", "warmup_steps": "0",
    ])
    #expect {
      try train(configuration, planted.corpus)
    } throws: { error in
      "\(error)".contains("learning_rate") && "\(error)".contains("the loss of step")
    }
  }
}
