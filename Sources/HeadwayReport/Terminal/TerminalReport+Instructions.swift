import HeadwayTrace

extension TerminalReport {
  /// What a program's functions are made of, and what of it ran.
  public static func render(
    instructions mix: InstructionMix, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    if let samples = mix.samples {
      page.heading("Where the samples were")
      writeHot(mix, to: page)
      page.paragraph(InstructionWords.join(samples), .faint)
    } else {
      page.heading("Floating-point instructions as they stand in the file, called or not")
      writeStatic(mix, to: page)
    }
    page.heading("Instructions in the files, hot or not")
    writeFiles(mix, to: page)
    page.paragraph(InstructionWords.note(mix), .faint)
    write(warnings: mix.warnings, to: page)
    return page.text
  }

  private static func writeHot(_ mix: InstructionMix, to page: TerminalPage) {
    let rows = mix.functions.compactMap { function -> [String]? in
      guard let sampled = function.sampled else { return nil }
      func share(_ count: Int) -> String {
        sampled.total > 0 ? Numerals.share(Double(count) / Double(sampled.total)) : Numerals.absent
      }
      return [
        InstructionWords.name(function), Numerals.share(function.share),
        InstructionWords.verdict(function),
        share(sampled.packed), share(sampled.scalar), share(sampled.otherVector), share(sampled.rest),
        Numerals.share(sampled.fusedShare), InstructionWords.width(sampled, else: function.inFile),
      ]
    }
    page.table(
      TextTable(
        columns: [
          .init("function", right: false), .init("of the\nrun"), .init("verdict", right: false),
          .init("packed"),
          .init("scalar"), .init("other\nvector"), .init("no\nvector"), .init("fused, of\narithmetic"),
          .init("width,\nbits"),
        ], rows: rows))
  }

  private static func writeStatic(_ mix: InstructionMix, to page: TerminalPage) {
    page.table(
      TextTable(
        columns: [.init("function", right: false), .init("verdict", right: false)] + countColumns,
        rows: mix.functions.map { function in
          [InstructionWords.name(function), InstructionWords.verdict(function)] + counts(function.inFile)
        }))
  }

  private static func writeFiles(_ mix: InstructionMix, to page: TerminalPage) {
    var rows: [[String]] = []
    for file in mix.files {
      let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
      if let hot = file.inHotFunctions {
        rows.append([name, "in functions with samples"] + counts(hot))
        if file.isWhole { rows.append([name, "not hot"] + counts(file.inFile - hot)) }
      } else {
        rows.append([name, "all"] + counts(file.inFile))
      }
    }
    page.table(
      TextTable(
        columns: [.init("file", right: false), .init("code", right: false)] + countColumns, rows: rows))
  }

  private static var countColumns: [TextTable.Column] {
    [
      .init("packed"), .init("scalar"), .init("other\nvector"), .init("no\nvector"),
      .init("fused, of\narithmetic"),
      .init("width,\nbits"),
    ]
  }

  private static func counts(_ counts: InstructionCounts) -> [String] {
    [counts.packed, counts.scalar, counts.otherVector, counts.rest].map { Numerals.count($0) } + [
      Numerals.share(counts.fusedShare), InstructionWords.width(counts, else: nil),
    ]
  }
}
