import HeadwayStatistics
import HeadwayTrace

/// What waiting cost in a recorded run, and which of it was seen at all.
package struct RecordedLatency: Equatable, Sendable {
  /// From being woken to running; `nil` when nobody slept.
  package var wakeNs: Double?
  /// CPU time of the waking thread for each sleeper; `nil` when nobody slept at a barrier.
  package var wakerNs: Double?
  /// From the event to the poller's next operation; `nil` when nobody's polling succeeded.
  package var pollNs: Double?

  /// Nothing was seen.
  package static let unknown = RecordedLatency(wakeNs: nil, wakerNs: nil, pollNs: nil)

  /// What stands in for a latency that was not seen: typical of virtual machines of a few cores.
  package static let usual = WaitLatency(wakeNs: 20_000, wakerNs: 2_000, pollNs: 200)

  /// The latencies to simulate with.
  package var latency: WaitLatency {
    WaitLatency(
      wakeNs: wakeNs ?? Self.usual.wakeNs, wakerNs: wakerNs ?? Self.usual.wakerNs,
      pollNs: pollNs ?? Self.usual.pollNs)
  }

  private init(wakeNs: Double?, wakerNs: Double?, pollNs: Double?) {
    self.wakeNs = wakeNs
    self.wakerNs = wakerNs
    self.pollNs = pollNs
  }

  /// Reads the latencies off the episodes of a run's barriers, or off its main thread's waits at a latch.
  init(_ source: ReplaySource, events: [ThreadEvents], main: Int, from begin: Double) {
    var samples = LatencySamples()
    let program = TeamProgram(
      source.configuration, cores: source.cores, overhead: .none, latency: .none)
    let crossings = source.trace.crossings.filter { $0.arrival.ns >= begin }
    samples.add(crossings: crossings, polling: program.polling)
    if crossings.isEmpty {
      samples.add(phasesOf: main, in: events, from: begin, polling: program.polling)
    }
    self.init(
      wakeNs: samples.typical(\.wakes), wakerNs: samples.undisturbed(\.wakers),
      pollNs: samples.typical(\.polls))
  }
}

/// Single latencies of a run.
private struct LatencySamples {
  var wakes: [Double] = []
  var wakers: [Double] = []
  var polls: [Double] = []

  /// The mean, long ones included: the recorded steps' mean contains them too.
  func typical(_ samples: KeyPath<Self, [Double]>) -> Double? {
    let all = self[keyPath: samples]
    return all.isEmpty ? nil : max(all.reduce(0, +) / Double(all.count), 0)
  }

  /// The lower quartile: a waker whose core the woken thread takes comes back late, at no cost to anybody.
  func undisturbed(_ samples: KeyPath<Self, [Double]>) -> Double? {
    Quantiles.quantile(0.25, of: self[keyPath: samples]).map { max($0, 0) }
  }

  mutating func add(crossings: [BarrierCrossing], polling: WaitPolling) {
    struct Episode {
      var soonest: Double?
      var sleepers = 0
      var waker: Double?
    }
    var episodes: [UInt64: Episode] = [:]
    for crossing in crossings {
      let key = UInt64(crossing.site) << 32 | UInt64(crossing.generation)
      let late = Double((crossing.departure - crossing.release).count)
      if crossing.wasLast {
        episodes[key, default: Episode()].waker = late
      } else if polling.polls(after: Double((crossing.release - crossing.arrival).count)) {
        polls.append(late)
      } else {
        episodes[key, default: Episode()].sleepers += 1
        episodes[key, default: Episode()].soonest = min(episodes[key]?.soonest ?? late, late)
      }
    }
    for episode in episodes.values where episode.sleepers > 0 {
      let waker = episode.waker.map { $0 / Double(episode.sleepers) }
      if let waker { wakers.append(waker) }
      // The first sleeper, too, runs only after the waker's call for it.
      if let soonest = episode.soonest { wakes.append(max(soonest - (waker ?? 0), 0)) }
    }
  }

  /// The main thread waits at a latch that the last worker opens: how long after that worker's last span it
  /// runs again.
  mutating func add(phasesOf main: Int, in events: [ThreadEvents], from begin: Double, polling: WaitPolling) {
    for phase in events[main].spans where phase.state == .dispatch && phase.start >= begin {
      guard let pause = events[main].pause(endingBefore: phase.end), pause.start >= phase.start else {
        continue
      }
      var last: Double?
      for (thread, others) in events.enumerated() where thread != main {
        if let end = others.spans(from: phase.start, to: phase.end).last?.end, end <= phase.end {
          last = max(last ?? end, end)
        }
      }
      guard let last, last > pause.start else { continue }
      if polling.polls(after: last - pause.start) {
        polls.append(pause.end - last)
      } else {
        wakes.append(pause.end - last)
      }
    }
  }
}
