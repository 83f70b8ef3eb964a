import HeadwaySweep
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `profiles/phases.yaml` is what it says: the history of an engine, one improvement at a time.
@Suite struct PhasesProfileTests {
  /// Each phase, and the settings that it changes compared with the one before it.
  static let history: [(phase: String, changes: [String: String])] = [
    ("0", [:]),
    ("1", ["thread_lifetime": "persistent"]),
    ("2A", ["prefetch": "1"]),
    ("2B", ["scheduling": "queue"]),
    ("2C", ["kernels": "simd"]),
    ("2D", ["reduction": "segmented"]),
    ("2E", ["grain": "sequence"]),
    ("3", ["kernels": "blas", "threads": "2"]),
  ]

  private func cells() throws -> [(label: String, configuration: RunConfiguration)] {
    let path = packageRoot.appending(path: "profiles/phases.yaml").path(percentEncoded: false)
    return try Profile.load(path).cells().map { ($0.label, try #require($0.configuration)) }
  }

  @Test func theFirstPhaseHasNothingThatCameLater() throws {
    let first = try #require(try cells().first)
    let values = [
      "thread_lifetime": "per_epoch", "scheduling": "barrier", "prefetch": "off", "kernels": "reference",
      "reduction": "serial", "optimizer": "serial", "grain": "batch", "topology": "flat",
      "batching": "fixed", "loader": "tokens", "threads": "4",
    ]
    for (key, value) in values { #expect(first.configuration.value(of: key) == value, "\(key)") }
  }

  /// Every key of every phase: what its name claims, and nothing else, differs from the phase before.
  @Test func eachPhaseChangesWhatItsNameClaims() throws {
    let cells = try cells()
    try #require(cells.count == Self.history.count)
    for (place, (cell, entry)) in zip(cells, Self.history).enumerated() {
      #expect(cell.label.contains("phase \(entry.phase)"), "\(cell.label)")
      guard place > 0 else { continue }
      let before = cells[place - 1].configuration
      var changes: [String: String] = [:]
      for key in RunConfiguration.keys {
        let value = cell.configuration.value(of: key)
        if value != before.value(of: key) { changes[key] = value }
      }
      #expect(changes == entry.changes, "phase \(entry.phase)")
    }
  }

  /// All phases train on the same tokens in as many steps, or comparing them would mean nothing.
  @Test func everyPhaseDoesTheSameWork() throws {
    let configurations = try cells().map(\.configuration)
    #expect(Set(configurations.map(\.tokensPerStep)).count == 1)
    #expect(Set(configurations.map(\.steps)).count == 1)
    #expect(Set(configurations.map(\.seed)).count == 1)
  }
}
