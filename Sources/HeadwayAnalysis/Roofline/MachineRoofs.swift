import HeadwayTrace

/// The ceilings of a machine at one number of threads, as rates of all of them together.
struct MachineRoofs {
  /// FLOPs per second.
  let compute: Double
  /// Bytes per second from memory.
  let memory: Double
  /// Bytes per second from the caches; `nil` when not measured.
  let cache: Double?

  /// `nil` when the multiply-adds or the memory were not measured at this number of threads.
  init?(_ ceilings: MachineCeilings, threads: Int) {
    func rate(_ kind: MachineCeiling.Kind) -> Double? {
      let ceiling = ceilings.ceilings.first { $0.kind == kind && $0.threads == threads }
      return ceiling.map { $0.rate.median * 1e9 }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
    guard let compute = rate(.multiplyAdd), let memory = rate(.memory) else { return nil }
    self.compute = compute
    self.memory = memory
    cache = rate(.cache)
  }

  /// The least wall time of an operation, in seconds, and what limits it, with its traffic from one level of
  /// the memory: `max(flops / compute, bytes / bandwidth)`.
  func least(_ cost: OperationCost, bandwidth: Double, level: Roof.Bound) -> (seconds: Double, Roof.Bound) {
    let arithmetic = Double(cost.flops) / compute
    let traffic = Double(cost.bytes) / bandwidth
    return arithmetic >= traffic ? (arithmetic, .compute) : (traffic, level)
  }

  /// The least wall time of operations one after another, and what limits the most of it.
  func least(
    _ costs: [OperationCost], bandwidth: Double, level: Roof.Bound
  ) -> (seconds: Double, bound: Roof.Bound) {
    var computing = 0.0
    var moving = 0.0
    for cost in costs {
      let (seconds, bound) = least(cost, bandwidth: bandwidth, level: level)
      if bound == .compute { computing += seconds } else { moving += seconds }
    }
    return (computing + moving, computing >= moving ? .compute : level)
  }

  /// The roof of operations that were done at a rate of FLOPs per second.
  ///
  /// The traffic is taken to come from memory. Where the rate is more than the memory could have fed, the arrays
  /// lay in the caches, and their bandwidth is the ceiling.
  func roof(_ costs: [OperationCost], achieved: Double) -> Roof? {
    let flops = costs.reduce(0) { $0 + Double($1.flops) }
    guard flops > 0 else { return nil }
    func roof(bandwidth: Double, level: Roof.Bound) -> Roof {
      let (seconds, bound) = least(costs, bandwidth: bandwidth, level: level)
      let rate = flops / seconds
      return Roof(bound: bound, gflopPerSecond: rate / 1e9, share: achieved / rate)
    }
    let fromMemory = roof(bandwidth: memory, level: .memory)
    guard fromMemory.share > 1, hasTraffic(costs), let cache, cache > memory else {
      return fromMemory
    }
    return roof(bandwidth: cache, level: .cache)
  }

  private func hasTraffic(_ costs: [OperationCost]) -> Bool {
    costs.contains { least($0, bandwidth: memory, level: .memory).1 == .memory }
  }
}
