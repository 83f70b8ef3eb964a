/// Memory of the process.
public struct MemorySummary: Codable, Equatable, Sendable {
  /// The largest resident set, from `getrusage` or `VmHWM`; absent when neither could be read.
  public var peakRssBytes: Int?
  /// Resident bytes accounted to each component: weights, gradients, optimizer, activations, batches,
  /// corpus, trace, packing, stacks, probes, heap, program.
  public var components: [String: Int]
  /// ``peakRssBytes`` less all ``components``; negative when these hold more than was ever resident. Absent
  /// when the peak or the program's own part is unknown.
  public var unaccountedBytes: Int?
  /// What the training steps allocated once warm; absent where nobody counted.
  public var stepAllocations: StepAllocations?
  /// The memory over the run; absent with `probe: off`.
  public var samples: MemorySamples?

  /// Assembles a memory summary; what is unaccounted follows.
  public init(
    peakRssBytes: Int?, components: [String: Int], stepAllocations: StepAllocations? = nil,
    samples: MemorySamples? = nil
  ) {
    self.peakRssBytes = peakRssBytes
    self.components = components
    self.stepAllocations = stepAllocations
    self.samples = samples
    if let peakRssBytes, components["program"] != nil {
      unaccountedBytes = peakRssBytes - components.values.reduce(0, +)
    }
  }

  /// The component with the most bytes, of equals the first by name.
  public var largestComponent: String? {
    components.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}

/// Allocations of the training steps on all threads, the first two steps left out; what the observer, the
/// evaluations and the renewal of threads allocate is not in it.
public struct StepAllocations: Codable, Equatable, Sendable {
  /// Steps counted.
  public var steps: Int
  /// Calls that allocated.
  public var calls: Int
  /// Bytes asked for.
  public var bytes: Int
  /// Assembles a count.
  public init(steps: Int, calls: Int, bytes: Int) {
    self.steps = steps
    self.calls = calls
    self.bytes = bytes
  }
}

/// Samples of the process's memory at equal distances in the measured window.
public struct MemorySamples: Codable, Equatable, Sendable {
  /// The samples in order of time; a long run keeps every second, fourth, … of those taken.
  public var series: [MemorySample]
  /// Samples taken.
  public var taken: Int
  /// The sample with the largest resident set, kept whatever the series dropped.
  public var peak: MemorySample?
  /// Readings that failed, by the file that could not be read.
  public var readingsFailed: [String: Int]
  /// Assembles samples.
  public init(series: [MemorySample], taken: Int, peak: MemorySample?, readingsFailed: [String: Int]) {
    self.series = series
    self.taken = taken
    self.peak = peak
    self.readingsFailed = readingsFailed
  }
}

/// The memory of the process at one instant. What could not be read, or was too dear to read, is absent.
public struct MemorySample: Codable, Equatable, Sendable {
  /// Nanoseconds since the origin of the trace's clock.
  public var timeNs: Nanoseconds
  /// Resident bytes.
  public var rssBytes: Int?
  /// Resident bytes that belong to no file.
  public var anonymousBytes: Int?
  /// Bytes of the heap in use.
  public var heapBytes: Int?
  /// Resident bytes, pages that other processes map too counted in proportion.
  public var pssBytes: Int?
  /// Bytes that lie in swap.
  public var swapBytes: Int?
  /// Page faults so far that needed no reading.
  public var minorFaults: Int?
  /// Page faults so far that had to read.
  public var majorFaults: Int?
  /// A sample of nothing yet.
  public init(timeNs: Nanoseconds) { self.timeNs = timeNs }
}
