import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

/// What the experiments of virtual speed-up in a run's directory show, beside the replay of a recorded run.
public struct ExperimentReport {
  /// The experiments, their curves and the comparison.
  public private(set) var record: CausalRecord

  /// Whether a directory holds experiments and no recording of a run.
  public static func isMeant(by directory: RunDirectory) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: directory.causalPath)
      && ![directory.summaryPath, directory.accountsPath].contains { files.fileExists(atPath: $0) }
  }

  /// Reads experiments.
  ///
  /// - Parameters:
  ///   - directory: Where they are.
  ///   - recording: A recorded run of the same work, whose replay is asked the same; what the experiments' own record
  ///     says of one where absent.
  /// - Throws: ``InputError`` when the experiments cannot be read, or the recorded run has no trace.
  public init(of directory: RunDirectory, recording: RunDirectory? = nil) throws(InputError) {
    record = try directory.causal()
    record.evaluate()
    guard let recording else { return }
    guard FileManager.default.fileExists(atPath: recording.tracePath) else {
      throw InputError(
        recording.tracePath, problem: "the recorded run has no trace",
        remedy: "record it with events, and name its directory")
    }
    let trace = try TraceFile.read(recording.tracePath)
    let manifest = try RunReport.manifest(in: recording)
    if let manifest, let configuration = manifest.configuration {
      record.compare(
        with: Result {
          try Replay(
            of: ReplaySource(
              name: recording.path, trace: trace, configuration: configuration,
              cores: Int(manifest.machine.usableCpus.rounded()), warmupSteps: nil))
        })
    } else {
      record.compare(with: Result { try TimelineReplay(of: trace, name: recording.path) })
    }
  }
}
