import Foundation
import HeadwayAnalysis
import HeadwayFiles
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace
import Synchronization

/// Shows a run's stalls, keeps them in the run's directory and, where `on_stall` says so, ends the run.
///
/// Stalls come on the watchdog's thread while the rest of the run stands still. The steps come from the main
/// thread, in its state `observe`, in which there are no stalls: so the lock is free when a stall comes.
final class StallDisplay: Sendable {
  private let configuration: RunConfiguration
  private let directory: RunDirectory
  private let usableCpus: Double
  private let live: LiveDisplay?
  private let completed = Mutex(Completed())

  /// What a partial summary is made of; filled only where the run may be aborted.
  private struct Completed {
    var durations: [Nanoseconds] = []
    var losses: [LossPoint] = []
    var hash = ContentHash()
  }

  init(
    configuration: RunConfiguration, directory: RunDirectory, usableCpus: Double, live: LiveDisplay? = nil
  ) {
    self.live = live
    self.configuration = configuration
    self.directory = directory
    self.usableCpus = usableCpus
  }

  /// Notes a completed step.
  func stepFinished(step: Int, loss: Float, elapsed: Nanoseconds) {
    guard configuration.onStall == .abort else { return }
    completed.withLock { completed in
      completed.durations.append(elapsed)
      completed.losses.append(LossPoint(step: step, value: loss))
      completed.hash.combine(loss)
    }
  }

  /// Shows a stall, or that it is over.
  @Sendable func show(_ stall: StallReport) {
    // The complaints that end the run have to be seen.
    if configuration.onStall == .abort { live?.end() }
    // A bar may stand on the line.
    let begin = Terminal.redraws ? "\n" : ""
    let text = TerminalReport.render(stall: stall, width: Terminal.columns(of: STDERR_FILENO))
    let kept = keep(stall, text)
    if let end = StallWords.end(of: stall) {
      Terminal.complain(begin + end)
      return
    }
    Terminal.complain(begin + text + (kept ?? "kept in  \(directory.stallTextPath(stall.number))"))
    if configuration.onStall == .abort { abort(stall) }
  }

  /// Writes the stall into the run's directory; what went wrong with that, if anything did.
  private func keep(_ stall: StallReport, _ text: String) -> String? {
    do {
      try directory.write(stall, text: text + (StallWords.end(of: stall).map { "\n\($0)\n" } ?? ""))
      return nil
    } catch {
      return "headway: \(error)"
    }
  }

  /// Ends the process with what is known of the run: its threads cannot be asked to end. What they have
  /// recorded so far stands in the trace, as after a kill.
  private func abort(_ stall: StallReport) -> Never {
    let completed = completed.withLock { $0 }
    let summary = RunAnalysis.summarize(
      configuration: configuration, completed: false, accounts: nil, stepDurations: completed.durations,
      loss: LossCurve(
        train: completed.losses, validation: [], trainBitsHash: completed.hash.hexadecimal,
        weightBitsHash: ""),
      memory: MemorySummary(peakRssBytes: peakResidentBytes(), components: [:]), stalls: [stall],
      warnings: [
        "the watchdog ended the run, which stood still: there are no books, no validation loss and no final"
          + " weights"
      ], usableCpus: usableCpus)
    do { try directory.write(summary) } catch { Terminal.complain("headway: \(error)") }
    let sentence = InputError(
      "watchdog",
      problem: "nothing was completed for \(Int(stall.silentNs.seconds)) s (\(stall.verdict.rawValue))",
      remedy: "read \(directory.stallTextPath(stall.number)), or let such runs go on with --on-stall report")
    Terminal.complain("headway: \(sentence)")
    // Not `exit`, whose handlers would run beside the threads that are still there.
    _exit(1)
  }
}
