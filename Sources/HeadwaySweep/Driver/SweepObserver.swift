import HeadwayTrace

/// Who wants to know how a sweep is getting on: a progress bar, or a log. Called on the driver's thread,
/// between runs; whatever it does is not measured.
public protocol SweepObserver: AnyObject {
  /// How many runs there will be, as far as is known; called again when that changes.
  func planned(runs: Int)
  /// A run that predictions rest on is about to start, ahead of the blocks: the `number`-th, from 1, of `count`.
  func recordingStarted(label: String, number: Int, of count: Int)
  /// A run is about to start.
  func runStarted(label: String, block: Int, progress: SweepProgress)
  /// A run has ended, well or not.
  func runFinished(_ record: RunRecord, label: String, progress: SweepProgress)
  /// Something that the person should see at once.
  func warning(_ text: String)
}

/// How far a sweep is.
public struct SweepProgress: Equatable, Sendable {
  /// Runs that have ended.
  public var done: Int
  /// Runs that there will be, as far as is known.
  public var total: Int
  /// Since the sweep started.
  public var elapsed: Nanoseconds
  /// Until the sweep will probably end; absent before the first run has ended.
  public var remaining: Nanoseconds?
}
