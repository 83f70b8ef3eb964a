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

extension PredictionLedger {
  /// Steps that are simulated for a cell at most: a sweep of many cells and threads must not wait for its predictions.
  private static let steps = 200

  /// Predicts cells from the replay of a recorded baseline (method 8).
  ///
  /// - Parameters:
  ///   - cells: All cells, the baseline among them.
  ///   - baseline: The baseline's identifier.
  ///   - replay: The recorded run, recorded with every event whatever the baseline's own probe is.
  ///   - directory: Where the recorded run is, relative to the sweep's directory.
  ///   - cores: Cores of the machine.
  ///   - disturbance: What disturbed the recorded run.
  ///   - past: How far earlier predictions were off.
  public init(
    of cells: [LedgerCell], baseline: String, replay: Replay, directory: String, cores: Int,
    disturbance: String? = nil, past: PastErrors? = nil
  ) {
    let probe = cells.first { $0.id == baseline }?.configuration.probe
    self.init(
      baseline: baseline, recordedRun: directory, cores: cores, disturbance: disturbance,
      recorded: replay.pace, replayError: replay.error, past: past,
      cells: cells.filter { $0.id != baseline }.map { cell in
        var wanted = cell.configuration
        // What the probe of both is costs both the same; the recorded run had every event recorded.
        if wanted.probe == probe { wanted.probe = replay.configuration.probe }
        do throws(InputError) {
          return CellPrediction(
            cell.id, try replay.predict(configuration: wanted, cores: cores, steps: Self.steps), past: past)
        } catch {
          return CellPrediction(cell: cell.id, reason: error.problem)
        }
      })
  }

  /// The ledger of a recorded run that cannot be replayed: nothing is predicted, and why.
  public init(
    of cells: [LedgerCell], baseline: String, directory: String, cores: Int, unusable reason: String,
    disturbance: String? = nil, past: PastErrors? = nil
  ) {
    self.init(
      baseline: baseline, recordedRun: directory, cores: cores, disturbance: disturbance, past: past,
      cells: cells.filter { $0.id != baseline }.map { CellPrediction(cell: $0.id, reason: reason) })
  }
}

extension CellPrediction {
  /// A replay's prediction, widened by what past ones missed.
  init(_ cell: String, _ prediction: Prediction, past: PastErrors?) {
    var terms = prediction.uncertainty
    func half() -> Double { terms.reduce(0) { $0 + $1.share * $1.share }.squareRoot() }
    let own = half()
    if let term = past?.term(widening: own) { terms.append(term) }
    let whole = half()
    func widened(_ estimate: Estimate) -> Estimate {
      Estimate(
        value: estimate.value, lower: estimate.value / (1 + whole), upper: estimate.value * (1 + whole),
        sampleCount: estimate.sampleCount)
    }
    self.init(
      cell: cell, tokensPerSecond: widened(prediction.tokensPerSecond), speedup: widened(prediction.speedup),
      ownHalfWidth: own, uncertainty: terms, assumptions: prediction.assumptions)
  }
}
