import HeadwayTrace

extension RunMetrics {
  /// The families of the barriers.
  func writeBarriers(_ text: inout MetricsText) {
    func sites(_ value: (BarrierSummary) -> Double) -> [(MetricsText.Labels, Double?)] {
      summary.barriers.map { ([("site", $0.site)], value($0)) }
    }
    func threads<Value>(
      _ table: (BarrierSummary) -> [String: Value], _ value: (Value) -> Double
    ) -> [(MetricsText.Labels, Double?)] {
      summary.barriers.flatMap { barrier in
        table(barrier).sorted { $0.key < $1.key }.map {
          ([("site", barrier.site), ("thread", $0.key)], value($0.value))
        }
      }
    }
    text.gauge("headway_barrier_episodes", "Crossings by all participants.", sites { Double($0.episodes) })
    text.gauge(
      "headway_barrier_wait_seconds", "Time waited at the barrier, all participants together.",
      sites { $0.waitNs.seconds })
    text.gauge(
      "headway_barrier_imbalance_seconds", "The part of the wait that the last arrivers cost.",
      sites { $0.imbalanceNs.seconds })
    text.gauge(
      "headway_barrier_wakeup_seconds", "The part of the wait that the barrier itself cost.",
      sites { $0.wakeupNs.seconds })
    text.gauge(
      "headway_barrier_thread_wait_seconds", "Time that a thread waited at the barrier.",
      threads(\.threadWaitNs, \.seconds))
    text.gauge(
      "headway_barrier_last_arrivals", "How often a thread was the last to arrive.",
      threads(\.lastArrivals) { Double($0) })
    text.summary(
      "headway_barrier_spread_seconds", "From the first to the last arrival of an episode.",
      summary.barriers.compactMap { barrier in
        barrier.spreadNs.map { Self.quantiles($0, [("site", barrier.site)]) }
      })
  }

  /// The families of the waits that are no barriers.
  func writeWaits(_ text: inout MetricsText) {
    func sites(_ value: (WaitSummary) -> Double) -> [(MetricsText.Labels, Double?)] {
      summary.waits.map { ([("site", $0.site), ("kind", $0.kind.rawValue)], value($0)) }
    }
    text.gauge("headway_waits", "Waits at a site that is no barrier.", sites { Double($0.waits) })
    text.gauge(
      "headway_wait_seconds", "Time waited there, all threads together.", sites { $0.waitNs.seconds })
    text.gauge(
      "headway_thread_wait_seconds", "Time that a thread waited there.",
      summary.waits.flatMap { wait in
        wait.threadWaitNs.sorted { $0.key < $1.key }.map {
          ([("site", wait.site), ("kind", wait.kind.rawValue), ("thread", $0.key)], $0.value.seconds)
        }
      })
    text.summary(
      "headway_wait_duration_seconds", "How long single waits were.",
      summary.waits.compactMap { wait in
        wait.durationNs.map { Self.quantiles($0, [("site", wait.site), ("kind", wait.kind.rawValue)]) }
      })
  }

  private static func quantiles(
    _ distribution: Distribution, _ labels: MetricsText.Labels
  ) -> MetricsText.Quantiles {
    .init(
      labels: labels,
      values: [
        ("0.5", distribution.p50.seconds), ("0.9", distribution.p90.seconds),
        ("0.99", distribution.p99.seconds), ("1", distribution.longest.seconds),
      ], sum: nil, count: distribution.count)
  }
}
