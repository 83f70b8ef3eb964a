import HeadwayTrace

extension MachineCeilings {
  /// Ceilings of the machine ``MachineFacts/literal``: multiply-adds in GFLOP/s, memory and caches in GB/s, by the
  /// number of threads.
  public static func literal(
    _ rates: [(threads: Int, multiplyAdd: Double?, memory: Double?, cache: Double?)],
    machine: MachineFacts = .literal, warnings: [String] = []
  ) -> Self {
    let configuration = RunConfiguration()
    let ceilings = rates.flatMap { row in
      [(MachineCeiling.Kind.multiplyAdd, row.multiplyAdd), (.memory, row.memory), (.cache, row.cache)]
        .compactMap { kind, rate in
          rate.flatMap { MeasuredSpread([$0]) }.map {
            MachineCeiling(kind: kind, threads: row.threads, rate: $0, workingSetBytes: nil)
          }
        }
    }
    return MachineCeilings(
      machine: machine, configuration: configuration, step: configuration.stepCost, ceilings: ceilings,
      products: [], foreignShare: nil, stealShare: nil, warnings: warnings)
  }
}
