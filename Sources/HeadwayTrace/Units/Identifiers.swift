/// An operating-system thread, as `gettid` names it. Not a worker: see ``WorkerIndex``.
public struct ThreadID: Hashable, Codable, Sendable {
  /// The kernel's number for the thread.
  public var rawValue: Int32
  /// Wraps the kernel's number.
  public init(_ rawValue: Int32) { self.rawValue = rawValue }
  /// Decodes a bare integer.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(Int32.self)
  }
  /// Encodes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// A place in the worker team, 0 … n − 1. The thread that fills it may change.
public struct WorkerIndex: Hashable, Comparable, Codable, Sendable {
  /// The place, from 0.
  public var rawValue: Int
  /// Wraps a place in the team.
  public init(_ rawValue: Int) { self.rawValue = rawValue }
  /// Decodes a bare integer.
  public init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(Int.self)
  }
  /// Encodes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
  /// Orders by place.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The number under which a state is registered in a run; the trace's definitions give its name.
public struct StateID: Hashable, Sendable {
  /// The registration number, from 0.
  public var rawValue: UInt16
  /// Wraps a registration number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }
}

/// The number under which an operation, which is timed inside a state, is registered in a run.
public struct OperationID: Hashable, Sendable {
  /// The registration number, from 0.
  public var rawValue: UInt16
  /// Wraps a registration number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }
}

/// The number under which a waiting site (a barrier, a queue, a lock) is registered in a run.
public struct SiteID: Hashable, Sendable {
  /// The registration number, from 0.
  public var rawValue: UInt16
  /// Wraps a registration number.
  public init(_ rawValue: UInt16) { self.rawValue = rawValue }
}
