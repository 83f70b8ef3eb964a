import HeadwayTrace

extension PerfettoPackets {
  mutating func nest(
    _ thread: Int, _ step: (inout SliceNesting, (SliceNesting.Edge) -> Void) -> Void
  ) {
    var edges: [SliceNesting.Edge] = []
    step(&nesting[thread]) { edges.append($0) }
    let track = track(of: thread)
    for edge in edges {
      switch edge {
      case .begin(let state, let instant):
        begin(track: track, name: .state(state), category: reader.states[state].category, at: instant)
      case .end(let instant, let cpuNs):
        end(track: track, at: instant) { if let cpuNs { $0.annotate(.cpuNs, cpuNs.count) } }
      }
    }
  }

  /// A crossing is a slice with its wake-up, from the opening to the departure, inside. The last to arrive
  /// begins a flow to each thread that crosses this barrier; those of them that waited in this episode end
  /// theirs, when they depart.
  ///
  /// A viewer ends a flow where it meets its second event, so every waiter has a flow of its own. It draws a
  /// flow from the slice that begins first: the wake-up begins with the last arrival or after it.
  mutating func add(_ crossing: BarrierCrossing) {
    let track = declare(.waits, of: crossing.thread)
    let waiters = crossing.wasLast ? participants[crossing.site].filter { $0 != crossing.thread } : []
    begin(track: track, name: .site(crossing.site), at: crossing.arrival) { event in
      event.annotate(.generation, Int64(crossing.generation))
      for waiter in waiters { event.fixed(47, Self.flow(crossing, waiter: waiter)) }
    }
    begin(track: track, name: .wakeup, at: crossing.release)
    end(track: track, at: crossing.departure) {
      if !crossing.wasLast { $0.fixed(48, Self.flow(crossing, waiter: crossing.thread)) }
    }
    end(track: track, at: crossing.departure) {
      $0.annotate(.imbalanceNs, (crossing.release - crossing.arrival).count)
      $0.annotate(.wakeupNs, (crossing.departure - crossing.release).count)
    }
  }

  /// The number of the flow to a waiter in an episode.
  private static func flow(_ crossing: BarrierCrossing, waiter: Int) -> UInt64 {
    UInt64(crossing.site) << 48 | UInt64(waiter + 1) << 32 | UInt64(crossing.generation)
  }

  mutating func add(_ completion: Completion) {
    let thread = completion.thread
    counts[thread].tasks += completion.tasks
    counts[thread].tokens += completion.tokens
    let (tasks, tokens) = counts[thread]
    count(tasks, track: declare(.tasks, of: thread), at: completion.at)
    if tokens > 0 { count(tokens, track: declare(.tokens, of: thread), at: completion.at) }
  }

  mutating func add(_ sample: MemorySample) {
    let instant = Instant(sample.timeNs)
    for (place, counter) in PerfettoTracks.memory.enumerated() {
      guard let value = sample[keyPath: counter.value] else { continue }
      let track = track(process: 0) + UInt64(place) + 1
      if declared.insert(track).inserted {
        declareCounter(track, parent: self.track(process: 0), counter.name, unit: counter.unit)
      }
      count(value, track: track, at: instant)
    }
  }
}
