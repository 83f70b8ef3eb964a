import HeadwayTrace

/// The POP efficiencies of a run's workers (method 2), from the useful time u of each and the window R.
///
/// A rotating late thread has a load balance near 1 and long waits all the same: read it beside the
/// imbalance of the barriers, which is summed episode by episode.
public struct ThreadEfficiencies: Equatable, Sendable {
  /// avg u / max u: 1 when every worker did as much.
  public let loadBalance: Double
  /// max u / R: how much of the window the busiest worker worked.
  public let communication: Double

  /// ``loadBalance`` · ``communication`` = avg u / R.
  public var parallel: Double { loadBalance * communication }

  /// The efficiencies of a run; `nil` without books, workers or useful time.
  public init?(of run: RunSummary) {
    guard let view = RunView(run) else { return nil }
    self.init(useful: view.workers.map { Double($0.time(.useful).count) }, window: view.window)
  }

  /// The efficiencies of threads with these useful times in a window of this length; `nil` without useful
  /// time.
  package init?(useful: [Double], window: Double) {
    guard let most = useful.max(), most > 0, window > 0 else { return nil }
    loadBalance = useful.reduce(0, +) / Double(useful.count) / most
    communication = most / window
  }
}
