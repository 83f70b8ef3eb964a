import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// A model of characters, from the text to the written word, with the real binary.
@Suite(.serialized) struct CharacterTests {
  private static let settings = [
    "tokenizer=characters", "width=16", "layers=1", "heads=2", "batch_size=2", "sequence_length=8",
    "batches_per_step=2", "steps=3", "warmup_steps=1", "evaluation_batches=1",
  ].flatMap { ["--set", $0] }

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(String(repeating: "ab cde\nfgh ", count: 60), to: "letters.txt")
    return place
  }

  @Test(.timeLimit(.minutes(3))) func theModelIsOfTheTextsOwnSize() throws {
    let place = try place()
    let trained = try place.headway(
      ["train", "--corpus", "letters.txt", "--checkpoint", "out", "--run-directory", "run", "--json"]
        + Self.settings)
    try #require(trained.status == 0, "\(trained.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(trained.stdout.utf8), subject: "standard output")
    // Eight letters, a space and a line break; not the default of 1000.
    #expect(summary.configuration?.vocabularySize == 10 && summary.configuration?.tokenizer == .characters)
    #expect(abs(try #require(summary.loss?.train.first).value - Float(log(10.0))) < 0.1)
    let config = try String(contentsOf: place.url("out/config.json"), encoding: .utf8)
    #expect(config.contains("\"vocab_size\" : 10") && config.contains("\"eos_token_id\" : null"))

    let written = try place.headway(["generate", "--checkpoint", "out", "--tokens", "20"])
    #expect(written.status == 0 && written.stdout.count == 21, "\(written.stderr)")
    let unknown = try place.headway(["generate", "--checkpoint", "out", "--prompt", "abx"])
    #expect(unknown.status != 0)
    #expect(unknown.stderr.contains("the prompt: line 1, character 3 is x (U+0078)"), "\(unknown.stderr)")

    try place.write("ab\ncab", to: "known.txt")
    let logits = try place.headway(["evaluate", "--checkpoint", "out", "--logits", "known.txt"])
    let values = try #require(
      try JSONSerialization.jsonObject(with: Data(logits.stdout.utf8)) as? [String: Any])
    #expect(values["tokens"] as? [Int] == [2, 3, 0, 4, 2, 3])
    #expect((values["logits"] as? [[Double]])?.map(\.count) == Array(repeating: 10, count: 6))
    try place.write("ab\nca?", to: "unknown.txt")
    let refused = try place.headway(["evaluate", "--checkpoint", "out", "--corpus", "unknown.txt"])
    #expect(refused.status == 1)
    #expect(refused.stderr.contains("unknown.txt: line 2, character 3 is ? (U+003F)"), "\(refused.stderr)")

    let resumed = try place.headway(
      ["train", "--corpus", "letters.txt", "--resume", "out", "--run-directory", "again", "--quiet"]
        + Self.settings + ["--steps", "5"])
    #expect(resumed.status == 0, "\(resumed.stderr)")
  }

  @Test(.timeLimit(.minutes(3))) func aSweepRecordsTheTextsOwnSize() throws {
    let place = try place()
    try place.write(
      """
      corpus: { sources: [letters.txt], tokenizer: characters, limit_bytes: 1_000_000 }
      base:
        { width: 16, layers: 1, heads: 2, batch_size: 2, sequence_length: 8, batches_per_step: 2, steps: 3,
          warmup_steps: 1, evaluation_batches: 0 }
      axes: { scheduling: [barrier] }
      blocks: { minimum: 1, maximum: 1 }
      overhead_check: false
      """, to: "small.yaml")
    let swept = try place.headway(["sweep", "small.yaml", "--output", "swept"])
    try #require(swept.status == 0, "\(swept.stderr)")
    #expect(
      swept.stderr.contains(
        "warning: 1.0 MB of text were asked for (limit_bytes) and the sources hold 660 B: 999.3 kB are missing"
      ),
      "\(swept.stderr)")
    let plan = try String(contentsOf: place.url("swept/plan.json"), encoding: .utf8)
    #expect(plan.contains("\"vocabulary_size\" : 10") && !plan.contains("\"vocabulary_size\" : 1000"))
  }

  @Test func buildingSaysWhatIsMissing() throws {
    let place = try place()
    let built = try place.headway(
      [
        "corpus", "build", "letters.txt", "--tokenizer", "characters", "--limit-bytes", "1000", "--output",
        "c",
      ])
    #expect(built.status == 0)
    #expect(built.stdout.contains("c: 1 file, 660 B, 660 tokens, vocabulary 10 characters"))
    #expect(built.stderr.contains("the sources hold 660 B: 340 B are missing"), "\(built.stderr)")
  }
}
