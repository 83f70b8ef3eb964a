import HeadwayTrace

/// Where the memory's bandwidth would end the scaling of a sweep.
public enum BandwidthBoundary {
  /// Tokens per second at which every array of a step, read and written once from memory, would take the whole
  /// bandwidth, at each number of threads at which that was measured. What stays in the caches may go beyond it.
  ///
  /// - Parameters:
  ///   - ceilings: What `headway machine` measured.
  ///   - configurations: Those of the sweep's cells.
  ///   - machine: The sweep's machine.
  /// - Returns: Nothing where the cells move unequal amounts of bytes for a token, or bandwidth was not measured.
  /// - Throws: ``InputError`` when the ceilings are of another machine.
  public static func points(
    _ ceilings: MachineCeilings, configurations: [RunConfiguration], machine: MachineFacts
  ) throws(InputError) -> [LawPoint] {
    if let difference = ceilings.machine.identityDifferences(from: machine).first {
      throw InputError(
        "the ceilings",
        problem:
          "they are of another machine (\(difference.name): \(difference.base ?? "unknown"), the sweep's is "
          + "\(difference.candidate ?? "unknown"))", remedy: "measure them where the sweep ran")
    }
    let costs = Set(configurations.map { Double($0.stepCost.bytes) / Double(max($0.tokensPerStep, 1)) })
    guard costs.count == 1, let bytes = costs.first, bytes > 0 else { return [] }
    return ceilings.ceilings.filter { $0.kind == .memory }.sorted { $0.threads < $1.threads }.map { ceiling in
      func rate(_ gigabytes: Double) -> Double { gigabytes * 1e9 / bytes }
      return LawPoint(
        threads: Double(ceiling.threads),
        value: Estimate(value: rate(ceiling.rate.median), lower: nil, upper: nil, sampleCount: 0))
    }.filter { $0.value.value.isFinite && $0.value.value > 0 }
  }
}
