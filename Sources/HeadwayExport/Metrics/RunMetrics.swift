import HeadwayTrace

/// The figures of one run for Prometheus: a file for the text collector of its node exporter, or for a push
/// gateway.
///
/// All are gauges, or summaries with quantiles: a finished run does not count on. A figure that was not
/// measured has no sample.
public struct RunMetrics {
  let summary: RunSummary

  /// The figures of a run.
  public init(_ summary: RunSummary) { self.summary = summary }

  /// The text.
  public func text() -> [UInt8] {
    var text = MetricsText()
    writeRun(&text)
    writeThroughput(&text)
    writeBooks(&text)
    writeThreads(&text)
    writeBarriers(&text)
    writeWaits(&text)
    writeMemory(&text)
    writeQuality(&text)
    return text.bytes
  }

  private func writeRun(_ text: inout MetricsText) {
    let keys = summary.configuration.map { configuration in
      RunConfiguration.keys.map { (name: $0, value: configuration.value(of: $0) ?? "") }
    }
    text.gauge("headway_run_info", "The parameters of the run, as labels.", keys.map { [($0, 1)] } ?? [])
    text.gauge(
      "headway_program_info", "What another engine says of its run.",
      (summary.program ?? [:]).sorted { $0.key < $1.key }.map {
        ([("name", $0.key), ("value", $0.value)], 1)
      })
    text.gauge("headway_run_completed", "1 when every step was done.", summary.completed ? 1 : 0)
    text.gauge(
      "headway_run_partial", "1 when the figures end where the recording was cut off.",
      summary.partial == true ? 1 : 0)
  }

  private func writeThroughput(_ text: inout MetricsText) {
    let throughput = summary.throughput
    text.gauge(
      "headway_tokens_per_second", "Tokens trained on per second after the warm-up.",
      throughput.tokensPerSecond)
    text.gauge("headway_tasks_per_second", "Tasks completed per second.", throughput.tasksPerSecond)
    text.gauge("headway_steps_per_second", "Steps per second after the warm-up.", throughput.stepsPerSecond)
    text.gauge("headway_steps", "Steps completed.", Double(throughput.steps))
    text.gauge("headway_warmup_steps", "Steps that count as warm-up.", Double(throughput.warmupSteps))
    text.gauge("headway_tokens", "Tokens trained on.", throughput.tokens.map(Double.init))
    text.gauge("headway_flops_per_token", "FLOPs for each token.", throughput.flopsPerToken)
    text.gauge(
      "headway_matrix_flops_per_token", "FLOPs of matrix products for each token.",
      throughput.matrixFlopsPerToken)
    let steps = throughput.stepsNs.dropFirst(throughput.warmupSteps)
    if steps.isEmpty { return }
    let quartiles = throughput.stepNs
    text.summary(
      "headway_step_duration_seconds", "Durations of the steps after the warm-up.",
      [
        .init(
          labels: [],
          values: [
            ("0.25", quartiles.lower.seconds), ("0.5", quartiles.median.seconds),
            ("0.75", quartiles.upper.seconds),
          ], sum: steps.reduce(Nanoseconds.zero, +).seconds, count: steps.count)
      ])
  }

  private func writeBooks(_ text: inout MetricsText) {
    guard let books = summary.books else { return }
    text.gauge("headway_window_seconds", "The length of the measured window.", books.wallNs.seconds)
    text.gauge("headway_threads", "Threads in the books.", Double(books.threadCount))
    text.gauge(
      "headway_category_seconds", "Thread-time in the window by category.",
      StateCategory.allCases.map { ([("category", $0.rawValue)], books.time($0).seconds) })
    text.gauge("headway_unknown_ratio", "Share of the thread-time that nothing explains.", books.unknownShare)
    text.gauge("headway_closure_error_ratio", "How far the books are from closing.", books.closureError)
  }

  private func writeMemory(_ text: inout MetricsText) {
    let memory = summary.memory
    text.gauge(
      "headway_peak_resident_bytes", "The largest resident set.", memory.peakRssBytes.map(Double.init))
    text.gauge(
      "headway_memory_component_bytes", "Resident bytes by component.",
      memory.components.sorted { $0.key < $1.key }.map { ([("component", $0.key)], Double($0.value)) })
    text.gauge(
      "headway_memory_unaccounted_bytes", "The peak less all components.",
      memory.unaccountedBytes.map(Double.init))
    if let allocations = memory.stepAllocations, allocations.steps > 0 {
      let steps = Double(allocations.steps)
      text.gauge(
        "headway_step_allocations", "Calls that allocated, for each step.", Double(allocations.calls) / steps)
      text.gauge(
        "headway_step_allocated_bytes", "Bytes asked for, for each step.", Double(allocations.bytes) / steps)
    }
  }

  private func writeQuality(_ text: inout MetricsText) {
    text.gauge(
      "headway_train_loss", "Loss of the last step, nats per token.",
      summary.loss?.train.last.map { Double($0.value) })
    text.gauge(
      "headway_validation_loss", "Loss on held-out text at the end, nats per token.",
      summary.loss?.validation.last.map { Double($0.value) })
    text.gauge(
      "headway_events_dropped", "Events for which the trace had no room.",
      Double(summary.losses.eventsDropped))
    text.gauge("headway_readings_failed", "Readings that failed.", Double(summary.losses.readingsFailed))
    text.gauge("headway_stalls", "Stretches without progress.", summary.stalls.map { Double($0.count) })
    text.gauge("headway_warnings", "Warnings in the summary.", Double(summary.warnings.count))
    text.gauge("headway_finding_saving_ratio", Self.findingHelp, Self.samples(of: summary.findings))
  }

  static let findingHelp = "Share of the wall time that a cause costs at most."

  /// A sample for each finding; its number tells apart two of one cause.
  static func samples(of findings: [Finding]) -> [(MetricsText.Labels, Double?)] {
    findings.enumerated().map { index, finding in
      (
        [
          ("number", "\(index + 1)"), ("cause", finding.cause), ("scope", finding.scope),
          ("status", finding.status.rawValue),
        ], finding.saving
      )
    }
  }
}
