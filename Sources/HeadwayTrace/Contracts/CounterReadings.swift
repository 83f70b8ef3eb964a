/// What the kernel's performance events counted in the measured window, for a thread or for all.
///
/// Every ``CounterKind`` stands in exactly one of the two tables: with its value, or with the reason why it has
/// none. A count that could not be had is never zero.
public struct CounterReadings: Codable, Equatable, Sendable {
  /// What was counted, by the raw value of ``CounterKind``.
  public var counts: [String: CounterValue]
  /// Why the others have no value, by the raw value of ``CounterKind``.
  public var absent: [String: CounterAbsence]
  /// Time that opening them took. A thread opens its own before its row begins, so that the time lies in none
  /// of its states; of one that was created inside the window it is a part of the start.
  public var openingNs: Nanoseconds

  /// Assembles readings.
  public init(
    counts: [String: CounterValue] = [:], absent: [String: CounterAbsence] = [:],
    openingNs: Nanoseconds = .zero
  ) {
    self.counts = counts
    self.absent = absent
    self.openingNs = openingNs
  }

  /// A counter's value; `nil` when it has none.
  public subscript(_ kind: CounterKind) -> Int? { counts[kind.rawValue]?.value }

  /// Instructions for each cycle; `nil` unless both were counted.
  public var instructionsPerCycle: Double? { quotient(.instructions, .cycles) }
  /// The share of last-level cache accesses that missed; `nil` unless both were counted.
  public var cacheMissShare: Double? { quotient(.cacheMisses, .cacheReferences) }

  private func quotient(_ part: CounterKind, _ whole: CounterKind) -> Double? {
    guard let part = self[part], let whole = self[whole], whole > 0 else { return nil }
    return Double(part) / Double(whole)
  }
}

/// One counter's value.
public struct CounterValue: Codable, Equatable, Sendable {
  /// The count. Where the counter shared its register with others it is scaled up to the whole time.
  public var value: Int
  /// The share of the thread's time on a CPU in which the counter counted: below 1, ``value`` is an estimate.
  public var countedShare: Double
  /// Pairs a count with its share.
  public init(value: Int, countedShare: Double = 1) {
    self.value = value
    self.countedShare = countedShare
  }
}

/// Why a counter has no value.
public struct CounterAbsence: Codable, Hashable, Sendable {
  /// The kinds of reason.
  public enum Reason: String, Codable, Sendable, CaseIterable {
    /// Neither the CPU nor the virtual machine has the counter (`ENOENT`, `ENODEV`, `EOPNOTSUPP`).
    case notSupported = "not_supported"
    /// The kernel refuses it to this user (`EACCES`, `EPERM`).
    case notPermitted = "not_permitted"
    /// The process or the system has no file descriptor left for it (`EMFILE`, `ENFILE`).
    case tooManyFiles = "too_many_files"
    /// The kernel refuses it for another reason.
    case refused
    /// It was opened and could not be read.
    case unreadable
    /// It was opened and never got a register of the CPU while the thread ran.
    case notScheduled = "not_scheduled"
    /// Of a total: some threads have it and some do not.
    case incomplete
  }

  /// The kind of reason.
  public var reason: Reason
  /// The reason in words.
  public var detail: String
  /// Names a reason.
  public init(reason: Reason, detail: String) {
    self.reason = reason
    self.detail = detail
  }
}
