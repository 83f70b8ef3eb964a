import HeadwayTrace

/// Where and how a sweep was measured, as names and texts. What could not be read says so.
enum EnvironmentFacts {
  static func facts(of sweep: SweepSummary) -> [FactView] {
    machine(sweep.machine) + [
      FactView(factName: sweep.program == nil ? "Corpus" : "Program", fact: sweep.corpus),
      FactView(factName: "Started", fact: sweep.startedAt),
      FactView(factName: "Took", fact: Numerals.duration(sweep.elapsedNs)),
      FactView(factName: "Blocks", fact: Phrases.blocks(sweep)),
      FactView(factName: "Seed of the order", fact: String(sweep.seed)),
      FactView(factName: "Headway", fact: sweep.toolVersion),
    ] + surroundings(sweep.surroundings)
  }

  /// What surrounded a run or a sweep, as one fact; none where nothing was noted.
  static func surroundings(_ around: Surroundings?) -> [FactView] {
    around.map { [FactView(factName: "Around", fact: Phrases.surroundings($0))] } ?? []
  }

  /// The machine, fact by fact.
  static func machine(_ machine: MachineFacts) -> [FactView] {
    let unreadable = "could not be read"
    return [
      FactView(factName: "Processor", fact: machine.processor ?? unreadable),
      FactView(factName: "Architecture", fact: machine.architecture),
      FactView(
        factName: "CPUs", fact: "\(Numerals.cpus(machine.usableCpus)) usable, \(machine.onlineCpus) online"),
      FactView(factName: "Memory", fact: machine.memoryBytes.map { Numerals.bytes($0) } ?? unreadable),
      FactView(factName: "Kernel", fact: machine.kernel ?? unreadable),
      FactView(factName: "Hypervisor", fact: machine.hypervisor ?? "none found"),
      FactView(factName: "Clock source", fact: machine.clockSource ?? unreadable),
      FactView(
        factName: "Vector extensions",
        fact: machine.vectorExtensions.isEmpty
          ? "none found" : machine.vectorExtensions.joined(separator: ", ")),
    ]
  }
}

/// How the figures came about, in words.
enum MethodWords {
  static let sweep: [FactView] = [
    FactView(
      factName: "Sampling",
      fact:
        "A sample is one run in a fresh process, reduced to its tokens per second after the warm-up; steps are"
        + " never pooled across processes. Each block runs every cell once, in a seeded order that is balanced over"
        + " positions, and a block that was disturbed is run again whole."),
    FactView(
      factName: "Intervals",
      fact:
        "Estimates are Hodges–Lehmann medians of Walsh averages; intervals are exact, from the signed-rank"
        + " distribution, at 95 %. With fewer than six blocks there is no interval and none is shown."),
    FactView(
      factName: "Verdicts",
      fact:
        "A cell is compared with the baseline block by block, on the log of the ratio. It is faster or slower"
        + " where the interval lies beyond the margin, the same where it lies inside, and unclear otherwise; the"
        + " table is corrected for its number of rows (Holm)."),
    FactView(
      factName: "Efficiency",
      fact: "Speed-up over the same configuration at the fewest threads, divided by the ratio of threads."),
    FactView(
      factName: "Closed books",
      fact:
        "Every thread is in exactly one state at a time, so the categories sum to threads × wall time. Useful"
        + " and spinning are CPU time inside such states; ready without a CPU is the kernel’s run delay; what no"
        + " state explains is shown as unknown."),
    FactView(
      factName: "Idle shares",
      fact:
        "Barrier idle, queue idle, spin and no CPU are shares of the workers’ time (workers × window); input"
        + " wait is the share of the window in which the step waited for its input to be assembled."),
    FactView(
      factName: "Findings",
      fact:
        "A cause is stated where its saving is above the largest of 2 %, the overhead and the noise. The saving"
        + " is the most that a simple model or an experiment gives. Supported and contradicted mean that a cell of"
        + " this sweep removes the cause; untested causes are hypotheses."),
    FactView(
      factName: "Predictions",
      fact:
        "The baseline is recorded once ahead of the blocks; its steps are taken apart and simulated in every other"
        + " cell’s configuration. What that predicts is written to a file before the first run and not changed"
        + " afterwards. Earlier sweeps on the machine whose outcomes lay further off than their intervals said widen"
        + " the intervals of later ones."),
  ]
}
