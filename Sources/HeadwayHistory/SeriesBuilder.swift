import Foundation
import HeadwayStatistics
import HeadwayTrace

/// Gathers the runs of one series, oldest first, into points: one for each program, which is a commit with a binary.
struct SeriesBuilder {
  /// Points that a search for changes goes over at most: its time grows with their square.
  static let searchedPoints = 200
  /// Runs of a point up to which its interval is computed: the pairwise means grow with their square.
  private static let intervalRuns = 200

  private struct Program: Hashable {
    var commit: String?
    var binary: String?
    /// Tells runs of unknown programs apart.
    var run: Int?
  }
  private struct Point {
    var program: Program
    var startedAt: String
    var values: [Double] = []
  }

  private var machine = ""
  private var workload = ""
  private var arrangement = ""
  private var sweeps: Set<String> = []
  private var points: [Point] = []
  private var places: [Program: Int] = [:]
  private(set) var runCount = 0
  private var latest = ""

  var pointCount: Int { points.count }

  mutating func add(startedAt: String, gitCommit: String?, binaryHash: String?, sweep: String?, value: Double)
  {
    let isKnown = gitCommit != nil || binaryHash != nil
    let program = Program(commit: gitCommit, binary: binaryHash, run: isKnown ? nil : runCount)
    let place = places[program] ?? points.count
    if place == points.count {
      points.append(Point(program: program, startedAt: startedAt))
      places[program] = place
    }
    points[place].values.append(value)
    if let sweep { sweeps.insert(sweep) }
    runCount += 1
    latest = max(latest, startedAt)
  }

  mutating func name(machine: String, workload: String, arrangement: String) {
    self.machine = machine
    self.workload = workload
    self.arrangement = arrangement
  }

  /// Whether a text occurs in what the series is called.
  func contains(_ text: String) -> Bool {
    ([workload, arrangement] + sweeps).contains { $0.localizedCaseInsensitiveContains(text) }
  }

  /// By machine, then the more recent one first, then by name, so that a list is the same every time.
  func precedes(_ other: SeriesBuilder) -> Bool {
    (machine, other.latest, workload, arrangement) < (
      other.machine, latest, other.workload, other.arrangement
    )
  }

  var series: MetricSeries {
    let values = points.map { Self.estimate($0.values) }
    return MetricSeries(
      machine: machine, workload: workload, arrangement: arrangement, sweeps: sweeps.sorted(),
      points: zip(points, values).map { point, value in
        MetricPoint(
          gitCommit: point.program.commit, binaryHash: point.program.binary, startedAt: point.startedAt,
          value: value)
      }, changes: Self.changes(values.map(\.value)))
  }

  /// The centre of a point's runs: Hodges and Lehmann's with its interval, or the median of very many.
  private static func estimate(_ values: [Double]) -> Estimate {
    guard values.count <= intervalRuns, let centre = HodgesLehmann(values) else {
      return Estimate(
        value: Quantiles.median(of: values) ?? .nan, lower: nil, upper: nil, sampleCount: values.count)
    }
    let interval = centre.interval()
    return Estimate(
      value: centre.estimate, lower: interval?.lower, upper: interval?.upper, sampleCount: values.count)
  }

  private static func changes(_ values: [Double]) -> [MetricChange] {
    let offset = max(0, values.count - searchedPoints)
    let searched = Array(values[offset...])
    let found = ChangePoints(searched).changes
    let ends = [0] + found.map(\.index) + [searched.count]
    func median(_ stretch: Int) -> Double {
      Quantiles.median(of: Array(searched[ends[stretch]..<ends[stretch + 1]])) ?? .nan
    }
    return found.enumerated().map { number, change in
      MetricChange(
        point: offset + change.index, pValue: change.pValue, before: median(number), after: median(number + 1)
      )
    }
  }
}
