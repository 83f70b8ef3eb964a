import HeadwayTrace

extension ThreadBook {
  /// Closes the books of one thread over a window (method 1).
  ///
  /// - useful is CPU time inside useful states, spin is CPU time inside spin states; what those states
  ///   spent off the CPU is runnable as far as the kernel's run delay explains it, or what the hypervisor
  ///   took (see ``RunAccounts/stolenParts``), and unknown beyond that;
  /// - time registered in no state is no known wait: off the CPU it is runnable as far as the same explains it,
  ///   and unknown beyond that and on the CPU;
  /// - run delay that is then left over must lie in blocked states (a thread that was woken and waited for
  ///   a CPU) and is moved from blocked to runnable, up to the blocked time spent off the CPU;
  /// - time not registered is lifecycle;
  /// - the probe's own cost, transitions · cost each, is moved from useful to self.
  ///
  /// Without a run delay all of the off-CPU time counts as runnable, an estimate that a warning states.
  /// When the accounts are consistent the categories sum to the window exactly; nothing is scaled to make
  /// them.
  package init(
    _ accounts: ThreadAccounts, windowNs: Nanoseconds, transitionCostNs: Nanoseconds?,
    stolenNs: Nanoseconds = .zero
  ) {
    var times = CategoryTimes(accounts, window: windowNs.count, stolen: stolenNs.count)
    times.moveSelfCost(Int64(accounts.transitions) * (transitionCostNs?.count ?? 0))
    self.init(
      name: accounts.name, role: accounts.role, wallNs: windowNs, cpuNs: accounts.cpuNs,
      runDelayNs: accounts.runDelayNs, voluntarySwitches: accounts.voluntarySwitches,
      involuntarySwitches: accounts.involuntarySwitches,
      states: accounts.states.mapValues { StateBook($0) },
      categories: times.keyed, tasks: accounts.tasks, tokens: accounts.tokens,
      progress: accounts.progress)
    counters = accounts.counters
  }
}

extension StateBook {
  /// The books of one state, with the operations inside it.
  fileprivate init(_ account: StateAccount) {
    self.init(
      category: account.definition.category, wallNs: account.wallNs, cpuNs: account.cpuNs,
      count: account.count)
    operations = account.operations
  }
}

extension RunAccounts {
  /// What the hypervisor took from each thread while that did not wait, in the order of ``threads``.
  ///
  /// A guest's kernel knows what was taken from its CPUs, and counts it neither as CPU time of the thread that was on
  /// one nor as time that it was ready. So it lies in the threads' unexplained time off the CPU, and is shared out in
  /// proportion to that where there is more of it.
  var stolenParts: [Nanoseconds] {
    let gaps = threads.map { CategoryTimes($0, window: windowNs.count).unexplained }
    let (all, stolen) = (gaps.reduce(0, +), foreign?.stolenNs?.count ?? 0)
    guard all > stolen else { return gaps.map { Nanoseconds($0) } }
    return gaps.map { Nanoseconds(Int64(Double($0) * Double(max(stolen, 0)) / Double(all))) }
  }
}

/// The times of one thread by category, in nanoseconds, while its books are being closed.
private struct CategoryTimes {
  private var times: [StateCategory: Int64] = [:]

  /// Time off the CPU outside of waits that the run delay does not explain.
  private(set) var unexplained: Int64 = 0

  init(_ accounts: ThreadAccounts, window: Int64, stolen: Int64 = 0) {
    var offCPU: Int64 = 0
    var offCPUInNoState: Int64 = 0
    var blockedOffCPU: Int64 = 0
    var inStates: Int64 = 0
    for account in accounts.states.values {
      let wall = account.wallNs.count
      let running = min(max(account.cpuNs.count, 0), wall)
      inStates += wall
      switch account.definition.category {
      case .useful, .spin:
        times[account.definition.category, default: 0] += running
        offCPU += wall - running
      case .unknown:
        times[.unknown, default: 0] += running
        offCPUInNoState += wall - running
      case .blocked:
        times[.blocked, default: 0] += wall
        blockedOffCPU += wall - running
      case .runnable, .lifecycle, .selfCost:
        times[account.definition.category, default: 0] += wall
      }
    }
    // An estimate of the delay says nothing of time in no state.
    let delay = max(accounts.runDelayNs?.count ?? offCPU, 0)
    let delayedAtWork = min(offCPU + offCPUInNoState, delay)
    let delayedAtWait = min(delay - delayedAtWork, blockedOffCPU)
    unexplained = offCPU + offCPUInNoState - delayedAtWork
    let stolen = min(max(stolen, 0), unexplained)
    times[.runnable, default: 0] += delayedAtWork + delayedAtWait + stolen
    times[.blocked, default: 0] -= delayedAtWait
    times[.unknown, default: 0] += unexplained - stolen + max(accounts.presentNs.count - inStates, 0)
    times[.lifecycle, default: 0] += max(window - accounts.presentNs.count, 0)
  }

  mutating func moveSelfCost(_ cost: Int64) {
    let moved = min(max(cost, 0), times[.useful] ?? 0)
    times[.useful, default: 0] -= moved
    times[.selfCost, default: 0] += moved
  }

  var keyed: [String: Nanoseconds] {
    Dictionary(
      uniqueKeysWithValues: StateCategory.allCases.map {
        ($0.rawValue + "_ns", Nanoseconds(times[$0] ?? 0))
      })
  }
}
