import Foundation
import HeadwayTrace

/// The sampled stacks of a run, for the tools that draw profiles.
///
/// Unless the whole run is asked for, the samples are those of the measured window, as in the reports. A sample
/// counts once for every timer period that it stands for. A sample of which not even the innermost frame is
/// known has the one frame `[unknown]`, so that no time is lost.
///
///     let export = StackExport(profile, name: "train", startedAt: nil, wholeRun: false)
///     try sink(export.folded())
public struct StackExport {
  /// The name of what could not be unwound at all.
  static let unknownFrame = "[unknown]"

  let profile: StackProfile
  let name: String
  let startedAt: Date?
  /// The samples of each thread, in the order of time.
  let samples: [[SelectedSample]]
  /// What was left out.
  public let notes: ExportNotes

  /// Chooses the samples.
  ///
  /// - Parameters:
  ///   - profile: Whole: see ``StackProfile/check(subject:)``.
  ///   - name: What the run is called.
  ///   - startedAt: When the run began; absent when it is not known.
  ///   - wholeRun: Whether samples outside the measured window belong to it.
  public init(_ profile: StackProfile, name: String, startedAt: Date?, wholeRun: Bool) {
    self.profile = profile
    self.name = name
    self.startedAt = startedAt
    let window = wholeRun ? nil : profile.window
    let rate = ClockRate(ticksPerSecond: profile.clock.ticksPerSecond) ?? .nanosecondTicks
    let origin = profile.clock.originTicks
    var samples = Array(repeating: [SelectedSample](), count: profile.threads.count)
    var ticks = Array(repeating: origin, count: profile.threads.count)
    var outside = 0
    for index in profile.samples.indices {
      let thread = profile.samples.thread[index]
      ticks[thread] = ticks[thread] &+ profile.samples.ticksSincePrevious[index]
      if let window, ticks[thread] < window.begin || ticks[thread] > window.end {
        outside += 1
        continue
      }
      samples[thread].append(
        SelectedSample(index: index, at: rate.instant(ofTicks: ticks[thread], origin: origin)))
    }
    self.samples = samples
    notes = Self.notes(on: profile, outside: outside)
  }

  /// The time that one timer period stands for.
  var periodNs: Int { 1_000_000_000 / max(profile.frequencyHz, 1) }

  private static func notes(on profile: StackProfile, outside: Int) -> ExportNotes {
    var notes = ExportNotes()
    notes.add(
      outside, "sample lies outside the measured window and is left out (--whole-run has it)",
      "samples lie outside the measured window and are left out (--whole-run has them)")
    let losses = profile.losses
    notes.add(losses.dropped, "sample was dropped while recording", "samples were dropped while recording")
    notes.add(
      losses.truncated, "stack lacks its outermost frames", "stacks lack their outermost frames")
    notes.add(
      losses.failed, "stack could not be followed to its end", "stacks could not be followed to their ends")
    return notes
  }
}

/// A sample that an export holds.
struct SelectedSample: Equatable {
  /// Its number in the profile.
  var index: Int
  /// When it was taken, since the recording began.
  var at: Instant
}
