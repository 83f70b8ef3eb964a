import HeadwayTrace

extension TerminalReport {
  /// Causes that the report lists; the contract has all.
  private static let shownCauses = 8

  /// Why a run's threads waited: efficiencies, losses, causes by method, input, CPUs, then what was known before.
  ///
  /// - Parameters:
  ///   - explanation: The explanation.
  ///   - groups: Its causes by role and context, in the order in which they are to be listed.
  ///   - findings: The findings of the run's summary.
  public static func render(
    explanation: RunExplanation, groups: [CauseRow], findings: [Finding], width: Int = 100,
    color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(ExplanationWords.headline(of: explanation), .strong)
    if let factors = explanation.efficiencies {
      page.paragraph(ExplanationWords.factors(factors))
    } else {
      page.paragraph("The team did no useful work: there are no efficiencies.")
    }
    write(losses: explanation, to: page)
    write(causes: groups, of: explanation, to: page)
    page.gap()
    write(notes: ExplanationWords.notes(of: explanation), to: page)
    for comparison in explanation.comparisons { page.paragraph(comparison, first: "- ", rest: "  ") }
    write(short: findings, to: page)
    for inference in explanation.inferences {
      page.paragraph("Inferred: " + inference, first: "", rest: "  ", .faint)
    }
    write(warnings: explanation.warnings, to: page)
    return page.text
  }

  private static func write(losses explanation: RunExplanation, to page: TerminalPage) {
    guard let factors = explanation.efficiencies else { return }
    page.heading("Where the team's time went")
    let bar = page.style.ascii ? "#" : "█"
    func row(_ name: String, _ time: Nanoseconds, _ share: Double) -> [String] {
      let length = share.isFinite ? min(max(Int((share * 40).rounded()), 0), 40) : 0
      return [name, Numerals.duration(time), Numerals.share(share), String(repeating: bar, count: length)]
    }
    let lost = explanation.losses.filter { $0.timeNs > .zero }
    page.table(
      TextTable(
        columns: [.init("part", right: false), .init("time"), .init("share"), .init("", right: false)],
        rows: [row("useful work on a CPU", factors.usefulNs, factors.parallel)]
          + lost.map { row(ExplanationWords.name(of: $0.part), $0.timeNs, $0.share) }))
  }

  private static func write(
    causes rows: [CauseRow], of explanation: RunExplanation, to page: TerminalPage
  ) {
    page.heading("What the team waited for, by three methods")
    let totals = explanation.totals
    let shown = rows.prefix(shownCauses)
    func time(_ value: Nanoseconds) -> String {
      value > .zero ? Numerals.duration(value) : Numerals.absent
    }
    let rest = [
      ["unexplained; nobody working", time(totals.unexplainedNs), time(totals.nobodyNs), "", ""],
      ["waking up", time(totals.wakeupNs), "", "", ""],
      [
        "all, the other causes too", time(totals.waitedNs), time(totals.idleNs), time(totals.pathNs), "",
      ],
    ]
    page.table(
      TextTable(
        columns: [
          .init("cause", right: false), .init("delay\ncost"), .init("idle\nblame"), .init("critical\npath"),
          .init("above an\neven share"), .init("mostly", right: false),
        ],
        rows: shown.map {
          [
            $0.name, time($0.delayNs), time($0.blameNs), time($0.pathNs), time($0.excessNs), $0.thread ?? "",
          ]
        } + rest))
    page.paragraph(
      "Delay cost and blame are thread-time of the team; the path is wall time, in"
        + " \(Numerals.plural(totals.pathSegments, "piece")).", .faint)
  }

  private static func write(short findings: [Finding], to page: TerminalPage) {
    guard !findings.isEmpty else { return }
    page.heading("Findings of the run's report")
    for finding in findings.prefix(4) {
      page.paragraph(
        "\(Phrases.title(ofCause: finding.cause)): \(Phrases.saving(finding)). \(finding.change)",
        first: "- ",
        rest: "  ")
    }
  }
}

/// Causes of one role in one context, as a row of the report.
public struct CauseRow: Equatable, Sendable {
  /// Who in what: `worker: forward`.
  public var name: String
  /// The thread that makes most of it, where one of several does.
  public var thread: String?
  /// The team's waiting that it caused.
  public var delayNs: Nanoseconds
  /// Its blame for idle time.
  public var blameNs: Nanoseconds
  /// Its time on the critical path.
  public var pathNs: Nanoseconds
  /// What the path would lose to an even spread.
  public var excessNs: Nanoseconds
  /// Assembles a row.
  public init(
    name: String, thread: String?, delayNs: Nanoseconds, blameNs: Nanoseconds, pathNs: Nanoseconds,
    excessNs: Nanoseconds
  ) {
    self.name = name
    self.thread = thread
    self.delayNs = delayNs
    self.blameNs = blameNs
    self.pathNs = pathNs
    self.excessNs = excessNs
  }
}
