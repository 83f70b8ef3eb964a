import HeadwayProbes
import HeadwayTrace

/// Counts what the steps of a run allocate, on all threads, from the end of the second step on.
///
///     step 1 | step 2 | step 3 … step n |
///                     |← counted        |← closed
///
/// Everything counts except what the main thread allocates for the observer and for evaluations, and what
/// the process allocates while the team is renewed between epochs. Used by the main thread alone.
struct AllocationLedger {
  /// Steps at the start that may allocate: in the first, threads make their working memory, and the second
  /// is the first that finds every batch in use.
  static let warmSteps = 2

  private let counter: AllocationCounter?
  private var begin: AllocationCount?
  private var apart = AllocationCount()
  private var steps = 0

  /// A ledger; without a counter it stays empty.
  init(_ counter: AllocationCounter?) { self.counter = counter }

  /// Notes that a step has ended, with all that the main thread does after it.
  mutating func stepEnded() {
    steps += 1
    guard steps == Self.warmSteps, let counter else { return }
    apart = AllocationCount()
    begin = counter.process()
  }

  /// What the main thread has allocated; goes into ``setApart(since:)``.
  func mark() -> AllocationCount { counter?.thread() ?? AllocationCount() }

  /// Leaves out what the main thread has allocated since the mark.
  mutating func setApart(since mark: AllocationCount) {
    if let counter { apart = apart + (counter.thread() - mark) }
  }

  /// What all threads have allocated; goes into ``setAllApart(since:)``.
  func markAll() -> AllocationCount { counter?.process() ?? AllocationCount() }

  /// Leaves out what all threads have allocated since the mark.
  mutating func setAllApart(since mark: AllocationCount) {
    if let counter { apart = apart + (counter.process() - mark) }
  }

  /// The steps' allocations until now; `nil` without a counter or a step that counts.
  func result() -> StepAllocations? {
    guard let counter, let begin, steps > Self.warmSteps else { return nil }
    let counted = counter.process() - begin - apart
    return StepAllocations(
      steps: steps - Self.warmSteps, calls: Int(clamping: counted.calls), bytes: Int(clamping: counted.bytes))
  }
}
