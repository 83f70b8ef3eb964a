import Synchronization

extension MPMCQueue {
  /// Pushes if there is room, and wakes a sleeping consumer.
  @inlinable @discardableResult
  public func tryPush(_ element: Element) -> Pushed {
    let outcome = offer(element)
    if case .done = outcome { items.notify() }
    return outcome
  }

  /// Pops if an element is there, and wakes a producer that waits for room.
  @inlinable public func tryPop() -> Popped {
    let outcome = take()
    if case .element = outcome { room.notify() }
    return outcome
  }

  /// Pushes without waking anybody; a call of `items.notify` must follow before the caller waits.
  @inlinable func offer(_ element: Element) -> Pushed {
    var position = pushPosition.pointee.load(ordering: .relaxed)
    while true {
      if position & Self.closedBit != 0 { return .closed }
      let cell = cell(at: position)
      let turn = turn(of: cell)
      // Acquiring: pairs with the consumer's store of the turn, so its read of the cell is over.
      let lead = Int64(bitPattern: turn.pointee.load(ordering: .acquiring) &- 2 &* position)
      if lead < 0 { return .full }
      if lead > 0 {
        position = pushPosition.pointee.load(ordering: .relaxed)
        continue
      }
      let attempt = pushPosition.pointee.weakCompareExchange(
        expected: position, desired: position &+ 1, ordering: .relaxed)
      if attempt.exchanged {
        (cell + Self.elementOffset).storeBytes(of: element, as: Element.self)
        turn.pointee.store(2 &* position &+ 1, ordering: .releasing)
        return .done
      }
      position = attempt.original
    }
  }

  /// Pops without waking anybody; a call of `room.notify` must follow before the caller waits.
  @inlinable func take() -> Popped {
    var position = popPosition.pointee.load(ordering: .relaxed)
    while true {
      let cell = cell(at: position)
      let turn = turn(of: cell)
      // Acquiring: pairs with the producer's store of the turn, so the element is complete.
      let lead = Int64(bitPattern: turn.pointee.load(ordering: .acquiring) &- (2 &* position &+ 1))
      if lead < 0 {
        // Empty at `position`. Acquiring pairs with the close: a frozen push position that equals it
        // means that nothing will ever come.
        let end = pushPosition.pointee.load(ordering: .acquiring)
        return end == position | Self.closedBit ? .closed : .empty
      }
      if lead > 0 {
        position = popPosition.pointee.load(ordering: .relaxed)
        continue
      }
      let attempt = popPosition.pointee.weakCompareExchange(
        expected: position, desired: position &+ 1, ordering: .relaxed)
      if attempt.exchanged {
        let element = (cell + Self.elementOffset).load(as: Element.self)
        turn.pointee.store(2 &* (position &+ mask &+ 1), ordering: .releasing)
        return .element(element)
      }
      position = attempt.original
    }
  }
}
