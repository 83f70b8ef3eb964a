import Synchronization

/// What one thread has completed, for others to read while it runs.
///
/// Every word is written by the thread that owns the row and by nobody else, so that an addition is a load
/// and a store. Reading is race-free by construction, as nothing here is read or written but atomics.
@usableFromInline
struct PublishedCounts: ~Copyable {
  // The counters are relaxed: each is the whole message, and whoever compares two readings of it needs no
  // other memory.
  @usableFromInline let tasks = Atomic<Int>(0)
  @usableFromInline let tokens = Atomic<Int>(0)
  @usableFromInline let steps = Atomic<Int>(0)
  /// Everything that was completed: tasks, parts of tasks, steps, batches, segments.
  @usableFromInline let units = Atomic<Int>(0)
  /// The fast clock at the last of them; zero before the first.
  @usableFromInline let lastUnit = Atomic<UInt64>(0)

  /// Nothing completed.
  init() {}

  /// Counts something completed now.
  @inlinable
  func advance(at ticks: UInt64) {
    units.store(units.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    lastUnit.store(ticks, ordering: .relaxed)
  }

  /// Counts a completed step.
  @inlinable
  func step(at ticks: UInt64) {
    steps.store(steps.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    advance(at: ticks)
  }

  /// Counts completed tasks.
  @inlinable
  func complete(tasks count: Int, tokens: Int, at ticks: UInt64) {
    tasks.store(tasks.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    self.tokens.store(self.tokens.load(ordering: .relaxed) &+ tokens, ordering: .relaxed)
    advance(at: ticks)
  }
}
