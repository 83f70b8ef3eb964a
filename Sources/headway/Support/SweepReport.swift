import Foundation
import HeadwayAnalysis
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// The report of a sweep directory, in every format.
struct SweepReport {
  let directory: SweepDirectory
  let summary: SweepSummary
  private let runs: [String: [RunSummary]]
  private let plan: SweepPlan
  private var bandwidth: [LawPoint] = []

  /// Reads a sweep, whole or cut short, and summarises it.
  init(of directory: SweepDirectory) throws {
    self.directory = directory
    let recorded = try SweepReader.read(directory)
    runs = recorded.runsByCell
    plan = recorded.plan
    summary = SweepSummarizer.summarize(recorded)
  }

  /// Writes `summary.json`, `report.html` and `report.md` into the sweep's directory.
  func write() throws {
    try directory.write(summary)
    try directory.writeReports(
      html: try HTMLReport.render(sweep: summary, runs: runs, phases: try phases(), bandwidth: bandwidth),
      markdown: try MarkdownReport.render(sweep: summary))
  }

  /// Takes the memory's bandwidth of the sweep's machine into the figure over threads: from a file that was named,
  /// or from `machine.json` in the sweep's directory. Ceilings that lie there and do not fit are complained of.
  ///
  /// - Throws: ``InputError`` when the named file cannot be read or is of another machine.
  mutating func addBandwidth(ceilings named: String?) throws(InputError) {
    let own = directory.resolve("machine.json")
    if let named {
      bandwidth = try boundary(of: named)
    } else if FileManager.default.fileExists(atPath: own) {
      do throws(InputError) {
        bandwidth = try boundary(of: own)
      } catch {
        Terminal.complain("the memory's bandwidth is left out: \(error)")
      }
    }
  }

  private func boundary(of path: String) throws(InputError) -> [LawPoint] {
    try BandwidthBoundary.points(
      try RunDirectory.ceilings(at: path), configurations: plan.cells.compactMap(\.configuration),
      machine: plan.context.machine)
  }

  /// Each phase against the others; `nil` for a sweep without phases to compare.
  private func phases() throws(InputError) -> RunComparison? {
    guard summary.program == nil,
      summary.cells.contains(where: { cell in cell.settings.contains { $0.axis == "phase" } })
    else { return nil }
    let subject = try ComparedDirectory(directory.path).subject
    // Fewer than two phases that were measured cannot be compared; the page is whole without.
    return try? RunComparison.ofPhases(subject)
  }

  /// Writes the drawings as files of their own: `scaling.svg` and `time.svg`.
  func writeFigures(into path: String) throws {
    try Figures.write(
      [("scaling", ScalingFigure.svg(sweep: summary)), ("time", TimeFigure.svg(sweep: summary))], into: path)
  }

  /// Prints the summary as the contract `headway.sweep/1`, or the report with the names of the files.
  func show(json: Bool) throws {
    if json { try Terminal.writeJSON(summary) } else { Terminal.write(text) }
  }

  private var text: String {
    TerminalReport.render(sweep: summary, width: Terminal.columns(), color: Terminal.colours)
      + "\nreports     \(directory.htmlReportPath)\n            \(directory.markdownReportPath)\n"
  }
}
