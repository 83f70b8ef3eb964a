import HeadwayReading
import HeadwayReport
import HeadwayTrace

extension RunReport {
  /// Writes the drawings as files of their own into a directory, those that the run has something for.
  func writeFigures(into path: String) throws {
    let tree = try stacks().flatMap { FlameTree($0, kind: .running) }
    try Figures.write(
      [
        ("threads", ThreadFigure.document(run: summary, form: .wide)?.standalone),
        ("barriers", BarrierFigure.document(run: summary, form: .wide)?.standalone),
        ("timeline", try excerpt().flatMap { TimelineFigure.svg(excerpt: $0) }),
        ("flame", tree.map { FlameFigure.svg(tree: $0) }),
        ("memory", MemoryFigure.document(run: summary, form: .wide)?.standalone),
        ("loss", LossFigure.document(run: summary, form: .wide)?.standalone),
      ], into: path)
  }

  /// Prints it: the contract `headway.summary/1`, or a page for the terminal.
  func show(json: Bool) throws {
    if json { return try Terminal.writeJSON(summary) }
    Terminal.write(
      TerminalReport.render(
        run: summary, manifest: try Self.manifest(in: directory), width: Terminal.columns(),
        color: Terminal.colours)
        + "\nreports     \(directory.htmlReportPath)\n            \(directory.markdownReportPath)\n")
  }
}
