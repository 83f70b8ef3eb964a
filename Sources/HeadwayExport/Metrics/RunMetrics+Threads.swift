import HeadwayTrace

extension RunMetrics {
  /// The families of the threads and of their states.
  func writeThreads(_ text: inout MetricsText) {
    func threads(_ value: (ThreadBook) -> Double?) -> [(MetricsText.Labels, Double?)] {
      summary.threads.map { (Self.labels($0), value($0)) }
    }
    func states(_ value: (StateBook) -> Double) -> [(MetricsText.Labels, Double?)] {
      summary.threads.flatMap { thread in
        thread.states.sorted { $0.key < $1.key }.map { name, state in
          (
            Self.labels(thread) + [("state", name), ("category", state.category.rawValue)], value(state)
          )
        }
      }
    }
    text.gauge(
      "headway_thread_cpu_seconds", "CPU time of a thread in the window.", threads { $0.cpuNs.seconds })
    text.gauge(
      "headway_thread_run_delay_seconds", "Time that a thread was ready but not running.",
      threads { $0.runDelayNs?.seconds })
    text.gauge("headway_thread_tasks", "Tasks that a thread completed.", threads { Double($0.tasks) })
    text.gauge("headway_thread_tokens", "Tokens that a thread worked on.", threads { Double($0.tokens) })
    text.gauge(
      "headway_thread_voluntary_switches", "Voluntary switches off the CPU.",
      threads { $0.voluntarySwitches.map(Double.init) })
    text.gauge(
      "headway_thread_involuntary_switches", "Involuntary switches off the CPU.",
      threads { $0.involuntarySwitches.map(Double.init) })
    text.gauge(
      "headway_thread_category_seconds", "Time of a thread in the window by category.",
      summary.threads.flatMap { thread in
        StateCategory.allCases.map {
          (Self.labels(thread) + [("category", $0.rawValue)], thread.time($0).seconds)
        }
      })
    text.gauge(
      "headway_thread_state_wall_seconds", "Wall time of a thread in a state, exclusive.",
      states { $0.wallNs.seconds })
    text.gauge(
      "headway_thread_state_cpu_seconds", "CPU time of a thread in a state, exclusive.",
      states { $0.cpuNs.seconds })
    text.gauge(
      "headway_thread_state_entries", "How often a thread entered a state.", states { Double($0.count) })
  }

  private static func labels(_ thread: ThreadBook) -> MetricsText.Labels {
    [("thread", thread.name), ("role", thread.role.rawValue)]
  }
}
