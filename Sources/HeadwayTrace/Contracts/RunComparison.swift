/// What changed between runs that did the same work: the contract `headway.comparison/1`, which
/// `headway compare --json` prints.
///
/// Runs of one sweep are paired by block. Other runs are not: then whatever drifted on the machine between them
/// is part of every figure, and each row says so (``ComparisonRow/isPaired``).
public struct RunComparison: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.comparison/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// What is compared.
  public enum Kind: String, Codable, Sendable {
    /// One run with another.
    case runs
    /// The cells that two sweeps share.
    case sweeps
    /// The phases of one sweep, each with the one before it and with the first.
    case phases
  }
  /// What is compared.
  public var kind: Kind
  /// What the others are compared with.
  public var base: ComparedSide
  /// What is compared with it; absent for the phases of one sweep.
  public var candidate: ComparedSide?
  /// The machine that all runs ran on; absent where no run noted it.
  public var machine: MachineFacts?
  /// The relative difference that does not matter to anybody.
  public var margin: Double
  /// The comparisons, in the order of the table.
  public var rows: [ComparisonRow]
  /// What differs around the runs and is not the machine, the work or the configuration.
  public var environment: [NamedDifference]
  /// What a reader must know before believing the figures.
  public var warnings: [String]

  /// Assembles a comparison.
  public init(
    kind: Kind, base: ComparedSide, candidate: ComparedSide?, machine: MachineFacts?, margin: Double,
    rows: [ComparisonRow], environment: [NamedDifference], warnings: [String]
  ) {
    self.kind = kind
    self.base = base
    self.candidate = candidate
    self.machine = machine
    self.margin = margin
    self.rows = rows
    self.environment = environment
    self.warnings = warnings
  }
}

/// One side of a comparison. An absent value is not known.
public struct ComparedSide: Codable, Equatable, Sendable {
  /// The directory, as it was named.
  public var path: String
  /// When its first run started, ISO 8601 in UTC.
  public var startedAt: String?
  /// The commit that was checked out.
  public var gitCommit: String?
  /// The hash of the program.
  public var binaryHash: String?
  /// Runs that count.
  public var runs: Int

  /// Describes a side.
  public init(path: String, startedAt: String?, gitCommit: String?, binaryHash: String?, runs: Int) {
    self.path = path
    self.startedAt = startedAt
    self.gitCommit = gitCommit
    self.binaryHash = binaryHash
    self.runs = runs
  }
}

/// A name whose value is not the same on both sides; absent where a side has none.
public struct NamedDifference: Codable, Equatable, Hashable, Sendable {
  /// What it is: a key of the configuration, a variable of the environment, a fact of the machine.
  public var name: String
  /// Its value on the base's side.
  public var base: String?
  /// Its value on the candidate's side.
  public var candidate: String?

  /// Pairs the values of a name.
  public init(name: String, base: String?, candidate: String?) {
    self.name = name
    self.base = base
    self.candidate = candidate
  }
}
