import HeadwayTrace

/// Where a run was measured, and how its figures came about, as names and texts.
enum RunFacts {
  /// The machine, the program and its surroundings; what could not be read says so.
  static func environment(of manifest: Manifest) -> [FactView] {
    let unreadable = "could not be read"
    var facts = EnvironmentFacts.machine(manifest.machine)
    facts += [
      FactView(factName: "Started", fact: manifest.startedAt),
      FactView(factName: "Headway", fact: manifest.toolVersion),
      FactView(factName: "Git commit", fact: manifest.gitCommit ?? "none: not a checkout"),
      FactView(factName: "Binary", fact: manifest.binaryHash ?? unreadable),
      FactView(factName: "Corpus", fact: manifest.corpusHash ?? "none"),
    ]
    let variables = manifest.environment.sorted { $0.key < $1.key }
    facts.append(
      FactView(
        factName: "Variables",
        fact: variables.isEmpty
          ? "none that change performance" : variables.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    )
    return facts + EnvironmentFacts.surroundings(manifest.surroundings)
  }

  static let methods: [FactView] = [
    FactView(
      factName: "Throughput",
      fact:
        "Tokens of the steps after the warm-up over the time of these steps. How many steps are warm-up is"
        + " decided by a test of their durations, not fixed."),
    FactView(
      factName: "Closed books",
      fact:
        "Every thread is in exactly one state at a time, so the categories sum to threads × wall time. Useful"
        + " and spinning are CPU time inside such states; ready without a CPU is the kernel’s run delay; what no"
        + " state explains is shown as unknown."),
    FactView(
      factName: "Barriers",
      fact:
        "An episode is one crossing of one barrier by all who take part. Imbalance lasts from a thread’s arrival"
        + " to that of the last, wake-up from there until the thread goes on; the spread is the time between the"
        + " first and the last arrival."),
    FactView(
      factName: "Timeline",
      fact:
        "Spans are drawn as they were recorded. The height of a working span is the share of its time on a CPU,"
        + " by the thread’s own clock; where in the span it ran is not known."),
    FactView(
      factName: "Stacks",
      fact:
        "A timer of each thread interrupts it; the copied stack is unwound elsewhere. A sample counts once for"
        + " every period of the timer that it stands for, and only inside the measured window."),
    FactView(
      factName: "Findings",
      fact:
        "A cause is stated where its saving is above 2 % of the wall time. One run is no experiment: every"
        + " finding here is a hypothesis that a sweep can test."),
  ]
}
