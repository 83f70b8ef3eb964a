import HeadwayTrace

extension TerminalReport {
  /// What a machine can do at most: a column per number of threads, then what the matrix products of the
  /// configuration would allow. A ceiling that was not measured has no row, or a dash in its column.
  public static func render(
    machine: MachineCeilings, width: Int = 100, color: Bool = false, ascii: Bool = false
  ) -> String {
    let page = TerminalPage(TerminalStyle(width: width, color: color, ascii: ascii))
    let counts = machine.products.map(\.threads)
    let rows = MachineCeiling.Kind.allCases.compactMap { kind -> [String]? in
      let rates = counts.map { count in
        machine.ceilings.first { $0.kind == kind && $0.threads == count }?.rate
      }
      return rates.contains { $0 != nil } ? [name(kind)] + rates.map { spread($0) } : nil
    }
    let products = [
      ["a step of OpenBLAS's products, 1000 tokens/s"]
        + machine.products.map { spread($0.tokensPerSecond, scale: 1e-3) },
      ["  without attention's, 1000 tokens/s"]
        + machine.products.map { spread($0.denseTokensPerSecond, scale: 1e-3) },
      ["  attention counted causally, GFLOP/s"] + machine.products.map { spread($0.gflopPerSecond) },
    ]
    page.table(
      TextTable(
        columns: [.init("ceiling", right: false)] + counts.map { .init(Numerals.plural($0, "thread")) },
        rows: rows + products))
    let rounds = machine.ceilings.first?.rate.samples.count ?? 0
    page.paragraph(
      "Medians and [lowest, highest] of \(Numerals.plural(rounds, "interleaved sample")).", .faint)
    page.paragraph(step(of: machine), .faint)
    write(warnings: machine.warnings, to: page)
    return page.text
  }

  private static func step(of machine: MachineCeilings) -> String {
    let model = machine.configuration
    let step = machine.step
    return
      "A step trains on \(Numerals.count(step.tokens)) tokens: vocabulary \(model.vocabularySize), width"
      + " \(model.width), layers \(model.layers), heads \(model.heads), sequences of \(model.sequenceLength)."
      + " A token takes \(Numerals.rounded(step.flopsPerToken / 1e6)) MFLOP,"
      + " \(Numerals.rounded(step.matrixFlopsPerToken / 1e6)) of them in matrix products."
  }

  private static func name(_ kind: MachineCeiling.Kind) -> String {
    switch kind {
    case .multiplyAdd: "multiply-adds on registers, GFLOP/s"
    case .memory: "triad from memory, GB/s"
    case .cache: "triad from the cache, GB/s"
    case .blasDense: "OpenBLAS, linear layers and head, GFLOP/s"
    case .blasAttention: "OpenBLAS, attention, GFLOP/s"
    case .simdDense: "SIMD kernels, linear layers and head, GFLOP/s"
    }
  }

  private static func spread(_ value: MeasuredSpread?, scale: Double = 1) -> String {
    guard let value else { return Numerals.absent }
    func text(_ number: Double) -> String { Numerals.rounded(number * scale) }
    return "\(text(value.median)) [\(text(value.lowest)), \(text(value.highest))]"
  }
}
