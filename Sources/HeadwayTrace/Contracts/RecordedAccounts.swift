/// What a program that is no run of the shipped engine measured of itself: the contract `headway.accounts/1`,
/// written as `accounts.json`. A report makes the summary of it.
///
/// Like every contract it holds what was measured and nothing that was not: no configuration, no loss.
public struct RecordedAccounts: Codable, Equatable, Sendable {
  /// The version of this contract.
  public static let schemaName = "headway.accounts/1"
  /// ``schemaName``.
  public var schema = Self.schemaName
  /// The accumulators of every thread over the window.
  public var accounts: RunAccounts
  /// The steps that the program noted, in order.
  public var stepsNs: [Nanoseconds]
  /// Memory of the process.
  public var memory: MemorySummary
  /// Stretches in which nothing was completed; absent when no watchdog looked.
  public var stalls: [StallReport]?

  /// Assembles the accounts of a run.
  public init(
    accounts: RunAccounts, stepsNs: [Nanoseconds], memory: MemorySummary, stalls: [StallReport]? = nil
  ) {
    self.accounts = accounts
    self.stepsNs = stepsNs
    self.memory = memory
    self.stalls = stalls
  }
}
