import Glibc
import HeadwayAnalysis
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

/// What the trace of a run that goes on shows now.
public enum LiveTrace {
  /// Looks at a run.
  ///
  /// - Throws: ``InputError`` when it has written no trace, or that cannot be read.
  public static func look(at directory: RunDirectory) throws(InputError) -> RunInProgress {
    guard access(directory.tracePath, F_OK) == 0 else {
      throw InputError(
        directory.path, problem: "the run has written no trace, so nothing is known of it before it ends",
        remedy: "wait for its end, or record with --set probe=events")
    }
    let manifest = try? RunReport.manifest(in: directory)
    return try RunInProgress(
      trace: try TraceFile.reader(of: directory.tracePath), manifest: manifest, now: monotonicNs())
  }

  /// The clock that a trace notes its origin by.
  private static func monotonicNs() -> UInt64 {
    var time = timespec()
    // It cannot fail: the clock exists and the address is a local's.
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
