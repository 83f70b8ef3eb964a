import HeadwayStore
import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace

/// Runs `body` and gives the error that it must throw.
func refusal(_ body: () throws -> Void) -> InputError? {
  do {
    try body()
    return nil
  } catch {
    return error as? InputError
  }
}

/// A profile of so many threads and both schedulings, with whatever lines a test adds.
func profile(_ lines: String = "") throws -> Profile {
  try Profile(
    yaml: """
      corpus: { sources: [.] }
      axes: { threads: [1, 2], scheduling: [barrier, queue] }
      \(lines)
      """, path: "test.yaml")
}

extension SweepContext {
  /// A sweep started on the machine that exists nowhere.
  static let literal = SweepContext(
    command: "headway sweep test.yaml", startedAt: "2026-01-01T00:00:00Z", toolVersion: "0.1.0",
    machine: .literal, corpus: "1 file, 10 bytes, 5 tokens")
}
