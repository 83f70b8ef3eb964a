/// The text exposition of Prometheus under construction: families of samples with their help and their type.
///
/// Source: "Exposition formats" of the Prometheus documentation, version 0.0.4 of the text format.
struct MetricsText {
  /// What a family is.
  enum Kind: String {
    case gauge
    case summary
  }

  /// Labels in the order in which they are written.
  typealias Labels = [(name: String, value: String)]

  private var lines: [String] = []

  /// The whole text.
  var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

  /// Adds a family with the samples that there are; nothing when there is none.
  mutating func gauge(_ name: String, _ help: String, _ samples: [(Labels, Double?)]) {
    let present = samples.compactMap { labels, value in value.map { (labels, $0) } }
    if present.isEmpty { return }
    begin(name, help, .gauge)
    for (labels, value) in present { sample(name, labels, value) }
  }

  /// Adds a family of one sample without labels.
  mutating func gauge(_ name: String, _ help: String, _ value: Double?) { gauge(name, help, [([], value)]) }

  /// Quantiles of a set of intervals, with their number and, where it is known, their sum.
  struct Quantiles {
    var labels: Labels
    var values: [(quantile: String, seconds: Double)]
    var sum: Double?
    var count: Int
  }

  /// Adds a family of quantiles; nothing when there is none.
  mutating func summary(_ name: String, _ help: String, _ sets: [Quantiles]) {
    if sets.isEmpty { return }
    begin(name, help, .summary)
    for set in sets {
      for (quantile, seconds) in set.values { sample(name, set.labels + [("quantile", quantile)], seconds) }
      if let sum = set.sum { sample(name + "_sum", set.labels, sum) }
      sample(name + "_count", set.labels, Double(set.count))
    }
  }

  private mutating func begin(_ name: String, _ help: String, _ kind: Kind) {
    lines.append("# HELP \(name) \(Self.escaped(help, quotes: false))")
    lines.append("# TYPE \(name) \(kind.rawValue)")
  }

  private mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
    let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
    lines.append(name + (list.isEmpty ? "" : "{\(list.joined(separator: ","))}") + " " + Self.text(value))
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    if quotes { escaped = escaped.replacing("\"", with: "\\\"") }
    return escaped
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    let whole = value.rounded()
    return whole == value && abs(value) < 1e15 ? String(Int64(whole)) : "\(value)"
  }
}
