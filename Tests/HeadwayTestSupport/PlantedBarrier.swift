import Foundation
import Synchronization

/// A barrier of a planted engine, of which the library knows nothing: its participants sleep or poll.
///
/// `@unchecked Sendable`: `missing` is touched under `condition` only, `generation` is an atomic.
public final class PlantedBarrier: @unchecked Sendable {
  private let condition = NSCondition()
  private let participants: Int
  private let polls: Bool
  private var missing: Int
  private let generation = Atomic<Int>(0)

  /// A barrier for so many threads.
  public init(_ participants: Int, polls: Bool = false) {
    self.participants = participants
    self.polls = polls
    missing = participants
  }

  /// Waits until all have come.
  public func wait() {
    let mine = arrive()
    guard let mine else { return }
    if polls {
      // Acquiring: pairs with the releasing store of the last arriver, whose work it makes visible.
      while generation.load(ordering: .acquiring) == mine {}
      return
    }
    condition.withLock {
      while generation.load(ordering: .relaxed) == mine { condition.wait() }
    }
  }

  /// The generation to wait out; `nil` for the last to come, who lets the others go.
  private func arrive() -> Int? {
    condition.withLock {
      let mine = generation.load(ordering: .relaxed)
      missing -= 1
      guard missing == 0 else { return mine }
      missing = participants
      // Releasing: pairs with the acquiring loads of those who poll; sleepers have the lock.
      generation.store(mine + 1, ordering: .releasing)
      condition.broadcast()
      return nil
    }
  }
}

/// A bounded queue of a planted engine: a lock and two conditions.
///
/// `@unchecked Sendable`: everything mutable is touched under `lock` only.
public final class PlantedQueue: @unchecked Sendable {
  private let lock = NSCondition()
  private let depth: Int
  private var items: Int
  private var isClosed = false

  /// A queue for `depth` items that holds `items` already.
  public init(depth: Int, items: Int = 0) {
    self.depth = depth
    self.items = items
  }

  /// Adds an item where there is room at once.
  public func tryPush() -> Bool {
    lock.withLock {
      guard items < depth else { return false }
      items += 1
      lock.broadcast()
      return true
    }
  }

  /// Adds an item, waiting for room.
  public func push() {
    lock.withLock {
      while items == depth { lock.wait() }
      items += 1
      lock.broadcast()
    }
  }

  /// Takes an item where there is one at once.
  public func tryPop() -> Bool {
    lock.withLock {
      guard items > 0 else { return false }
      items -= 1
      lock.broadcast()
      return true
    }
  }

  /// Takes an item, waiting for one; `false` when the queue is closed and empty.
  public func pop() -> Bool {
    lock.withLock {
      while items == 0 && !isClosed { lock.wait() }
      guard items > 0 else { return false }
      items -= 1
      lock.broadcast()
      return true
    }
  }

  /// Ends the production.
  public func close() {
    lock.withLock {
      isClosed = true
      lock.broadcast()
    }
  }
}
