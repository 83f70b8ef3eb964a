import HeadwayReading
import HeadwayReport
import HeadwayTrace

extension SweepReport {
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
