// Where simulated threads wait for each other, and how they are let go.
extension Simulation {
  mutating func wait(_ thread: Int, for reason: Reason) {
    pool.stop(thread)
    threads[thread].activity = .waiting(reason, since: now)
  }

  private func polling(of thread: Int, at reason: Reason) -> WaitPolling {
    guard model.threads[thread].polls else { return .never }
    switch reason {
    case .barrier(let barrier): return model.barriers[barrier].polling
    case .room(let queue), .item(let queue): return model.queues[queue].polling
    case .latch(let latch): return model.latches[latch].polling
    }
  }

  /// Lets a waiting thread go on; whoever wakes a sleeper owes the price of it.
  private mutating func release(_ thread: Int, by waker: Int) {
    guard case .waiting(let reason, let since) = threads[thread].activity else { return }
    let delay: Double
    if polling(of: thread, at: reason).polls(after: now - since) {
      delay = model.latency.pollNs
    } else {
      threads[waker].owed += model.latency.wakerNs
      // The sleepers are woken one after the other.
      delay = model.latency.wakeNs + threads[waker].owed
    }
    wakeUps.add(EventHeap.Event(time: now + delay, subject: thread))
  }

  mutating func endWait(of thread: Int) {
    guard case .waiting(let reason, let since) = threads[thread].activity else { return }
    book(thread, wait: now - since, for: reason)
    threads[thread].activity = .ready
  }

  mutating func book(_ thread: Int, wait waited: Double, for reason: Reason) {
    let polled = polling(of: thread, at: reason).pollingPart(ofWait: waited)
    threads[thread].times.spin += polled
    threads[thread].times.blocked += waited - polled
  }

  mutating func cross(_ barrier: Int, _ thread: Int) -> Bool {
    guard barriers[barrier].waiting.count + 1 == model.barriers[barrier].participants else {
      barriers[barrier].waiting.append(thread)
      wait(thread, for: .barrier(barrier))
      return false
    }
    let waiting = barriers[barrier].waiting
    barriers[barrier].waiting.removeAll(keepingCapacity: true)
    for other in waiting { release(other, by: thread) }
    return true
  }

  mutating func put(_ item: Work, into queue: Int, _ thread: Int) -> Bool {
    if !queues[queue].consumers.isEmpty {
      let consumer = queues[queue].consumers.removeFirst()
      threads[consumer].item = item
      release(consumer, by: thread)
      return true
    }
    guard queues[queue].count < model.queues[queue].capacity else {
      queues[queue].producers.append((thread, item))
      wait(thread, for: .room(queue))
      return false
    }
    queues[queue].items.append(item)
    return true
  }

  mutating func get(from queue: Int, _ thread: Int) -> Bool {
    guard queues[queue].count > 0 else {
      queues[queue].consumers.append(thread)
      wait(thread, for: .item(queue))
      return false
    }
    threads[thread].item = queues[queue].items[queues[queue].head]
    queues[queue].head += 1
    if queues[queue].head == queues[queue].items.count {
      queues[queue].items.removeAll(keepingCapacity: true)
      queues[queue].head = 0
    }
    if !queues[queue].producers.isEmpty {
      let producer = queues[queue].producers.removeFirst()
      queues[queue].items.append(producer.item)
      release(producer.thread, by: thread)
    }
    return true
  }

  mutating func countDown(_ latch: Int, _ thread: Int) {
    latches[latch].missing -= 1
    guard latches[latch].missing == 0, let waiter = latches[latch].waiter else { return }
    latches[latch].waiter = nil
    release(waiter, by: thread)
  }
}
