import Foundation
import HeadwayAnalysis
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
  private let recorded: RecordedSweep
  private var bandwidth: [LawPoint] = []

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
    self.recorded = recorded
    summary = SweepSummarizer.summarize(recorded)
  }

  /// Writes `summary.json`, `report.html` and `report.md` into the sweep's directory.
  public func write() throws {
    try directory.write(summary)
    try directory.writeReports(
      html: try html(trail: []),
      markdown: try MarkdownReport.render(sweep: summary))
  }

  /// The page of ``write()``, for a reader who must not write.
  ///
  /// - Parameter trail: Where its reader may go from it.
  public func html(trail: [PageLink]) throws -> String {
    try HTMLReport.render(
      sweep: summary, runs: recorded.runsByCell, phases: phases(), bandwidth: bandwidth, trail: trail)
  }

  /// Takes the memory's bandwidth of the sweep's machine into the figure over threads: from a file that was named,
  /// or from `machine.json` in the sweep's directory.
  ///
  /// - Returns: Why ceilings that lie in the directory were left out; `nil` where all is well.
  /// - Throws: ``InputError`` when the named file cannot be read or is of another machine.
  public mutating func addBandwidth(ceilings named: String?) throws(InputError) -> String? {
    let own = directory.resolve("machine.json")
    if let named {
      bandwidth = try boundary(of: named)
    } else if FileManager.default.fileExists(atPath: own) {
      do throws(InputError) {
        bandwidth = try boundary(of: own)
      } catch {
        return "the memory's bandwidth is left out: \(error)"
      }
    }
    return nil
  }

  private func boundary(of path: String) throws(InputError) -> [LawPoint] {
    try BandwidthBoundary.points(
      try RunDirectory.ceilings(at: path), configurations: recorded.plan.cells.compactMap(\.configuration),
      machine: recorded.plan.context.machine)
  }

  /// Each phase against the others; `nil` for a sweep without phases to compare.
  private func phases() throws(InputError) -> RunComparison? {
    guard summary.program == nil,
      summary.cells.contains(where: { cell in cell.settings.contains { $0.axis == "phase" } })
    else { return nil }
    // Fewer than two phases that were measured cannot be compared; the page is whole without.
    return try? RunComparison.ofPhases(ComparedSubject(recorded, in: directory))
  }
}
