import HeadwayTrace

/// The memory of a run in words.
enum MemoryWords {
  /// The same for a page: the peak, each component, what they leave unexplained, and the allocations.
  static func facts(of memory: MemorySummary, withComponents: Bool = true) -> [FactView] {
    var facts = [FactView(factName: "Peak", fact: most(of: memory))]
    for component in largestFirst(memory) where withComponents {
      facts.append(FactView(factName: name(component.key), fact: Numerals.bytes(component.value)))
    }
    if !memory.components.isEmpty {
      facts.append(FactView(factName: "unaccounted", fact: unaccountedBytes(in: memory)))
    }
    if let steps = memory.stepAllocations {
      facts.append(FactView(factName: "allocations", fact: allocations(steps)))
    }
    return facts
  }

  /// The peak and, where samples know it, when it was reached.
  static func peak(of memory: MemorySummary) -> String { "peak " + most(of: memory) }

  private static func most(of memory: MemorySummary) -> String {
    var words = "\(Numerals.bytes(memory.peakRssBytes)) resident"
    if let largest = memory.largestComponent, let bytes = memory.components[largest] {
      words += ", the largest part \(name(largest)) (\(Numerals.bytes(bytes)))"
    }
    if let samples = memory.samples {
      words += "; \(Numerals.plural(samples.taken, "sample"))"
      for (source, count) in samples.readingsFailed.sorted(by: { $0.key < $1.key }) {
        words += ", \(source) unreadable \(count) times"
      }
    }
    return words
  }

  /// Every component, largest first, and what they leave unexplained; `nil` without components.
  static func accounts(of memory: MemorySummary) -> String? {
    guard !memory.components.isEmpty else { return nil }
    let parts = largestFirst(memory).map { "\(name($0.key)) \(Numerals.bytes($0.value))" }
    return (parts + ["unaccounted \(unaccountedBytes(in: memory))"]).joined(separator: ", ")
  }

  /// The difference between the peak and the components, with its sign.
  private static func unaccountedBytes(in memory: MemorySummary) -> String {
    guard let bytes = memory.unaccountedBytes else { return Numerals.absent }
    return (bytes < 0 ? "−" : "") + Numerals.bytes(abs(bytes))
  }

  private static func largestFirst(_ memory: MemorySummary) -> [(key: String, value: Int)] {
    memory.components.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  }

  /// What the warm steps allocated.
  static func allocations(_ counted: StepAllocations) -> String {
    let steps = Numerals.plural(counted.steps, "step")
    if counted.calls == 0 { return "per step: 0 (\(steps) after the first two)" }
    if counted.calls < counted.steps {
      return "\(Numerals.count(counted.calls)) in the \(steps) after the first two,"
        + " \(Numerals.bytes(counted.bytes)) in all"
    }
    let calls = Double(counted.calls) / Double(max(1, counted.steps))
    return "per step: \(Numerals.rounded(calls)), \(Numerals.bytes(counted.bytes / max(1, counted.steps)))"
      + " (\(steps) after the first two)"
  }

  /// A component as it is written for people.
  private static func name(_ component: String) -> String { component.replacing("_", with: " ") }
}
