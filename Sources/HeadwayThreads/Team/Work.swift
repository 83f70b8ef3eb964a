import HeadwayProbes
import HeadwayTrace

/// A kind of task that the team performs; the engine gives the numbers meaning.
public struct WorkPhase: Hashable, Sendable {
  /// The engine's number for the phase.
  public var rawValue: UInt16
  /// Wraps a number.
  @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }
}

/// What a team's workers do. The team calls ``perform(_:index:worker:probe:)`` once for every index of a
/// phase, on any worker, and orders all memory: what the main thread wrote before the phase is visible to
/// the workers, and what they wrote is visible to the main thread after it.
public protocol TeamWork: Sendable {
  /// What the workers record through.
  associatedtype Handle: ThreadProbe
  /// Performs one task on the calling worker.
  func perform(_ phase: WorkPhase, index: Int, worker: WorkerIndex, probe: Handle)
}
