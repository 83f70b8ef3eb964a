import HeadwayTrace

extension CpuDemand {
  /// Counts the threads of a timeline that worked, polled or were ready, all through its window.
  init(_ timeline: Timeline, changes: StateChanges, usableCpus: Double?) {
    let wants = timeline.contexts.map {
      $0.isUseful || $0.definition.category == .spin || $0.definition.category == .runnable
    }
    var (now, peak) = (0, 0)
    var (area, over) = (0.0, Nanoseconds.zero)
    changes.sweep(upTo: timeline.end) { from, to in
      let length = to - from
      peak = max(peak, now)
      area += Double(length.count) * Double(now)
      if let usableCpus, Double(now) > usableCpus { over += length }
    } change: { change in
      if change.left >= 0, wants[Int(change.left)] { now -= 1 }
      if wants[Int(change.entered)] { now += 1 }
    }
    var (wall, onCpu) = (Nanoseconds.zero, Nanoseconds.zero)
    for thread in timeline.threads {
      for interval in thread.intervals where wants[interval.context] {
        wall += interval.wallNs
        onCpu += interval.onCpuNs
      }
    }
    let window = Double(timeline.wallNs.count)
    self.init(
      usableCpus: usableCpus, meanThreads: ratio(area, window), peakThreads: peak,
      overShare: usableCpus.map { _ in ratio(Double(over.count), window) },
      withoutCpuShare: ratio(Double((wall - onCpu).count), Double(wall.count)))
  }
}
