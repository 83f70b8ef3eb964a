/// What a record is about.
public enum TraceRecordKind: UInt8, Sendable, CaseIterable {
  /// A state from its entry to its end: `code` is the state, `detail` the states around it, `argument` the
  /// thread's CPU time inside it in nanoseconds, both inclusive of states inside.
  case state = 1
  /// An operation too short for a state: `code` is the state that names it.
  case operation = 2
  /// A crossing of a barrier from arrival to departure: `code` is the site, `argument` the generation,
  /// `detail` 1 for the last to arrive. A ``release`` record follows it in the same chunk.
  case crossing = 3
  /// The second half of a crossing: `start` is when the barrier opened.
  case release = 4
  /// A wait at a site that is no barrier: `code` is the site.
  case wait = 5
  /// An optimizer step: `argument` is its number.
  case step = 6
  /// A thread took the row up: `argument` is its number in the operating system.
  case threadBegan = 7
  /// The thread gave the row up.
  case threadEnded = 8
  /// A simultaneous reading of the clocks: `argument` is the monotonic clock's time since the origin.
  case clockSync = 9
  /// A state was entered inside which another one is now entered: `code` is the state, `detail` the states
  /// around it. Written once for each such state, so that a reader of a recording that was cut off knows
  /// what was open.
  case entered = 10
  /// Work was completed: `argument` is the number of tasks, and in the place of the duration stands the
  /// number of tokens.
  case completed = 11
}

/// One event of the trace: 24 bytes, three words.
///
/// | word | bits 0 … 47 | 48 … 55 | 56 … 63 |
/// |---|---|---|---|
/// | 0 | start in ticks (all 64 bits) | | |
/// | 1 | duration in ticks, or a count | kind | detail |
/// | 2 | argument | code | code |
///
/// Durations and arguments beyond 48 bits (a day of a fast counter) are clamped. Word 1 is never zero in a
/// record, and is stored last: a record without it does not exist.
public struct TraceRecord: Equatable, Sendable {
  /// The largest duration and argument.
  @inlinable public static var limit: UInt64 { (1 << 48) - 1 }

  /// The fast clock's counter at the start.
  public var start: UInt64
  /// The length in ticks.
  public var duration: UInt64
  /// What the record is about.
  public var kind: TraceRecordKind
  /// A small number whose meaning depends on the kind.
  public var detail: UInt8
  /// The state or site.
  public var code: UInt16
  /// A number whose meaning depends on the kind.
  public var argument: UInt64

  /// Describes an event.
  @inlinable
  public init(
    start: UInt64, duration: UInt64 = 0, kind: TraceRecordKind, detail: UInt8 = 0, code: UInt16 = 0,
    argument: UInt64 = 0
  ) {
    self.start = start
    self.duration = duration
    self.kind = kind
    self.detail = detail
    self.code = code
    self.argument = argument
  }

  /// Word 1: what makes the record exist.
  @inlinable
  public var commitWord: UInt64 {
    (min(duration, Self.limit) | UInt64(kind.rawValue) << 48 | UInt64(detail) << 56).littleEndian
  }

  /// Word 2.
  @inlinable
  public var argumentWord: UInt64 { (min(argument, Self.limit) | UInt64(code) << 48).littleEndian }

  /// Decodes the three words of a record; `nil` for an unknown kind.
  public init?(start: UInt64, commitWord: UInt64, argumentWord: UInt64) {
    guard let kind = TraceRecordKind(rawValue: UInt8(truncatingIfNeeded: commitWord >> 48)) else {
      return nil
    }
    self.init(
      start: start, duration: commitWord & Self.limit, kind: kind,
      detail: UInt8(truncatingIfNeeded: commitWord >> 56),
      code: UInt16(truncatingIfNeeded: argumentWord >> 48), argument: argumentWord & Self.limit)
  }
}
