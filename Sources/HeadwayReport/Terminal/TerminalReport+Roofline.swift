import HeadwayTrace

extension TerminalReport {
  /// The states of a run under their roofs; the pages have the operations too.
  static func write(roofline: Roofline?, to page: TerminalPage) {
    guard let roofline else { return }
    page.heading(RooflineWords.heading)
    page.table(
      TextTable(
        columns: [.init("state", right: false)]
          + RooflineWords.stateHeadings.map {
            .init($0.replacing(", ", with: ",\n"), right: $0 != "bound by")
          },
        rows: roofline.states.map { [$0.state] + RooflineWords.cells($0) }))
    page.paragraph(RooflineWords.note(roofline), .faint)
    for warning in roofline.warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
  }
}
