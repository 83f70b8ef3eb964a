import Foundation
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// The report of a sweep directory, in every format.
struct SweepReport {
  let directory: SweepDirectory
  let summary: SweepSummary
  private let runs: [String: [RunSummary]]

  /// Reads a sweep, whole or cut short, and summarises it.
  init(of directory: SweepDirectory) throws {
    self.directory = directory
    let recorded = try SweepReader.read(directory)
    runs = recorded.runsByCell
    summary = SweepSummarizer.summarize(recorded)
  }

  /// Writes `summary.json`, `report.html` and `report.md` into the sweep's directory.
  func write() throws {
    try directory.write(summary)
    try directory.writeReports(
      html: try HTMLReport.render(sweep: summary, runs: runs),
      markdown: try MarkdownReport.render(sweep: summary))
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
