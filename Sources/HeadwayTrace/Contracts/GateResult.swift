/// Whether a candidate may replace a base: the contract `headway.gate/1`, which `headway gate --json` prints
/// (method 17).
public struct GateResult: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.gate/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// What the gate says.
  public enum Outcome: String, Codable, Sendable {
    /// Nothing changed by more than the margin, as far as the data can say; exit 0.
    case pass
    /// A counter rose, or a cell became slower in both looks; exit 2.
    case regression
    /// What the first look saw was not seen again, or a cell has too few runs for an interval; exit 3.
    case inconclusive
    /// A cell became faster in both looks, or a counter fell, and nothing became worse; exit 4.
    case improvement
  }
  /// What the gate says.
  public var outcome: Outcome
  /// The program that is there.
  public var base: GatedProgram
  /// The program that wants to replace it.
  public var candidate: GatedProgram
  /// The machine that both ran on.
  public var machine: MachineFacts
  /// The profile whose cells were run.
  public var profile: String
  /// The relative difference that does not matter to anybody.
  public var margin: Double
  /// Blocks of each look.
  public var blocks: Int
  /// Seed of the order of the first look; the second look has the next one.
  public var seed: UInt64
  /// The cells, in the profile's order.
  public var rows: [GateRow]
  /// The counters of every cell.
  public var counters: [GateCounter]
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles a result.
  public init(
    outcome: Outcome, base: GatedProgram, candidate: GatedProgram, machine: MachineFacts, profile: String,
    margin: Double, blocks: Int, seed: UInt64, rows: [GateRow], counters: [GateCounter], warnings: [String]
  ) {
    self.outcome = outcome
    self.base = base
    self.candidate = candidate
    self.machine = machine
    self.profile = profile
    self.margin = margin
    self.blocks = blocks
    self.seed = seed
    self.rows = rows
    self.counters = counters
    self.warnings = warnings
  }

  /// The largest slow-down, as a share, that the first look leaves possible in any cell that it did not flag; absent
  /// where an interval is missing. What a pass cannot exclude.
  public var possibleSlowdown: Double? {
    let lowest = rows.filter { !$0.isFlagged }.map(\.first.lower)
    guard let least = lowest.compactMap(\.self).min(), lowest.allSatisfy({ $0 != nil }) else { return nil }
    return max(0, 1 - least)
  }
}

/// A program of a gate.
public struct GatedProgram: Codable, Equatable, Sendable {
  /// What it was called on the command line.
  public var name: String
  /// The commit that it was built from; absent for a binary.
  public var gitCommit: String?
  /// The hash of the binary; absent where it cannot be read.
  public var binaryHash: String?
  /// Names a program.
  public init(name: String, gitCommit: String?, binaryHash: String?) {
    self.name = name
    self.gitCommit = gitCommit
    self.binaryHash = binaryHash
  }
}

/// One cell of a gate.
public struct GateRow: Codable, Equatable, Sendable {
  /// The cell's label.
  public var cell: String
  /// Throughput of the candidate over the base's in the first look, paired by block.
  public var first: Estimate
  /// Whether the first look saw a difference beyond the margin, so that there was a second one.
  public var isFlagged: Bool
  /// The same in the second look; absent where there was none, or where nothing could be measured.
  public var second: Estimate?
  /// Whether the losses of both programs agree.
  public var loss: LossAgreement
  /// Assembles a row.
  public init(cell: String, first: Estimate, isFlagged: Bool, second: Estimate?, loss: LossAgreement) {
    self.cell = cell
    self.first = first
    self.isFlagged = isFlagged
    self.second = second
    self.loss = loss
  }
}

/// A deterministic counter of one cell: the same in every run of a program, so that any difference is one.
public struct GateCounter: Codable, Equatable, Sendable {
  /// What its two values say.
  public enum State: String, Codable, Sendable {
    /// The same number.
    case equal
    /// The candidate's is higher.
    case worse
    /// The candidate's is lower.
    case better
    /// It differs between runs of one program, so it is shown and not judged.
    case varies
    /// A program did not count it.
    case absent
  }
  /// The cell's label.
  public var cell: String
  /// Its name: `step_allocations`, `barrier_episodes`, `threads`, `tasks`.
  public var name: String
  /// The base's number, the lowest of its runs; absent where it was not counted.
  public var base: Int?
  /// The candidate's number, the lowest of its runs; absent where it was not counted.
  public var candidate: Int?
  /// What they say.
  public var state: State
  /// Assembles a counter.
  public init(cell: String, name: String, base: Int?, candidate: Int?, state: State) {
    self.cell = cell
    self.name = name
    self.base = base
    self.candidate = candidate
    self.state = state
  }
}
