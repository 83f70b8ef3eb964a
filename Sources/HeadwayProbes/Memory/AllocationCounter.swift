/// Allocations counted since the start of the process; only differences have a meaning.
public struct AllocationCount: Equatable, Sendable {
  /// Calls that allocate.
  public var calls: UInt64
  /// Bytes asked for in them.
  public var bytes: UInt64

  /// A count.
  public init(calls: UInt64 = 0, bytes: UInt64 = 0) {
    self.calls = calls
    self.bytes = bytes
  }

  /// Adds both numbers.
  public static func + (left: Self, right: Self) -> Self {
    Self(calls: left.calls &+ right.calls, bytes: left.bytes &+ right.bytes)
  }

  /// What came on top; zero where the counts, read one after the other, seem to run backwards.
  public static func - (left: Self, right: Self) -> Self {
    Self(
      calls: left.calls - min(left.calls, right.calls), bytes: left.bytes - min(left.bytes, right.bytes))
  }
}

/// Where a program's allocations can be read, if it counts them: the `headway` command does, by functions
/// that take the place of `malloc` and its kin. A program that does not count has no counter.
public struct AllocationCounter: Sendable {
  /// What the calling thread has allocated.
  public let thread: @Sendable () -> AllocationCount
  /// What all threads have allocated, those that ended included.
  public let process: @Sendable () -> AllocationCount

  /// Names the two readings; neither may allocate.
  public init(
    thread: @escaping @Sendable () -> AllocationCount, process: @escaping @Sendable () -> AllocationCount
  ) {
    self.thread = thread
    self.process = process
  }
}
