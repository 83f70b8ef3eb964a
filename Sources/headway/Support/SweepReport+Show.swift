import HeadwayReading
import HeadwayReport
import HeadwayTrace

extension SweepReport {
  /// Writes the drawings as files of their own: `scaling.svg` and `time.svg`.
  func writeFigures(into path: String) throws {
    try Figures.write(
      [("scaling", ScalingFigure.svg(sweep: summary)), ("time", TimeFigure.svg(sweep: summary))], into: path)
  }

  /// Prints the summary as the contract `headway.sweep/1`, or the report, brief or in full, with the names of the files.
  func show(json: Bool, inFull: Bool) throws {
    if json { return try Terminal.writeJSON(summary) }
    let places = ReportPlaces(
      [.init("reports", directory.htmlReportPath), .init("", directory.markdownReportPath)],
      command: ["headway", "report", directory.path, "--full"])
    let (width, color) = (Terminal.columns(), Terminal.colours)
    Terminal.write(
      inFull
        ? TerminalReport.render(sweep: summary, width: width, color: color)
          + "\n" + places.entryLines.map { $0 + "\n" }.joined()
        : TerminalReport.brief(sweep: summary, places: places, width: width, color: color))
  }
}
