import Foundation
import HeadwayTrace
import Testing

@Suite struct RunConfigurationTests {
  /// A value of each key that is not its default.
  private static let others = [
    "tokenizer": "characters", "bias": "false", "thread_lifetime": "per_epoch", "scheduling": "queue",
    "kernels": "blas", "reduction": "tree", "grain": "sequence", "optimizer": "segmented",
    "topology": "kissing", "batching": "grouped", "barrier": "futex", "loader": "text", "probe": "counters",
    "stack_sampling_mode": "wall", "on_stall": "abort", "prefetch": "3", "width": "96", "heads": "6",
    "vocabulary_size": "700", "stack_sampling_hz": "99", "counters": "true",
    "operations": "true",
  ]

  private func decoded(_ object: [String: Any]) throws -> RunConfiguration {
    try HeadwayJSON.decode(
      RunConfiguration.self, from: JSONSerialization.data(withJSONObject: object), subject: "test")
  }

  private func object(_ configuration: RunConfiguration) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: try HeadwayJSON.document(configuration)) as? [String: Any])
  }

  @Test func everyKeySurvivesItsFile() throws {
    for key in RunConfiguration.keys {
      var configuration = RunConfiguration()
      let standard = try #require(configuration.value(of: key))
      let number = Int(standard).map { String($0 + 1) } ?? "0.5"
      let other = Self.others[key] ?? number
      try configuration.set(key, to: other, subject: "test")
      #expect(configuration != RunConfiguration(), "\(key) = \(other) is the default")
      #expect(try decoded(try object(configuration)) == configuration, "\(key) is lost on the way")
    }
  }

  @Test func filesOfEarlierVersionsAreRead() throws {
    var file = try object(RunConfiguration())
    for key in [
      "tokenizer", "topology", "batching", "stack_sampling_hz", "stack_sampling_mode", "watchdog_seconds",
      "on_stall", "counters", "operations",
    ] { #expect(file.removeValue(forKey: key) != nil) }
    #expect(try decoded(file) == RunConfiguration())
  }

  @Test func aMissingKeyOfAlwaysIsRefusedByName() throws {
    var file = try object(RunConfiguration())
    file["width"] = nil
    let error = #expect(throws: InputError.self) { try decoded(file) }
    #expect("\(try #require(error))".contains("width"))
  }
}
