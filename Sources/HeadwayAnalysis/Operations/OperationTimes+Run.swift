import HeadwayTrace

extension OperationTimes {
  /// Largest part of a state's wall time in no operation that passes without a warning.
  static let restTolerance = 0.01

  /// Adds up what the program's threads spent in each operation, and joins it with the work that is counted from
  /// the shapes; `nil` where nothing was timed.
  ///
  /// - Parameters:
  ///   - run: A run with books.
  ///   - transitionCostNs: What one change of state costs the probe, which lies in no operation.
  ///   - usableCpus: CPUs after affinity and quota; without it there are times and no rates.
  init?(_ run: RunSummary, transitionCostNs: Nanoseconds?, usableCpus: Double?) {
    let threads = run.threads.filter { $0.role != .sampler }
    let timed = Set(
      threads.flatMap { thread in thread.states.filter { $0.value.operations != nil }.map(\.key) })
    guard !timed.isEmpty else { return nil }
    let costs = Dictionary(grouping: run.configuration?.stepCost.operations ?? []) {
      WorkState(doing: $0).rawValue
    }
    self.init(operations: [], states: [])
    for state in timed.sorted(by: Self.isBefore) {
      let books = threads.compactMap { $0.states[state] }
      let wall = books.reduce(Nanoseconds.zero) { $0 + $1.wallNs }
      let rows = Self.rows(
        of: books, in: state, wall: wall, costs: costs[state] ?? [], steps: run.throughput.steps,
        usableCpus: usableCpus)
      operations += rows
      let rest = wall - rows.reduce(.zero) { $0 + $1.wallNs }
      states.append(TimedState(state: state, wallNs: wall, restNs: rest))
      let entries = books.reduce(0) { $0 + $1.count }
      let price = 2 * Double(transitionCostNs?.count ?? 0) * Double(entries)
      let share = ratio(Double(rest.count), Double(wall.count))
      if Double(rest.count) - price > Self.restTolerance * Double(wall.count) {
        warnings.append(
          "\(percent(share)) of the time in \(state) is in none of its operations; 1 % and the probe's own changes"
            + " of state are allowed for")
      }
    }
  }

  /// The order of a step; states that the shipped engine has not come last, by name.
  private static func isBefore(_ left: String, _ right: String) -> Bool {
    func key(_ state: String) -> (Int, String) {
      (WorkState.allCases.firstIndex { $0.rawValue == state } ?? .max, state)
    }
    return key(left) < key(right)
  }

  /// The operations of one state, the longest first.
  private static func rows(
    of books: [StateBook], in state: String, wall: Nanoseconds, costs: [OperationCost], steps: Int,
    usableCpus: Double?
  ) -> [OperationTime] {
    struct Sum {
      var count = 0
      var wallNs = Nanoseconds.zero
      var cpu: [Double] = []
    }
    var sums: [String: Sum] = [:]
    for book in books {
      let running = min(ratio(Double(book.cpuNs.count), Double(book.wallNs.count)), 1)
      for (name, account) in book.operations ?? [:] {
        sums[name, default: Sum()].count += account.count
        sums[name, default: Sum()].wallNs = (sums[name]?.wallNs ?? .zero) + account.wallNs
        sums[name, default: Sum()].cpu.append(Double(account.wallNs.count) * (running.isFinite ? running : 0))
      }
    }
    return sums.map { name, sum in
      let cpu = sum.cpu.reduce(0, +)
      let most = sum.cpu.max() ?? 0
      let threads = usableCpus.map { cpus in
        max(1, min(sum.cpu.count { $0 >= most / 10 }, Int(cpus)))
      }
      let counted = ModelOperation.counted(in: name)
      let own = costs.filter { counted.contains($0.operation) }
      var work: RooflineWork?
      if let threads, !own.isEmpty, cpu > 0 {
        work = RooflineWork(
          flops: Double(steps) * own.reduce(0) { $0 + Double($1.flops) },
          bytes: Double(steps) * own.reduce(0) { $0 + Double($1.bytes) }, seconds: cpu / 1e9 / Double(threads)
        )
      }
      return OperationTime(
        operation: name, state: state, count: sum.count, wallNs: sum.wallNs,
        cpuNs: Nanoseconds(Int64(cpu.rounded())), share: ratio(Double(sum.wallNs.count), Double(wall.count)),
        threads: threads, work: work)
    }.sorted { ($1.wallNs, $0.operation) < ($0.wallNs, $1.operation) }
  }
}

extension OperationTimes {
  /// The same under a machine's roof: each operation gets the ceilings of as many threads as did it.
  ///
  /// - Parameters:
  ///   - ceilings: Those of the run's machine; the roofline of the states refuses others.
  ///   - cost: What a step of the run computes.
  func under(_ ceilings: MachineCeilings, cost: StepCost) -> OperationTimes {
    var held = self
    for index in held.operations.indices {
      let row = held.operations[index]
      guard let threads = row.threads, let work = row.work,
        let roofs = MachineRoofs(ceilings, threads: threads)
      else { continue }
      let counted = ModelOperation.counted(in: row.operation)
      let own = cost.operations.filter {
        WorkState(doing: $0).rawValue == row.state && counted.contains($0.operation)
      }
      held.operations[index].roof = roofs.roof(own, achieved: work.gflopPerSecond * 1e9)
    }
    let above = held.operations.filter { ($0.roof?.share ?? 0) > 1 }
    if !above.isEmpty {
      let names = above.map { "\($0.operation) in \($0.state)" }
      held.warnings.append(
        "\(list(names)) reached more than the roof: the ceilings are too low, or the least traffic that is counted"
          + " is more than what moved")
    }
    return held
  }
}

extension RunSummary {
  /// Holds a run against its machine's ceilings: its states, and its operations where they were timed.
  ///
  /// - Throws: ``InputError`` as ``Roofline/init(_:ceilings:machine:)``; the summary is then unchanged.
  public mutating func hold(against ceilings: MachineCeilings, machine: MachineFacts?) throws(InputError) {
    roofline = try Roofline(self, ceilings: ceilings, machine: machine)
    if let cost = configuration?.stepCost { operations = operations?.under(ceilings, cost: cost) }
  }
}
