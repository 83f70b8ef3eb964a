import HeadwayTrace

/// The parts that a difference in wall time falls into, in the order of every table and drawing.
enum DifferenceParts {
  /// A part's name, in full and in two short lines for a narrow table, the category whose colour it has, and its value.
  struct Part: Sendable {
    let words: String
    let short: String
    let category: StateCategory?
    let part: @Sendable (WallTimeDifference) -> Nanoseconds
  }

  static let all: [Part] =
    [
      Part(words: "useful: CPU time", short: "useful:\nCPU time", category: .useful) { $0.usefulAmountNs },
      Part(words: "useful: sharing", short: "useful:\nsharing", category: nil) { $0.usefulSharingNs },
    ]
    + shortNames.map { category, short in
      Part(words: Phrases.word(category), short: short, category: category) { $0.part(category) }
    } + [Part(words: "amount of work", short: "amount\nof work", category: nil) { $0.work.ns }]

  private static let shortNames: [(StateCategory, String)] = [
    (.spin, "spin"), (.blocked, "blocked"), (.runnable, "ready"), (.lifecycle, "not\nthere"),
    (.selfCost, "tool"), (.unknown, "unknown"),
  ]

  /// Where a difference lies: a figure for each part, and last what they add up to.
  static func figures(of wall: WallTimeDifference) -> [String] {
    all.map { Numerals.signed($0.part(wall)) } + [Numerals.signed(wall.differenceNs)]
  }

  /// What the parts are.
  static let note =
    "Means over the runs: each part is the candidate’s time booked to a category, divided by its threads, less the"
    + " base’s. The parts add up to the difference. Useful time changes because the same work takes more or less CPU"
    + " time, or because another number of threads shares it. Wall times are of the whole window; how"
    + " fast a run is, of its steps after the warm-up."
}
