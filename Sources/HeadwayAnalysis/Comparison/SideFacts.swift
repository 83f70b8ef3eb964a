import HeadwayStatistics
import HeadwayTrace

/// What surrounded the runs of one side of a comparison: by name, in the order of the report, what each run noted.
struct SideFacts {
  /// Of every name the values that runs have, each once; a run that noted none counts as `nil`.
  private var values: [(name: String, seen: Set<String?>)] = []
  /// The manifests of the side's runs.
  private let manifests: [Manifest]

  init(_ runs: [ComparedRun]) {
    manifests = runs.compactMap(\.manifest)
    let facts = manifests.map(Self.facts)
    var places: [String: Int] = [:]
    for (name, _) in facts.joined() where places[name] == nil {
      places[name] = values.count
      values.append((name, []))
    }
    for own in facts {
      let known = Dictionary(own, uniquingKeysWith: { first, _ in first })
      for index in values.indices { values[index].seen.insert(known[values[index].name] ?? nil) }
    }
  }

  /// What a manifest says besides the identity of the machine, the work and the configuration.
  private static func facts(of manifest: Manifest) -> [(String, String?)] {
    let machine = manifest.machine
    return [
      ("git commit", manifest.gitCommit), ("binary", manifest.binaryHash),
      ("tool version", manifest.toolVersion),
    ] + manifest.environment.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      + [
        ("memory bytes", machine.memoryBytes.map(String.init)), ("clock source", machine.clockSource),
        ("vector extensions", machine.vectorExtensions.joined(separator: " ")),
      ] + (manifest.surroundings?.settings ?? []).map { ($0.name, $0.value) }
  }

  /// Names of settings, whose absence in a manifest that has no surroundings says nothing.
  private var settingNames: Set<String> {
    Set(manifests.compactMap(\.surroundings).flatMap { $0.settings.map(\.name) })
  }

  private var notesSurroundings: Bool { manifests.contains { $0.surroundings != nil } }

  /// What is not the same on both sides; nothing where a side noted nothing.
  static func differences(from base: SideFacts, to candidate: SideFacts) -> [NamedDifference] {
    guard !base.manifests.isEmpty, !candidate.manifests.isEmpty else { return [] }
    let names = (base.values + candidate.values).map(\.name)
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let settings = base.settingNames.union(candidate.settingNames)
    let canCompareSettings = base.notesSurroundings && candidate.notesSurroundings
    let named = names.compactMap { name -> NamedDifference? in
      if settings.contains(name) && !canCompareSettings { return nil }
      let (old, new) = (base.seen(name), candidate.seen(name))
      return old == new
        ? nil : NamedDifference(name: name, base: words(old), candidate: words(new))
    }
    return named + loads(base, candidate)
  }

  /// What is not the same in all runs of this side, in words.
  var variations: [String] {
    values.compactMap { name, seen in
      seen.count > 1 ? "\(name) \(Self.words(seen) ?? "absent")" : nil
    }
  }

  private func seen(_ name: String) -> Set<String?> { values.first { $0.name == name }?.seen ?? [nil] }

  private static func words(_ seen: Set<String?>) -> String? {
    if seen == [nil] { return nil }
    return seen.map { $0 ?? "absent" }.sorted().joined(separator: " and ")
  }

  /// Load, steal and foreign processes move from run to run: their medians are compared, and named where they are
  /// apart by so much that it could matter.
  private static func loads(_ base: SideFacts, _ candidate: SideFacts) -> [NamedDifference] {
    let figures: [(name: String, apart: Double, unit: String, value: (Surroundings) -> Double?)] = [
      ("load average before the runs", 0.5, "", \.loadAverage),
      ("share taken by the hypervisor", 1, " %", { $0.activity?.stealShare.map { $0 * 100 } }),
      ("share used by other processes", 5, " %", { $0.activity.map { $0.foreignShare * 100 } }),
    ]
    return figures.compactMap { figure in
      let (old, new) = (base.median(figure.value), candidate.median(figure.value))
      guard let old, let new, (old - new).magnitude >= figure.apart else { return nil }
      func words(_ value: Double) -> String { "\((value * 10).rounded() / 10)\(figure.unit)" }
      return NamedDifference(name: figure.name, base: words(old), candidate: words(new))
    }
  }

  private func median(_ value: (Surroundings) -> Double?) -> Double? {
    Quantiles.median(of: manifests.compactMap { $0.surroundings.flatMap(value) })
  }
}
