import HeadwayTrace

/// Time that no state explains: a gap of the books, printed and never hidden.
///
/// Model: none; at most all of it could vanish.
enum UnknownTime {
  /// The budget of method 1.
  static let budget = UnexplainedSteps.budget

  static func symptom(in view: RunView) -> Symptom? {
    guard let books = view.run.books else { return nil }
    let worst = view.run.threads.max { $0.time(.unknown) < $1.time(.unknown) }
    guard let worst, books.unknownShare > 0 else { return nil }
    return Symptom(
      .unknownTime, saving: books.unknownShare, isPresent: books.unknownShare > budget, needsNoSaving: true,
      measures: [
        Measure("unknown", "unknown_ns / (threads · wall_ns)", books.unknownShare),
        Measure(
          "top.\(worst.name)", "unknown_ns of \(worst.name) / wall_ns",
          Double(worst.time(.unknown).count) / view.window),
      ]
    ) { symptom in
      Wording(
        observation: "No state explains \(percent(symptom["unknown"])) of the thread-time, most of it on"
          + " \(worst.name) (\(percent(symptom["top." + worst.name])) of its window): page faults, I/O, time stolen"
          + " by the hypervisor or code without a state would look like this",
        explanation: nil,
        change: "measure on a quieter machine, or give the code a state",
        refutation: "the unknown share falls below 1 %")
    }
  }
}
