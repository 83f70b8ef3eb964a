import Foundation
import HeadwayTrace

extension ReplayChange {
  /// What the recorded run does not tell, with the share by which it may bend the step. The first share is
  /// what four of five runs differed by from the usual one on a shared two-core machine (docs/methods.md); the
  /// others are round figures, set with care rather than measured.
  var uncertainty: [UncertaintyTerm] {
    var terms: [UncertaintyTerm] = []
    func add(_ share: Double, _ reason: String) {
      terms.append(UncertaintyTerm(source: .unknown, reason: reason, share: share))
    }
    add(0.08, "another process lies elsewhere in memory and meets other neighbours")
    if busy != recordedBusy && options.speeds == nil {
      add(0.04, "how fast a core is beside others: shared caches, frequency, simultaneous multithreading")
    }
    if wanted.threads != recorded.threads && wanted.threads > cores {
      add(0.05, "how the kernel shares cores among more threads than there are, and what their caches lose")
    }
    if cores > replay.cores {
      // A machine twice as large may still be one of the same kind; each further doubling is another machine.
      let doublings = log2(Double(cores) / Double(replay.cores))
      add(
        0.10 + 0.03 * max(doublings - 1, 0),
        "the machine with \(cores) cores: its caches, its memory, its frequencies, its latencies")
    }
    if wanted.grain != recorded.grain {
      add(0.10, "matrix products of another number of rows run at another speed")
    }
    if wanted.reduction != recorded.reduction || wanted.optimizer != recorded.optimizer {
      add(0.03, "the speed of reduction and update where another core holds what they read")
    }
    if !options.scales.isEmpty { add(0.05, "the given speeds of operations") }
    return terms
  }

  /// What is taken for granted.
  var assumptions: [String] {
    var lines = [
      "Work takes the CPU time that it took in the recorded run, on \(cores) equal "
        + (cores == 1 ? "core." : "cores.")
    ]
    if wanted.threads > cores {
      lines.append(
        "\(wanted.threads) workers share \(cores) \(cores == 1 ? "core" : "cores") in slices; a core with less to do takes"
          + " a waiting thread from another with a chance of one in three, and fills its own cache anew for each worker"
          + " that it turns to.")
    }
    if cores > replay.cores && options.bandwidth == nil {
      lines.append(
        "No bandwidth ceiling is known: what `headway machine --json` measured can be given with --machine.")
    }
    if let bandwidth = options.bandwidth {
      lines.append(
        "All cores together move at most \(Self.rounded(bandwidth)) GB/s; the traffic of an operation is the least"
          + " that its shapes allow, so the ceiling is met later than in fact.")
    }
    if options.speeds == nil && busy != recordedBusy {
      lines.append("A core is as fast beside \(busy - 1) busy others as in the recorded run.")
    }
    lines += latencyWords
    if wanted.grain != recorded.grain {
      lines.append("A sequence costs its share of the batch, whatever goes through the model together.")
    }
    if wanted.reduction != recorded.reduction || slots.wanted != slots.recorded {
      lines.append("Reduction takes time in proportion to its additions, the squares as half of one.")
    }
    if wanted.threadLifetime != recorded.threadLifetime {
      lines.append("Threads are created between steps, which no step's time contains.")
    }
    if let source = options.scaleSource { lines.append("Operations are scaled as \(source).") }
    let kept = replay.costs.keptShare(ofForeignTimeBeside: busy, cores: cores)
    lines.append(
      kept > 0
        ? "Other processes are as busy as they were beside the recorded run."
        : "Other processes find a core of their own.")
    return lines
  }

  private var latencyWords: [String] {
    let program = TeamProgram(wanted, cores: cores, overhead: .none, latency: .none)
    let latency = replay.recording.latency
    func micro(_ value: Double) -> String { Self.rounded(value / 1e3) }
    var words: [String] = []
    let used = latency.latency
    let isMeasured = latency.wakeNs != nil && latency.wakerNs != nil
    words.append(
      "A sleeping thread runs \(micro(used.wakeNs)) µs after it was woken, and each sleeper costs its waker"
        + " \(micro(used.wakerNs)) µs"
        + (isMeasured ? ", as measured." : ", figures that this run does not tell whole."))
    if program.polling != .never {
      words.append(
        "There is a core for every thread, so threads poll: they go on \(micro(used.pollNs)) µs after the event"
          + (latency.pollNs == nil ? ", a figure that this run did not measure." : ", as measured."))
    }
    if wanted.barrier == .spin && wanted.scheduling == .barrier && wanted.threads + 1 > cores {
      words.append("Threads that poll give their core away at once to those with work.")
    }
    return words
  }

  private var slots: (recorded: Int, wanted: Int) {
    (StepShape(recorded).tasks, StepShape(wanted).tasks)
  }

  private var recordedBusy: Int { replay.costs.recordedBusy }
  private var busy: Int { max(1, min(wanted.threads, slots.wanted, cores)) }

  private static func rounded(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() || tenths >= 100 ? String(Int(tenths.rounded())) : String(tenths)
  }
}
