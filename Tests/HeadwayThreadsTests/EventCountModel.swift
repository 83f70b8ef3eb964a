/// A model of ``EventCount`` and its users, one atomic access per step, for exploring every interleaving.
///
/// The full fences on both sides make the accesses sequentially consistent, so interleavings are all there
/// is to explore. The kernel's part is modelled as it is: a thread falls asleep only if the word still has
/// the expected value, and a wake call wakes any one sleeper.
struct EventCountModel: Hashable {
  /// Ways to get it wrong, each of which the exploration must catch.
  enum Mistake: CaseIterable {
    case noSecondLook, registersAfterSecondLook, asksBeforeChanging, withdrawsBlindly, withdrawsAsleep,
      wakesWithoutToken
  }

  enum Step: Hashable {
    // A consumer of `left` items.
    case look, register, lookAgain, withdraw, takeToken(thenDone: Bool), fallAsleep(thenDone: Bool)
    case asleep(thenDone: Bool)
    // A producer of `left` items.
    case push, ask, answer, postToken, wake
    case done
  }

  struct Thread: Hashable {
    var step: Step
    var left: Int
    /// Items that the producer pushes before it asks whether anybody waits.
    var burst = 1
    /// Items pushed since it last asked.
    var pushed = 0
    /// What the producer's answer took from `registered`; with `asksBeforeChanging`, what it saw.
    var answered = 0
  }

  var items = 0
  var registered = 0
  var tokens = 0
  var threads: [Thread]

  /// - Parameters:
  ///   - producers: The number of items that each producer delivers.
  ///   - consumers: The number of items that each consumer gets; the sums agree.
  ///   - inBursts: Whether a producer pushes all its items and then wakes as many sleepers at once.
  init(producers: [Int], consumers: [Int], inBursts: Bool = false) {
    threads =
      producers.map { Thread(step: .push, left: $0, burst: inBursts ? $0 : 1) }
      + consumers.map { Thread(step: .look, left: $0) }
  }

  /// Everybody is done, and no registration or token is left over.
  var isDone: Bool { threads.allSatisfy { $0.step == .done } && registered == 0 && tokens == 0 }

  /// Every state that one step of the thread can lead to; none if it cannot go on.
  func successors(of index: Int, _ mistake: Mistake?) -> [EventCountModel] {
    var next = self
    switch threads[index].step {
    case .done, .asleep:
      return []
    case .look:
      if items > 0 {
        next.takeItem(index)
      } else {
        next.threads[index].step = mistake == .registersAfterSecondLook ? .lookAgain : .register
      }
    case .register:
      next.registered += 1
      let looks = mistake != .noSecondLook && mistake != .registersAfterSecondLook
      next.threads[index].step = looks ? .lookAgain : .takeToken(thenDone: false)
    case .lookAgain:
      if items > 0 {
        if mistake == .registersAfterSecondLook {
          next.takeItem(index)
        } else {
          next.items -= 1
          next.threads[index].step = .withdraw
        }
      } else {
        next.threads[index].step =
          mistake == .registersAfterSecondLook ? .register : .takeToken(thenDone: false)
      }
    case .withdraw:
      if registered > 0 {
        next.registered -= 1
        next.finishItem(index)
      } else if mistake == .withdrawsBlindly {
        next.finishItem(index)
      } else if mistake == .withdrawsAsleep {
        next.threads[index].step = .takeToken(thenDone: true)
      } else if tokens > 0 {
        next.tokens -= 1
        next.finishItem(index)
      } else {
        return []  // Polls until a notifier has posted its answer.
      }
    case .takeToken(let thenDone):
      if tokens > 0 {
        next.tokens -= 1
        if thenDone { next.finishItem(index) } else { next.threads[index].step = .look }
      } else {
        next.threads[index].step = .fallAsleep(thenDone: thenDone)
      }
    case .fallAsleep(let thenDone):
      next.threads[index].step =
        tokens == 0 ? .asleep(thenDone: thenDone) : .takeToken(thenDone: thenDone)
    case .push:
      if mistake == .asksBeforeChanging, threads[index].answered == 0 {
        // Asks first, and remembers; pushes on the next step.
        next.threads[index].answered = registered > 0 ? 2 : 1
      } else {
        next.items += 1
        next.threads[index].pushed += 1
        if mistake == .asksBeforeChanging {
          let anyone = threads[index].answered == 2
          next.threads[index].answered = 0
          if anyone { next.threads[index].step = .answer } else { next.finishBurst(index) }
        } else if next.threads[index].pushed == threads[index].burst {
          next.threads[index].step = .ask
        }
      }
    case .ask:
      if registered > 0 { next.threads[index].step = .answer } else { next.finishBurst(index) }
    case .answer:
      if registered > 0 {
        let answered = min(registered, threads[index].pushed)
        next.registered -= answered
        next.threads[index].answered = answered
        next.threads[index].step = mistake == .wakesWithoutToken ? .wake : .postToken
      } else {
        next.finishBurst(index)
      }
    case .postToken:
      next.tokens += threads[index].answered
      next.threads[index].step = .wake
    case .wake:
      next.finishBurst(index)
      return next.waking(threads[index].answered)
    }
    return [next]
  }

  private mutating func takeItem(_ index: Int) {
    items -= 1
    finishItem(index)
  }

  /// A consumer has got one item.
  private mutating func finishItem(_ index: Int) {
    threads[index].left -= 1
    threads[index].step = threads[index].left == 0 ? .done : .look
  }

  /// A producer has delivered what it pushed and woken whom it had to.
  private mutating func finishBurst(_ index: Int) {
    threads[index].left -= threads[index].pushed
    threads[index].pushed = 0
    threads[index].answered = 0
    threads[index].step = threads[index].left == 0 ? .done : .push
  }

  /// Every state that waking up to `count` sleepers can lead to.
  private func waking(_ count: Int) -> [EventCountModel] {
    let sleepers = threads.indices.filter {
      if case .asleep = threads[$0].step { true } else { false }
    }
    if sleepers.isEmpty || count == 0 { return [self] }
    return sleepers.flatMap { sleeper in
      var woken = self
      if case .asleep(let thenDone) = threads[sleeper].step {
        woken.threads[sleeper].step = .takeToken(thenDone: thenDone)
      }
      return woken.waking(count - 1)
    }
  }

  /// Explores every interleaving; returns the number of states and those at which it ends although it
  /// is not done: somebody sleeps for ever, or something is left over.
  func explore(_ mistake: Mistake? = nil) -> (states: Int, stuck: [EventCountModel]) {
    var seen: Set<EventCountModel> = [self]
    var open = [self]
    var stuck: [EventCountModel] = []
    while let state = open.popLast() {
      let next = state.threads.indices.flatMap { state.successors(of: $0, mistake) }
      if next.isEmpty && !state.isDone { stuck.append(state) }
      for successor in next where seen.insert(successor).inserted { open.append(successor) }
    }
    return (seen.count, stuck)
  }
}
