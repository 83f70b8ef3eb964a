import HeadwayTrace

/// An explanation in words.
enum ExplanationWords {
  /// What was looked at.
  static func headline(of explanation: RunExplanation) -> String {
    let window = explanation.window
    var steps = "no whole step"
    if let first = window.firstStep, let last = window.lastStep {
      steps = first == last ? "step \(first)" : "steps \(first) to \(last)"
    }
    return "\(Numerals.duration(window.wallNs)), \(steps): \(Numerals.plural(window.threadCount, "thread")),"
      + " \(window.teamCount) of them the team whose waiting is a loss."
  }

  /// The efficiencies as a product.
  static func factors(_ factors: EfficiencyFactors) -> String {
    func number(_ value: Double) -> String { Numerals.fixed(value, 3) }
    var text =
      "Parallel efficiency \(number(factors.parallel)) = load balance \(number(factors.loadBalance))"
      + " × serialisation \(number(factors.serialisation)) × transfer \(number(factors.transfer))"
      + (factors.parallel > 0.8 ? ", acceptable." : "; above 0.8 is acceptable.")
    if let scaling = factors.computationScaling, let global = factors.global {
      text += " Computation scaling \(number(scaling)), global efficiency \(number(global))."
    }
    return text
      + " With synchronisation for nothing the window would take \(Numerals.duration(factors.idealNs))."
  }

  /// A part of the losses.
  static func name(of part: LossShare.Part) -> String {
    switch part {
    case .serialSection: "serial section"
    case .input: "only input being made"
    case .loadBalance: "load imbalance"
    case .synchronisation: "synchronisation"
    case .descheduled: "working, no CPU"
    case .lifecycle: "not started or ended"
    case .selfCost: "the tool itself"
    case .unknown: "unknown"
    }
  }

  /// Stragglers, input, queues and CPUs, as pairs of a name and a text.
  static func notes(of explanation: RunExplanation) -> [(String, String)] {
    var notes: [(String, String)] = []
    if let stragglers = explanation.stragglers { notes.append(("Stragglers", words(stragglers))) }
    if let input = explanation.input { notes.append(("Input", input.statement + ".")) }
    for gaps in explanation.gaps { notes.append(("Queue", words(gaps))) }
    notes.append(("CPUs", words(explanation.demand)))
    return notes
  }

  private static func words(_ stragglers: StragglerEffects) -> String {
    let text =
      "\(Numerals.fixed(stragglers.slowdown, 3))× the window with equal peers"
      + " (\(Numerals.duration(stragglers.idealNs)))"
    guard !stragglers.threads.isEmpty else { return text + "; below 1.03 nothing is taken apart." }
    func effects(_ effects: [StragglerEffects.Effect]) -> String {
      effects.prefix(3).map { "\($0.name) \(Numerals.fixed($0.slowdown, 3))×" }.joined(separator: ", ")
    }
    return text + "; alone: \(effects(stragglers.threads)); by state: \(effects(stragglers.contexts))."
  }

  private static func words(_ gaps: QueueGaps) -> String {
    func tally(_ tally: QueueGaps.Tally) -> String {
      "\(Numerals.count(tally.count)) (\(Numerals.duration(tally.timeNs)))"
    }
    return "gaps at \(gaps.site): \(tally(gaps.producerBound)) for want of an item, \(tally(gaps.handOff)) of"
      + " handing over, \(tally(gaps.other)) other."
  }

  private static func words(_ demand: CpuDemand) -> String {
    var text =
      "\(Numerals.fixed(demand.meanThreads, 1)) threads wanted one on average,"
      + " \(demand.peakThreads) at most"
    if let usable = demand.usableCpus, let over = demand.overShare {
      text += "; more than the \(Numerals.cpus(usable)) usable in \(Numerals.share(over)) of the window"
    }
    return text + "; they had none for \(Numerals.share(demand.withoutCpuShare)) of the time they wanted it."
  }
}
