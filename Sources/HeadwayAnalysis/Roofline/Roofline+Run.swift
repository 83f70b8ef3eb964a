import HeadwayTrace

extension Roofline {
  /// Joins a run with its machine's ceilings.
  ///
  /// The rate of a state is its work over the CPU time that the threads spent in it, times the threads that did it
  /// at once: what they would reach if they did nothing else. Waits and other states do not lower it. The roof is
  /// that of as many threads.
  ///
  /// - Parameters:
  ///   - run: A run of the shipped engine, of which the shapes are known, with books.
  ///   - ceilings: What `headway machine` measured; the configuration that it timed products of does not matter.
  ///   - machine: The run's machine; `nil` when not known, and then a warning says so.
  /// - Throws: ``InputError`` when the two do not fit together, or the run says too little.
  public init(_ run: RunSummary, ceilings: MachineCeilings, machine: MachineFacts?) throws(InputError) {
    guard let configuration = run.configuration else {
      throw InputError(
        "roofline", problem: "the shapes of another engine are not known", remedy: "leave --machine out")
    }
    guard run.books != nil, run.throughput.steps > 0 else {
      throw InputError(
        "roofline", problem: "the run has no books or completed no step",
        remedy: "record one with probe: counters or events, to its end")
    }
    var warnings = try Self.requireSameMachine(ceilings.machine, as: machine)
    warnings += ceilings.warnings.map { "the ceilings: \($0)" }
    let steps = run.throughput.steps
    var parts: [WorkState: (threads: Int, cpuNs: Nanoseconds)] = [:]
    for state in WorkState.allCases {
      parts[state] = Self.time(in: state.rawValue, of: run.threads, usableCpus: ceilings.machine.usableCpus)
    }
    let costs = Dictionary(grouping: configuration.stepCost.operations) { WorkState(doing: $0) }
    var states: [RooflineState] = []
    var unmeasured: Set<Int> = []
    for state in WorkState.allCases {
      guard let (threads, cpuNs) = parts[state] else { continue }
      let roofs = MachineRoofs(ceilings, threads: threads)
      if roofs == nil { unmeasured.insert(threads) }
      states.append(
        RooflineState(
          state, costs: costs[state] ?? [], steps: steps, threads: threads, cpuNs: cpuNs, roofs: roofs))
    }
    let above = states.filter { ($0.roof?.share ?? 0) > 1 }.map(\.state)
    if !above.isEmpty {
      warnings.append(
        "\(above.joined(separator: ", ")) reached more than the roof: the ceilings are too low, measure them again"
          + " while the machine is quiet")
    }
    for threads in unmeasured.sorted() {
      warnings.append(
        "the ceilings were not measured at \(threads) threads: run headway machine --threads \(threads)")
    }
    self.init(
      states: states,
      operations: configuration.stepCost.operations.map { cost in
        let state = WorkState(doing: cost)
        let threads = parts[state]?.threads
        let roofs = threads.flatMap { MachineRoofs(ceilings, threads: $0) }
        let least = roofs.map { $0.least(cost, bandwidth: $0.memory, level: .memory) }
        return RooflineOperation(
          cost, state: state.rawValue, bound: least?.1,
          leastNs: least.flatMap { least in
            threads.map { Nanoseconds(Int64((least.seconds * Double($0) * 1e9).rounded())) }
          })
      }, steps: steps, warnings: warnings)
  }

  /// The CPU time that the program's threads spent in a state, and how many of them did its work at once: those
  /// with at least a tenth of the time of the busiest, but no more than there are CPUs. `nil` without any.
  private static func time(
    in state: String, of threads: [ThreadBook], usableCpus: Double
  ) -> (threads: Int, cpuNs: Nanoseconds)? {
    let times = threads.filter { $0.role != .sampler }.compactMap { $0.states[state]?.cpuNs }
    let sum = times.reduce(.zero, +)
    guard let most = times.max(), most > .zero else { return nil }
    let busy = times.count { $0.count >= most.count / 10 }
    return (max(1, min(busy, Int(usableCpus))), sum)
  }

  /// Refuses ceilings of another machine.
  private static func requireSameMachine(
    _ ceilings: MachineFacts, as run: MachineFacts?
  ) throws(InputError) -> [String] {
    guard let run else { return ["whether the ceilings are of the run's machine is not known"] }
    func name(_ machine: MachineFacts) -> String {
      "\(machine.processor ?? machine.architecture) with \(machine.onlineCpus) CPUs"
    }
    guard name(ceilings) == name(run), ceilings.architecture == run.architecture else {
      throw InputError(
        "roofline", field: "machine",
        problem: "the ceilings are of \(name(ceilings)), the run is of \(name(run))",
        remedy: "run headway machine --json on the run's machine")
    }
    return ceilings.usableCpus == run.usableCpus
      ? [] : ["the ceilings were measured with another number of usable CPUs than the run had"]
  }
}

/// The states of the shipped engine that do useful work, in the order of a step.
enum WorkState: String, CaseIterable {
  case assemble = "batch.assemble"
  case forward
  case backward
  case reduce
  case optimize
  case evaluate

  /// The state that an operation is done in.
  init(doing cost: OperationCost) {
    self =
      switch (cost.part, cost.operation) {
      case (.forward, _): .forward
      case (.backward, _): .backward
      case (.update, .optimizer): .optimize
      case (.update, _): .reduce
      }
  }
}

extension RooflineState {
  /// The state's work in some steps. A state without counted operations has a time only.
  fileprivate init(
    _ state: WorkState, costs: [OperationCost], steps: Int, threads: Int, cpuNs: Nanoseconds,
    roofs: MachineRoofs?
  ) {
    self.init(state: state.rawValue, threads: threads, cpuNs: cpuNs, work: nil, roof: nil)
    guard !costs.isEmpty else { return }
    let count = Double(steps)
    let work = RooflineWork(
      flops: count * costs.reduce(0) { $0 + Double($1.flops) },
      bytes: count * costs.reduce(0) { $0 + Double($1.bytes) }, seconds: cpuNs.seconds / Double(threads))
    self.work = work
    roof = roofs?.roof(costs, achieved: work.gflopPerSecond * 1e9)
  }
}
