import HeadwayTrace

extension StackExport {
  /// A line for each stack, outermost function first and below the name of its thread, with the timer periods
  /// that it stands for: `worker-0;run;forward 42`. Sorted, so that equal profiles give equal text.
  ///
  /// Source: the input of Brendan Gregg's `flamegraph.pl`. Semicolons part the functions, so one in a name
  /// becomes a colon.
  public func folded() -> [UInt8] {
    var counts: [String: Int] = [:]
    for (thread, samples) in samples.enumerated() {
      var byStack: [Int: Int] = [:]
      for sample in samples {
        byStack[profile.samples.stack[sample.index], default: 0] += profile.samples.periods[sample.index]
      }
      let root = Self.plain(profile.threads[thread].name)
      for (stack, periods) in byStack {
        let names = stack < 0 ? [Self.unknownFrame] : profile.functionNames(of: stack).reversed()
        counts[([root] + names.map(Self.plain)).joined(separator: ";"), default: 0] += periods
      }
    }
    return Array(counts.map { "\($0.key) \($0.value)\n" }.sorted().joined().utf8)
  }

  private static func plain(_ name: String) -> String {
    String(name.map { $0 == ";" ? ":" : $0.isNewline ? " " : $0 })
  }
}
