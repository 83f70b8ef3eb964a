import HeadwayTrace

/// The words that every format of a report shares.
enum Phrases {
  /// A verdict in a word.
  static func word(_ verdict: Verdict?, isBaseline: Bool = false) -> String {
    switch verdict {
    case _ where isBaseline: "baseline"
    case .faster: "faster"
    case .slower: "slower"
    case .equivalent: "same"
    case .inconclusive: "unclear"
    case nil: Numerals.absent
    }
  }

  /// A verdict's sign, so that colour never stands alone.
  static func sign(_ verdict: Verdict?, isBaseline: Bool = false, ascii: Bool = false) -> String {
    switch verdict {
    case _ where isBaseline: ascii ? "*" : "●"
    case .faster: ascii ? "+" : "▲"
    case .slower: ascii ? "-" : "▼"
    case .equivalent: ascii ? "=" : "≈"
    case .inconclusive: "?"
    case nil: " "
    }
  }

  /// A cause in words: `serial_section` reads "Serial section".
  static func title(ofCause cause: String) -> String {
    let words = cause.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// A finding's saving with its interval: `at most 12 % [10, 13]`.
  static func saving(_ finding: Finding) -> String {
    guard finding.saving.isFinite else { return "saving unknown" }
    if finding.saving < 0.000_5 { return "saves no wall time" }
    let measured = finding.status == .supported ? "saves" : "saves at most"
    var text = "\(measured) \(Numerals.share(finding.saving))"
    if let interval = finding.interval, interval.lower.isFinite, interval.upper.isFinite {
      text += " [\(Numerals.fixed(interval.lower * 100, 1)), \(Numerals.fixed(interval.upper * 100, 1))]"
    }
    return text
  }

  /// One value of evidence, with its interval.
  static func value(_ evidence: Finding.Evidence) -> String {
    func format(_ value: Double) -> String {
      switch evidence.unit {
      case "share": Numerals.share(value)
      case "ratio": Numerals.fixed(value, 2)
      case "ns": value.isFinite ? Numerals.duration(Nanoseconds(Int64(value))) : Numerals.absent
      case "count":
        value.isFinite && value.magnitude < 1e15 ? Numerals.count(Int(value.rounded())) : Numerals.absent
      default: Numerals.rounded(value) + " " + evidence.unit
      }
    }
    guard let lower = evidence.lower, let upper = evidence.upper else { return format(evidence.value) }
    return "\(format(evidence.value)) [\(format(lower)), \(format(upper))]"
  }

  /// Where an experiment left a finding.
  static func word(_ status: Finding.Status) -> String {
    switch status {
    case .supported: "supported by an experiment"
    case .contradicted: "contradicted by an experiment"
    case .untested: "untested hypothesis"
    }
  }

  /// The category of the books in words.
  static func word(_ category: StateCategory) -> String {
    switch category {
    case .useful: "useful work"
    case .spin: "spinning"
    case .blocked: "blocked"
    case .runnable: "ready, no CPU"
    case .lifecycle: "not started or ended"
    case .selfCost: "the tool itself"
    case .unknown: "unknown"
    }
  }

  /// The machine in one line.
  static func machine(_ machine: MachineFacts) -> String {
    var parts = [machine.processor ?? "processor unknown", machine.architecture]
    parts.append("\(Numerals.cpus(machine.usableCpus)) usable of \(machine.onlineCpus) online")
    if let memory = machine.memoryBytes { parts.append(Numerals.bytes(memory) + " memory") }
    if let kernel = machine.kernel { parts.append("kernel \(kernel)") }
    if let hypervisor = machine.hypervisor { parts.append("under \(hypervisor)") }
    return parts.joined(separator: ", ")
  }

  /// How many blocks were measured.
  static func blocks(_ sweep: SweepSummary) -> String {
    var text = "\(sweep.blocks.complete) of \(Numerals.plural(sweep.blocks.planned, "block")) complete"
    if sweep.blocks.disturbed > 0 {
      let those = sweep.blocks.disturbed == 1 ? "it was" : "they were"
      text += ", \(Numerals.count(sweep.blocks.disturbed)) rerun because \(those) disturbed"
    }
    if sweep.partial { text += "; the sweep was cut short" }
    switch sweep.stoppedBy {
    case .budget: text += "; the budget had no time for another"
    case .halfWidth: text += "; every interval had become as narrow as asked"
    case .maximum, nil: break
    }
    return text
  }

  /// How a sweep went: its blocks, its seed and what it took.
  static func course(of sweep: SweepSummary) -> String {
    blocks(sweep) + ", seed \(sweep.seed), in \(Numerals.duration(sweep.elapsedNs))"
  }

  /// A check in a line: what was claimed, whether it does not hold, and the figures.
  static func check(_ check: SweepCheck) -> String {
    (check.passed ? "" : "not so: ") + check.claim + (check.detail.isEmpty ? "" : " (\(check.detail))")
  }

  /// What a reader must know before believing a sweep: its warnings, what failed, what is missing.
  static func cautions(_ sweep: SweepSummary) -> [String] {
    var cautions = sweep.checks.filter { !$0.passed }.map { check in
      "This check failed: \(check.claim)" + (check.detail.isEmpty ? "." : " (\(check.detail)).")
    }
    if sweep.partial {
      cautions.append(
        "The sweep was cut short: \(sweep.blocks.complete) of \(sweep.blocks.planned) blocks are complete.")
    }
    return cautions + sweep.warnings
  }

  /// What the table of effects is about.
  static func effects(_ sweep: SweepSummary) -> String {
    sweep.metric.better == .higher
      ? "What each switch multiplies \(sweep.metric.unit) by"
      : "What each switch multiplies the speed by (1 / \(sweep.metric.name))"
  }

  /// What measuring cost, as the sweep measured it.
  static func overhead(_ sweep: SweepSummary) -> String {
    if sweep.program != nil { return "none inside the program, which is measured from outside" }
    guard let overhead = sweep.overhead else {
      return "what measuring costs is unknown: this sweep did not measure it"
    }
    return "instrumented runs reach \(Numerals.ratioWithInterval(overhead.ratio)) the throughput of bare runs"
      + " (\(overhead.cell))"
  }

  /// What the driver took beside the runs; `nil` where it is not known.
  static func driver(_ sweep: SweepSummary) -> String? {
    sweep.driver.map {
      "\(Numerals.duration($0.medianNs)) between two runs, at most \(Numerals.duration($0.longestNs))"
    }
  }

  /// What surrounded a run, in a line: the settings that could be read, then what else the machine did.
  static func surroundings(_ around: Surroundings) -> String {
    var parts = around.settings.compactMap { setting in
      setting.value.map { setting.name.hasPrefix("lib") ? $0 : "\(setting.name) \($0)" }
    }
    if around.governor == nil { parts.insert("frequency governor not visible", at: 0) }
    if let load = around.loadAverage { parts.append("load \(Numerals.rounded(load, digits: 2)) before it") }
    if let activity = around.activity {
      if let steal = activity.stealShare { parts.append("the hypervisor took \(Numerals.share(steal))") }
      parts.append("other processes used \(Numerals.share(activity.foreignShare)) of the CPUs")
      if let periods = activity.throttledPeriods, periods > 0 {
        parts.append("the quota stopped it \(Numerals.plural(periods, "time"))")
      }
    }
    return parts.joined(separator: ", ")
  }

  /// A configuration in a line: what distinguishes a run.
  static func configuration(_ configuration: RunConfiguration) -> String {
    [
      Numerals.plural(configuration.threads, "thread"), configuration.scheduling.rawValue,
      configuration.prefetch == 0 ? "no prefetch" : "prefetch \(configuration.prefetch)",
      "\(configuration.kernels.rawValue) kernels", "\(configuration.reduction.rawValue) reduction",
    ].joined(separator: ", ")
  }
}
