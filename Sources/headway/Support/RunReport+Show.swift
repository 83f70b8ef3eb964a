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

  /// Prints it: the contract `headway.summary/1`, or a page for the terminal, brief or in full.
  func show(json: Bool, inFull: Bool) throws {
    if json { return try Terminal.writeJSON(summary) }
    let places = ReportPlaces(
      [.init("reports", directory.htmlReportPath), .init("", directory.markdownReportPath)],
      command: ["headway", "report", directory.path, "--full"])
    Terminal.write(run: summary, manifest: try Self.manifest(in: directory), places: places, inFull: inFull)
  }
}

extension Terminal {
  /// Prints a run, brief or in full, and where it lies.
  static func write(run: RunSummary, manifest: Manifest?, places: ReportPlaces, inFull: Bool) {
    let (width, color) = (columns(), colours)
    write(
      inFull
        ? TerminalReport.render(run: run, manifest: manifest, width: width, color: color)
          + "\n" + places.entryLines.map { $0 + "\n" }.joined()
        : TerminalReport.brief(run: run, manifest: manifest, places: places, width: width, color: color))
  }
}
