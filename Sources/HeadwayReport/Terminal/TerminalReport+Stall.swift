import HeadwayTrace

extension TerminalReport {
  /// A stall: the verdict, and what every thread was doing.
  public static func render(
    stall: StallReport, width: Int = 110, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    page.paragraph(StallWords.headline(of: stall), .strong)
    page.paragraph(StallWords.circumstances(of: stall))
    page.gap()
    page.table(
      TextTable(
        columns: [
          .init("thread", right: false), .init("did", right: false), .init("CPU"), .init("ready,\nno CPU"),
          .init("kernel", right: false), .init("tasks"), .init("completed\nsomething"),
        ],
        rows: stall.threads.map { thread in
          [
            thread.name, thread.activity.rawValue, duration(thread.cpuNs), duration(thread.runDelayNs),
            StallWords.kernel(thread), Numerals.count(thread.tasks),
            thread.lastProgressNs.map { Numerals.duration($0) + " ago" } ?? "never",
          ]
        }))
    page.heading("Open states, innermost first")
    for (names, path) in StallWords.paths(of: stall) { page.paragraph(path, first: names + ": ", rest: "  ") }
    for thread in stall.threads {
      guard let stack = thread.stack else { continue }
      page.heading("Stack of \(thread.name), innermost first")
      for frame in stack { page.paragraph(frame, first: "  ", rest: "    ") }
    }
    if !stall.gaps.isEmpty {
      page.gap()
      for gap in stall.gaps { page.paragraph(gap + ".", .faint) }
    }
    return page.text
  }

  private static func duration(_ time: Nanoseconds?) -> String {
    time.map(Numerals.duration) ?? Numerals.absent
  }
}

/// A stall in words.
public enum StallWords {
  /// What happened.
  public static func headline(of stall: StallReport) -> String {
    "Stall \(stall.number): nothing was completed for \(Numerals.duration(stall.silentNs)); "
      + word(stall.verdict) + "."
  }

  /// That it is over.
  public static func end(of stall: StallReport) -> String? {
    stall.lastedNs.map { "Stall \(stall.number) is over: it lasted \(Numerals.duration($0))." }
  }

  static func circumstances(of stall: StallReport) -> String {
    "\(Numerals.plural(stall.tasks, "task")) and \(Numerals.plural(stall.steps, "step")) had been completed."
      + " The last \(Numerals.duration(stall.observedNs)) of it, thread by thread:"
  }

  private static func word(_ verdict: StallReport.Verdict) -> String {
    switch verdict {
    case .livelock: "livelock: the threads burnt CPU time"
    case .deadlock: "deadlock: nobody ran"
    case .starved: "starved: threads were ready and got no CPU"
    case .unknown: "what the threads did could not be read"
    }
  }

  static func kernel(_ thread: StalledThread) -> String {
    let parts = [thread.kernelState, thread.waitChannel].compactMap(\.self)
    return parts.isEmpty ? Numerals.absent : parts.joined(separator: " ")
  }

  /// The open states, threads in the same states together, with the age of the youngest such stay.
  static func paths(of stall: StallReport) -> [(names: String, path: String)] {
    var groups: [(key: [String]?, threads: [StalledThread])] = []
    for thread in stall.threads where thread.activity != .ended {
      let key = thread.path?.map(\.state)
      if let known = groups.firstIndex(where: { $0.key == key }) {
        groups[known].threads.append(thread)
      } else {
        groups.append((key, [thread]))
      }
    }
    return groups.map { group in
      let rest = group.threads.count - 4
      let shown = group.threads.prefix(rest > 0 ? 3 : 4).map(\.name).joined(separator: ", ")
      return (rest > 0 ? "\(shown) and \(rest + 1) more" : shown, words(group.threads))
    }
  }

  /// The states of threads that are all in the same ones.
  private static func words(_ threads: [StalledThread]) -> String {
    guard let path = threads.first?.path else { return "changing" }
    if path.isEmpty { return "none" }
    return path.indices.reversed().map { depth in
      let ages = threads.compactMap { $0.path?[depth].forNs }
      let age = Numerals.duration(ages.min() ?? .zero)
      return "\(path[depth].state) for \(age)" + (threads.count > 1 ? " or longer" : "")
    }.joined(separator: ", in ")
  }
}
