import HeadwayStatistics
import HeadwayTrace

/// A cell whose outcome a ledger is to predict.
public struct LedgerCell: Equatable, Sendable {
  /// Its identifier.
  public var id: String
  /// Its parameters.
  public var configuration: RunConfiguration

  /// Names a cell.
  public init(id: String, configuration: RunConfiguration) {
    self.id = id
    self.configuration = configuration
  }
}

/// A recorded run that a ledger is to predict from.
public struct LedgerSource: Sendable {
  /// The run's directory, relative to the sweep's.
  public var directory: String
  /// Its replay, recorded with every event whatever the baseline's own probe is; or why there is none.
  public var replay: Result<Replay, InputError>
  /// What disturbed the run.
  public var disturbance: String?

  /// Describes a recorded run.
  public init(directory: String, replay: Result<Replay, InputError>, disturbance: String? = nil) {
    self.directory = directory
    self.replay = replay
    self.disturbance = disturbance
  }
}

extension PredictionLedger {
  /// Steps that are simulated for a cell and a recorded run at most: a sweep of many cells and threads must not wait for
  /// its predictions.
  private static let steps = 200

  /// Predicts cells from the replays of a recorded baseline (method 8): of several recorded runs, each by itself, the
  /// middle counts. Where none of them can be replayed, nothing is predicted, for the reason of the first.
  ///
  /// - Parameters:
  ///   - cells: All cells, the baseline among them.
  ///   - baseline: The baseline's identifier.
  ///   - sources: The recorded runs; at least one.
  ///   - cores: Cores of the machine.
  ///   - past: How far earlier predictions were off.
  public init(
    of cells: [LedgerCell], baseline: String, from sources: [LedgerSource], cores: Int,
    past: PastErrors? = nil
  ) {
    let probe = cells.first { $0.id == baseline }?.configuration.probe
    let replays = sources.compactMap { try? $0.replay.get() }
    let recordings = sources.map { BaselineRecording($0) }
    let unusable = recordings.first?.reason ?? "no run was recorded"
    self.init(
      baseline: baseline, recordings: recordings, cores: cores, past: past,
      cells: cells.filter { $0.id != baseline }.map { cell in
        do throws(InputError) {
          var predictions: [Prediction] = []
          for replay in replays {
            var wanted = cell.configuration
            // What the probe of both is costs both the same; the recorded run had every event recorded.
            if wanted.probe == probe { wanted.probe = replay.configuration.probe }
            predictions.append(try replay.predict(configuration: wanted, cores: cores, steps: Self.steps))
          }
          return CellPrediction(cell.id, predictions, past: past)
            ?? CellPrediction(cell: cell.id, reason: unusable)
        } catch {
          return CellPrediction(cell: cell.id, reason: error.problem)
        }
      })
  }
}

extension BaselineRecording {
  fileprivate init(_ source: LedgerSource) {
    self.init(directory: source.directory, disturbance: source.disturbance)
    switch source.replay {
    case .success(let replay): (pace, replayError) = (replay.pace, replay.error)
    case .failure(let error): reason = error.problem
    }
  }
}

extension CellPrediction {
  /// The middle of what the replays of several recorded runs predict, widened by how far they lie apart and by what
  /// past ones missed; `nil` without any.
  fileprivate init?(_ cell: String, _ predictions: [Prediction], past: PastErrors?) {
    let sorted = predictions.sorted { $0.tokensPerSecond.value < $1.tokensPerSecond.value }
    guard !sorted.isEmpty else { return nil }
    let middle = sorted[(sorted.count - 1) / 2]
    let rates = RecordingSpread(sorted.map(\.tokensPerSecond.value))
    let speedups = RecordingSpread(sorted.map(\.speedup.value))
    var terms = middle.uncertainty
    if let term = rates.term { terms.append(term) }
    let own = Self.half(terms)
    let widening = past?.term(widening: own)
    var speedupTerms = middle.uncertainty + [speedups.term].compactMap(\.self)
    if let term = past?.term(widening: Self.half(speedupTerms)) { speedupTerms.append(term) }
    if let widening { terms.append(widening) }
    self.init(
      cell: cell, tokensPerSecond: rates.estimate(middle.tokensPerSecond, half: Self.half(terms)),
      speedup: speedups.estimate(middle.speedup, half: Self.half(speedupTerms)),
      ownHalfWidth: own, uncertainty: terms, assumptions: middle.assumptions)
  }

  private static func half(_ terms: [UncertaintyTerm]) -> Double {
    terms.reduce(0) { $0 + $1.share * $1.share }.squareRoot()
  }
}

/// What several recorded runs say of one figure.
private struct RecordingSpread {
  let values: [Double]
  let middle: Double
  /// What the middle may be with 95 %; absent with fewer than six runs.
  private let interval: Interval?

  /// With six runs or more the middle is that of a cell's measured runs, Hodges and Lehmann's; with fewer the median,
  /// which one slow run does not shift.
  ///
  /// - Parameter values: At least one, above zero.
  init(_ values: [Double]) {
    self.values = values
    let centre = HodgesLehmann(values)
    interval = centre?.interval()
    middle = (interval == nil ? Quantiles.median(of: values) : centre?.estimate) ?? .nan
  }

  /// How far the middle of these runs may lie from that of all there could be; `nil` for a single run, which does not
  /// tell.
  ///
  /// With six runs or more as far as the exact 95 % interval of the middle reaches; with fewer there is none, and it is as
  /// far as the run that is furthest from the middle: between the lowest and the highest of n runs lies the median of all
  /// with a probability of 1 − 2^(1 − n), whatever their distribution, three of four times with three runs.
  var term: UncertaintyTerm? {
    guard values.count > 1 else { return nil }
    if let interval {
      return UncertaintyTerm(
        source: .recordings, reason: "the centre of \(values.count) recorded runs is known no better",
        share: max(interval.upper / middle, middle / interval.lower) - 1)
    }
    let furthest = values.map { max($0 / middle, middle / $0) - 1 }.max() ?? 0
    return UncertaintyTerm(
      source: .recordings, reason: "of \(values.count) recorded runs one is that far from the middle one",
      share: furthest)
  }

  /// The middle with an interval of this half-width.
  func estimate(_ one: Estimate, half: Double) -> Estimate {
    Estimate(
      value: middle, lower: middle / (1 + half), upper: middle * (1 + half), sampleCount: one.sampleCount)
  }
}
