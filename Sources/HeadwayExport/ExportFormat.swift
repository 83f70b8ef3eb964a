import HeadwayTrace

/// A format that other tools read.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// Perfetto's trace, a protocol buffers file, for ui.perfetto.dev and its trace processor.
  case perfetto
  /// The trace event JSON of Chrome, for viewers that do not read Perfetto's.
  case chrome
  /// The profile of pprof, a gzipped protocol buffers file.
  case pprof
  /// JSON for speedscope.app.
  case speedscope
  /// A line for each stack with its count, as flame graph scripts read them.
  case folded
  /// The processed profile of profiler.firefox.com.
  case firefox
  /// The text exposition of Prometheus.
  case prometheus
  /// Comma-separated values.
  case csv
  /// The JSON that the Java Microbenchmark Harness writes, for benchmark dashboards.
  case jmh

  /// Whether the bytes are no text, and so do not belong on a terminal.
  public var isBinary: Bool { self == .perfetto || self == .pprof }

  /// What an export is made of.
  public enum Source: Sendable {
    /// The event trace of a run.
    case trace
    /// The sampled stacks of a run.
    case stacks
    /// The summary of a run or of a sweep.
    case summary
    /// The summary of a sweep.
    case sweep
  }

  /// What this format is made of.
  public var source: Source {
    switch self {
    case .perfetto, .chrome: .trace
    case .pprof, .speedscope, .folded, .firefox: .stacks
    case .prometheus, .csv: .summary
    case .jmh: .sweep
    }
  }
}

/// Takes the bytes of an export, piece by piece and in order.
public typealias ByteSink = (_ bytes: [UInt8]) throws(InputError) -> Void
