import HeadwayTrace

extension TerminalReport {
  /// What the operations took; nothing where nobody asked for it.
  static func write(operations: OperationTimes?, to page: TerminalPage) {
    guard let operations else { return }
    page.heading(OperationWords.heading)
    let left: Set<String> = ["state", "bound by"]
    page.table(
      TextTable(
        columns: [.init("operation", right: false)]
          + OperationWords.headings.map {
            .init(
              $0.replacing(", ", with: ",\n").replacing("of the ", with: "of the\n"),
              right: !left.contains($0))
          },
        rows: OperationWords.rows(operations), gap: page.style.width < 100 ? 1 : 2))
    page.paragraph(OperationWords.note(operations), .faint)
    for warning in operations.warnings { page.paragraph(warning, first: "! ", rest: "  ", .doubtful) }
  }
}
