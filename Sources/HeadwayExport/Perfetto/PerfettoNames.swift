import HeadwayTrace

/// `TrackEvent.Type`.
enum PerfettoEventType: UInt64 {
  case sliceBegin = 1
  case sliceEnd = 2
  case instant = 3
  case counter = 4
}

/// What an event is called: a number in the interned names, which count from 1.
enum PerfettoName {
  /// The measured window.
  case window
  /// A step.
  case step
  /// A thread took its row up.
  case began
  /// A thread gave its row up.
  case ended
  /// The part of a crossing after the barrier opened.
  case wakeup
  /// A state.
  case state(Int)
  /// A waiting site.
  case site(Int)

  /// `CLOCK_MONOTONIC` among Perfetto's clocks.
  static let monotonicClock: UInt64 = 3

  private static let fixed = ["measured window", "step", "thread begins", "thread ends", "wake-up"]
  /// States and sites are told apart by their parity.
  private static let first = UInt64(fixed.count + 1)

  /// The interned number.
  var number: UInt64 {
    switch self {
    case .window: 1
    case .step: 2
    case .began: 3
    case .ended: 4
    case .wakeup: 5
    case .state(let state): Self.first + 2 * UInt64(state)
    case .site(let site): Self.first + 2 * UInt64(site) + 1
    }
  }

  /// The interned number of a category.
  static func number(of category: StateCategory) -> UInt64 {
    UInt64(StateCategory.allCases.firstIndex(of: category) ?? 0) + 1
  }

  /// Everything that is interned, by the field of `InternedData`: categories, names of events, annotations.
  static func all(of reader: TraceReader) -> [(field: Int, entries: [(number: UInt64, name: String)])] {
    let categories = StateCategory.allCases.map { (number: number(of: $0), name: $0.rawValue) }
    let fixed = fixed.enumerated().map { (number: UInt64($0.offset + 1), name: $0.element) }
    let states = reader.states.enumerated().map {
      (number: Self.state($0.offset).number, name: $0.element.name)
    }
    let sites = reader.sites.enumerated().map {
      (number: Self.site($0.offset).number, name: $0.element.name)
    }
    let annotations = PerfettoAnnotation.allCases.map { (number: $0.number, name: $0.rawValue) }
    return [(1, categories), (2, fixed + states + sites), (3, annotations)]
  }
}

/// What is said of an event besides its name.
enum PerfettoAnnotation: String, CaseIterable {
  case cpuNs = "cpu_ns"
  case imbalanceNs = "imbalance_ns"
  case wakeupNs = "wakeup_ns"
  case generation
  case index
  case threadID = "thread_id"

  /// The interned number.
  var number: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

extension ProtobufMessage {
  /// Adds an annotation to a `TrackEvent`.
  mutating func annotate(_ annotation: PerfettoAnnotation, _ value: Int64) {
    message(4) {
      $0.unsigned(1, annotation.number)
      $0.signed(4, value)
    }
  }
}

/// The numbers of tracks: eight for each thread, then eight for each process.
enum PerfettoTracks {
  /// The tracks of a thread.
  enum Kind: UInt64 {
    case states, waits, operations, steps, tasks, tokens
  }

  /// `CounterDescriptor.Unit`.
  enum Unit: UInt64 {
    case count = 2
    case bytes = 3
  }

  /// The counters of a process' memory.
  static let memory: [(name: String, value: KeyPath<MemorySample, Int?> & Sendable, unit: Unit)] = [
    ("resident memory", \.rssBytes, .bytes), ("anonymous memory", \.anonymousBytes, .bytes),
    ("heap in use", \.heapBytes, .bytes), ("proportional memory", \.pssBytes, .bytes),
    ("swap", \.swapBytes, .bytes), ("minor faults", \.minorFaults, .count),
    ("major faults", \.majorFaults, .count),
  ]

  /// The number of a thread's track.
  static func number(of kind: Kind, thread: Int) -> UInt64 { 8 * UInt64(thread + 1) + kind.rawValue }

  /// The number of a process' track; those of its memory follow it.
  static func number(ofProcess process: Int, threads: Int) -> UInt64 { 8 * UInt64(threads + 1 + process) }
}
