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
    /// What the producer's answer took from `registered`.
    var answered = 0
  }

  var items = 0
  var registered = 0
  var tokens = 0
  var threads: [Thread]

  init(producers: [Int], consumers: [Int]) {
    threads =
      producers.map { Thread(step: .push, left: $0) } + consumers.map { Thread(step: .look, left: $0) }
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
        if mistake == .asksBeforeChanging {
          let anyone = threads[index].answered == 2
          next.threads[index].answered = 0
          if anyone { next.threads[index].step = .answer } else { next.finishItem(index) }
        } else {
          next.threads[index].step = .ask
        }
      }
    case .ask:
      if registered > 0 { next.threads[index].step = .answer } else { next.finishItem(index) }
    case .answer:
      if registered > 0 {
        next.registered -= 1
        next.threads[index].step = mistake == .wakesWithoutToken ? .wake : .postToken
      } else {
        next.finishItem(index)
      }
    case .postToken:
      next.tokens += 1
      next.threads[index].step = .wake
    case .wake:
      next.finishItem(index)
      let sleepers = next.threads.indices.filter {
        if case .asleep = next.threads[$0].step { true } else { false }
      }
      if sleepers.isEmpty { return [next] }
      return sleepers.map { sleeper in
        var woken = next
        if case .asleep(let thenDone) = woken.threads[sleeper].step {
          woken.threads[sleeper].step = .takeToken(thenDone: thenDone)
        }
        return woken
      }
    }
    return [next]
  }

  private mutating func takeItem(_ index: Int) {
    items -= 1
    finishItem(index)
  }

  /// A producer has delivered, or a consumer has got, one item.
  private mutating func finishItem(_ index: Int) {
    let isProducer: Bool
    switch threads[index].step {
    case .push, .ask, .answer, .postToken, .wake: isProducer = true
    default: isProducer = false
    }
    threads[index].left -= 1
    threads[index].step = threads[index].left == 0 ? .done : isProducer ? .push : .look
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
