import HeadwayTrace

/// A replay of a recorded run that can shorten one of its regions.
public protocol RegionReplay {
  /// What comparisons name.
  var name: String { get }
  /// The unchanged run as replayed over the measured one, less 1.
  var error: Double { get }
  /// What each share of a region that is taken away brings, as a share of the run's time: the slope of the gain over the
  /// speed-ups, through the origin. `nil` for a region that the replay cannot shorten.
  ///
  /// - Throws: ``InputError`` if the replay does not come to an end.
  func potential(of region: String, speedups: [Double]) throws(InputError) -> Double?
}

/// The replay of any engine's recorded run with one of its states taking less time: everybody does what it did, in the
/// order in which it did, and every wait ends by the act that ended it (see ``IdealLength``).
///
/// Unlike ``Replay`` it knows no tasks, so it asks nothing of the engine, and cannot tell what other threads, cores or
/// queues would do. A thread that did not wait is not known to depend on anybody: where a faster region would make
/// others wait that never did, the replay promises too much.
///
/// Complexity: O(events · log events) for a potential.
public struct TimelineReplay: RegionReplay, Sendable {
  /// Where the run was recorded.
  public let name: String
  /// See ``RegionReplay/error``.
  public let error: Double
  private let timeline: Timeline

  /// Takes the measured window of a recorded run.
  ///
  /// - Throws: ``InputError`` when the trace has no measured window.
  public init(of trace: RecordedTrace, name: String) throws(InputError) {
    self.name = name
    timeline = try Timeline(trace, file: name)
    let unchanged = IdealLength.length(of: timeline, with: .init(context: 0, share: 0))
    error = Double(unchanged.count) / Double(timeline.wallNs.count) - 1
  }

  /// As a share of the window; see ``RegionReplay/potential(of:speedups:)``.
  public func potential(of region: String, speedups: [Double]) throws(InputError) -> Double? {
    guard
      let context = timeline.contexts.firstIndex(where: { $0.name == region && !$0.isWaiting })
    else { return nil }
    func length(_ share: Double) -> Double {
      Double(IdealLength.length(of: timeline, with: .init(context: context, share: share)).count)
    }
    let unchanged = length(0)
    let squares = speedups.reduce(0) { $0 + $1 * $1 }
    guard unchanged > 0, squares > 0 else { return nil }
    return speedups.reduce(0) { $0 + $1 * (1 - length($1) / unchanged) } / squares
  }
}

extension CausalRecord {
  /// Adds what the measurements show, where whoever made them left that to others.
  public mutating func evaluate() {
    guard curves.isEmpty else { return }
    curves = CausalCurves.curves(of: measurements)
    noise = CausalCurves.noise(of: measurements)
    let blocks = Set(measurements.map(\.block)).count
    if blocks < CausalPlan.minimumBlocks {
      warnings.append(
        "\(blocks) complete blocks are too few for intervals, which take \(CausalPlan.minimumBlocks)")
    }
  }

  /// Holds the experiments against a replay of a recorded run; where there is none, the warnings say why.
  public mutating func compare<Recorded: RegionReplay>(with replay: Result<Recorded, any Error>) {
    do {
      comparison = try CausalComparison(measurements, curves: curves, replay: try replay.get())
    } catch {
      warnings.append("no replay stands beside the experiments: \(error)")
    }
  }
}
