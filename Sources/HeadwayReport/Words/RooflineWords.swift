import HeadwayTrace

/// A roofline as the reports print it: the same rows in every format.
enum RooflineWords {
  static let heading = "How close to the machine's ceilings"

  static let stateHeadings = [
    "threads", "CPU time", "GFLOP/s", "GB/s", "FLOP/byte", "roof, GFLOP/s", "of the roof", "bound by",
  ]
  static let operationHeadings = [
    "part", "state", "MFLOP a step", "MB a step", "FLOP/byte", "least CPU time", "bound by",
  ]

  /// The cells of a state behind its name. What was not counted or measured is a dash.
  static func cells(_ row: RooflineState) -> [String] {
    func number(_ value: Double?) -> String { value.map { Numerals.rounded($0) } ?? Numerals.absent }
    return [
      Numerals.count(row.threads), Numerals.duration(row.cpuNs), number(row.work?.gflopPerSecond),
      number(row.work?.gigabytesPerSecond), number(row.work?.intensity), number(row.roof?.gflopPerSecond),
      Numerals.share(row.roof?.share), row.roof?.bound.rawValue ?? Numerals.absent,
    ]
  }

  /// The cells of an operation behind its name.
  static func cells(_ row: RooflineOperation) -> [String] {
    [
      row.part.rawValue, row.state, Numerals.rounded(Double(row.flops) / 1e6),
      Numerals.rounded(Double(row.bytes) / 1e6),
      row.bytes > 0 ? Numerals.rounded(Double(row.flops) / Double(row.bytes)) : Numerals.absent,
      row.leastNs.map { Numerals.duration($0) } ?? Numerals.absent, row.bound?.rawValue ?? Numerals.absent,
    ]
  }

  /// An operation's name.
  static func name(_ row: RooflineOperation) -> String { row.operation.rawValue.replacing("_", with: " ") }

  /// The states that come closest to their roofs; `nil` where none has one.
  static func closest(_ roofline: Roofline) -> String? {
    let states = roofline.states.compactMap { state in state.roof.map { (state.state, $0) } }
      .filter { $0.1.share.isFinite }.sorted { $0.1.share > $1.1.share }.prefix(3)
    guard !states.isEmpty else { return nil }
    return "of what the machine allows: "
      + states.map { "\($0.0) \(Numerals.share($0.1.share)) (\($0.1.bound.rawValue))" }.joined(
        separator: ", ")
  }

  /// What the columns mean.
  static func note(_ roofline: Roofline) -> String {
    "FLOPs and bytes are counted from the shapes, over \(Numerals.plural(roofline.steps, "step")); rates are of the"
      + " threads' CPU time in the state, times the threads. The roof is what the multiply-adds and the memory of as"
      + " many threads allow for the state's operations one after another; “cache” where more was reached than the"
      + " memory could have delivered. A dash: not counted, or not measured."
  }
}
