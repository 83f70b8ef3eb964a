import Foundation
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// The report of a sweep directory, in every format.
public struct SweepReport {
  /// The sweep's directory.
  public let directory: SweepDirectory
  /// What the sweep measured.
  public let summary: SweepSummary
  private let runs: [String: [RunSummary]]

  /// Reads a sweep, whole or cut short, and summarises it.
  ///
  /// - Parameter isRunning: Whether it goes on: what is missing is then still to come, and nothing was cut short.
  public init(of directory: SweepDirectory, isRunning: Bool = false) throws {
    self.directory = directory
    var recorded = try SweepReader.read(directory)
    if isRunning {
      recorded.cutShort = nil
      recorded.warnings.insert("the sweep is still running: these are the runs that have ended so far", at: 0)
    }
    runs = recorded.runsByCell
    summary = SweepSummarizer.summarize(recorded)
  }

  /// Writes `summary.json`, `report.html` and `report.md` into the sweep's directory.
  public func write() throws {
    try directory.write(summary)
    try directory.writeReports(
      html: try HTMLReport.render(sweep: summary, runs: runs),
      markdown: try MarkdownReport.render(sweep: summary))
  }

  /// The page of ``write()``, for a reader who must not write.
  ///
  /// - Parameter trail: Where its reader may go from it.
  public func html(trail: [PageLink]) throws -> String {
    try HTMLReport.render(sweep: summary, runs: runs, trail: trail)
  }
}
