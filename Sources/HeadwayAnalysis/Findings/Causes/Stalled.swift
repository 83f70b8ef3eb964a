import HeadwayTrace

/// Stretches of a run in which nothing was completed, as its watchdog saw them: a livelock where threads
/// burnt CPU time, a deadlock where nobody ran, starvation where threads were ready and got no CPU.
///
/// Model: without the stalls their time vanishes.
///
/// A stall is an observation of its own, so these need no books: a run that was aborted in one has none.
enum Stalled {
  /// The symptoms of all three.
  ///
  /// - Parameters:
  ///   - run: The run; without a watchdog there is nothing to say.
  ///   - window: Its length in nanoseconds; `nil` without books, where the steps and the stalls stand for it.
  static func symptoms(in run: RunSummary, window: Double?) -> [Symptom] {
    let kinds: [(StallReport.Verdict, Cause)] = [
      (.livelock, .livelock), (.deadlock, .deadlock), (.starved, .starvation),
    ]
    return kinds.compactMap { symptom($0.1, of: (run.stalls ?? []).filter(judgedAs($0.0)), run, window) }
  }

  private static func judgedAs(_ verdict: StallReport.Verdict) -> (StallReport) -> Bool {
    { $0.verdict == verdict }
  }

  private static func symptom(
    _ cause: Cause, of stalls: [StallReport], _ run: RunSummary, _ window: Double?
  ) -> Symptom? {
    guard let longest = stalls.max(by: { length($0) < length($1) }) else { return nil }
    let silent = stalls.reduce(0) { $0 + length($1) }
    let worked = run.throughput.stepsNs.reduce(0) { $0 + Double($1.count) }
    let share = ratio(silent, window ?? (worked + (run.stalls ?? []).reduce(0) { $0 + length($1) }))
    let observed = Double(longest.observedNs.count)
    let burnt = ratio(longest.threads.reduce(0) { $0 + Double($1.cpuNs?.count ?? 0) }, observed)
    let polled = ratio(
      longest.threads.filter { $0.activity == .spinning }.reduce(0) { $0 + Double($1.cpuNs?.count ?? 0) },
      observed)
    let delayed = ratio(longest.threads.reduce(0) { $0 + Double($1.runDelayNs?.count ?? 0) }, observed)
    return Symptom(
      cause, saving: share, needsNoSaving: true,
      measures: [
        Measure("silent", "time in which nothing was completed (\(cause.rawValue)) / window", share),
        Measure("stalls", "stalls judged \(cause.rawValue)", Double(stalls.count), unit: "count"),
        Measure(
          "burnt", "CPU time of all threads / time, in the longest stall's observation", burnt, unit: "ratio"),
        Measure("polled", "the part of it in polling states", polled, unit: "ratio"),
        Measure(
          "delayed", "time ready without a CPU of all threads / time, in the same", delayed, unit: "ratio"),
        Measure(
          "completed", "tasks completed in the longest stall, of \(longest.tasks) before it", 0, unit: "count"
        ),
      ]
    ) { word(cause, $0, longest) }
  }

  /// How long a stall lasted, as far as it was seen.
  private static func length(_ stall: StallReport) -> Double {
    Double((stall.lastedNs ?? stall.silentNs).count)
  }

  private static func word(_ cause: Cause, _ symptom: Symptom, _ stall: StallReport) -> Wording {
    let seconds = length(stall) / 1e9
    let polling = symptom["polled"] >= symptom["burnt"] / 2
    let silence =
      "Nothing was completed for \(duration(seconds)), after \(stall.tasks) tasks and \(stall.steps) steps"
    let observation: String
    let explanation: String
    switch cause {
    case .livelock:
      observation =
        "\(silence), while the threads burnt \(cpuCount((symptom["burnt"] * 10).rounded() / 10)) in"
        + " \(states(of: stall) { $0.activity == .spinning || $0.activity == .working })"
      explanation =
        polling
        ? "threads that poll for what nobody delivers"
        : "work that never ends, or takes longer than the watchdog waits"
    case .deadlock:
      observation =
        "\(silence), and nobody ran: the threads slept in \(states(of: stall) { $0.activity == .asleep })"
      explanation = "a cycle of waits, or something that was never handed on"
    default:
      observation =
        "\(silence), while threads were ready and got no CPU, in"
        + " \(states(of: stall) { $0.activity == .starved })"
      explanation = "CPUs that others use, or more threads than CPUs"
    }
    return Wording(
      observation: observation, explanation: explanation,
      change: cause == .starvation
        ? "fewer threads, or a machine that does nothing else"
        : "what these states wait for; stall-\(stall.number).json has every thread",
      refutation: "something was completed that the probes do not count, or no stall with a longer"
        + " watchdog_seconds")
  }

  /// The innermost states of some threads, with how many threads were in each: `queue.empty.spin (2)`.
  private static func states(
    of stall: StallReport, where isIncluded: (StalledThread) -> Bool
  ) -> String {
    let names = stall.threads.filter(isIncluded).map { thread in
      thread.path.map { $0.last?.state ?? "no state" } ?? "changing states"
    }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    let sorted = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let shown = sorted.prefix(3).map { $0.value == 1 ? $0.key : "\($0.key) (\($0.value) threads)" }
    return shown.isEmpty ? "no known state" : list(Array(shown))
  }
}
