/// What a thread is doing now, as a word of its chunk's head that it keeps up to date: what is left of a
/// killed process says in which states its threads were.
///
/// | bits | content |
/// |---|---|
/// | 0 … 15 | the innermost open state's number plus 1; 0 for none, or for one beyond the numbered ones |
/// | 16 … 30 | open states |
/// | 31 | 1: the word says something |
public struct CurrentState: Equatable, Sendable {
  /// The innermost open state.
  public var state: Int?
  /// Open states, this one included.
  public var depth: Int

  /// Describes what a thread is doing.
  public init(state: Int?, depth: Int) {
    self.state = state
    self.depth = depth
  }

  /// The word.
  @inlinable
  public static func word(state: Int?, depth: Int) -> UInt32 {
    let number = state.map { UInt32(truncatingIfNeeded: $0 &+ 1) & 0xFFFF } ?? 0
    return 1 << 31 | UInt32(truncatingIfNeeded: min(depth, 0x7FFF)) << 16 | number
  }

  /// Decodes the word; `nil` when it says nothing.
  public init?(word: UInt32) {
    guard word >> 31 == 1 else { return nil }
    let number = Int(word & 0xFFFF)
    self.init(state: number == 0 ? nil : number - 1, depth: Int(word >> 16 & 0x7FFF))
  }
}

/// The entry of a state that others lie in.
public struct StateEntry: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// The state.
  public var state: Int
  /// When it was entered.
  public var at: Instant
  /// States around it.
  public var depth: Int
  /// Assembles an entry.
  public init(thread: Int, state: Int, at: Instant, depth: Int) {
    self.thread = thread
    self.state = state
    self.at = at
    self.depth = depth
  }
}

/// Work that a thread completed.
public struct Completion: Equatable, Sendable {
  /// The thread.
  public var thread: Int
  /// When.
  public var at: Instant
  /// Tasks.
  public var tasks: Int
  /// Tokens.
  public var tokens: Int
  /// Assembles a completion.
  public init(thread: Int, at: Instant, tasks: Int, tokens: Int) {
    self.thread = thread
    self.at = at
    self.tasks = tasks
    self.tokens = tokens
  }
}
