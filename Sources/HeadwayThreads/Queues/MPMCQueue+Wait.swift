import HeadwayProbes

extension MPMCQueue {
  /// Pops, waiting while the queue is empty; `nil` when it is closed and empty.
  ///
  /// A wait is booked at `site`, in its spinning and blocked states. A pop that finds an element records
  /// nothing.
  @inlinable
  public func pop(at site: WaitSite, probe: some ThreadProbe) -> Element? {
    switch tryPop() {
    case .element(let element): element
    case .closed: nil
    case .empty: popAfterWaiting(at: site, probe: probe)
    }
  }

  /// Pushes, waiting while the queue is full; `false` when it is closed.
  @inlinable
  public func push(_ element: Element, at site: WaitSite, probe: some ThreadProbe) -> Bool {
    switch tryPush(element) {
    case .done: true
    case .closed: false
    case .full: pushAfterWaiting(element, at: site, probe: probe)
    }
  }

  @inlinable
  func popAfterWaiting(at site: WaitSite, probe: some ThreadProbe) -> Element? {
    var outcome = Popped.empty
    waiting(at: site, until: items, probe: probe) {
      outcome = take()
      if case .empty = outcome { return false }
      return true
    }
    guard case .element(let element) = outcome else { return nil }
    room.notify()
    return element
  }

  @inlinable
  func pushAfterWaiting(
    _ element: Element, at site: WaitSite, probe: some ThreadProbe
  ) -> Bool {
    var outcome = Pushed.full
    waiting(at: site, until: room, probe: probe) {
      outcome = offer(element)
      if case .full = outcome { return false }
      return true
    }
    guard case .done = outcome else { return false }
    items.notify()
    return true
  }

  /// Polls, at a site where threads may, then sleeps at an event count until `attempt` succeeds; books the wait.
  @inlinable
  func waiting(
    at site: WaitSite, until event: EventCount, probe: some ThreadProbe, attempt: () -> Bool
  ) {
    // The times are read inside the states, so that a wait does not contain what the probe itself costs.
    let mayPoll = polling.polls && site.polls
    probe.enter(mayPoll ? site.spinning : site.blocked)
    let start = probe.now()
    if !(mayPoll && polling.until(attempt)) {
      if mayPoll {
        probe.leave()
        probe.enter(site.blocked)
      }
      while true {
        event.register()
        if attempt() {
          event.withdraw()
          break
        }
        event.sleep()
        if attempt() { break }
      }
    }
    let end = probe.now()
    probe.leave()
    probe.waited(site.site, from: start, to: end)
  }
}
