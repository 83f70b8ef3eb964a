import HeadwayTrace

/// Comma-separated values under construction: a head, then a row for each thing. Lines end with a newline.
///
/// Source: RFC 4180, but for the line ends. A field with a comma, a quote or a line end is quoted; what was not
/// measured is an empty field.
struct CSVText {
  private var text: String
  private let columns: Int

  /// A table of no rows.
  init(columns: [String]) {
    self.columns = columns.count
    text = columns.map(Self.field).joined(separator: ",") + "\n"
  }

  /// Adds a row, as many fields as there are columns.
  mutating func add(_ fields: [CSVField]) {
    precondition(fields.count == columns, "a row has a field for every column")
    text += fields.map { Self.field($0.text) }.joined(separator: ",") + "\n"
  }

  /// The table.
  var bytes: [UInt8] { Array(text.utf8) }

  private static func field(_ text: String) -> String {
    let special = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    return special ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}

/// A field of a table.
struct CSVField: ExpressibleByStringLiteral {
  /// What stands in it; empty for what was not measured.
  var text: String

  /// A text.
  init(stringLiteral text: String) { self.text = text }
  /// A text, where there is one.
  init(_ text: String?) { self.text = text ?? "" }
  /// A whole number, where it was measured.
  init(_ number: Int?) { text = number.map { String($0) } ?? "" }
  /// A number, where it was measured.
  init(_ number: Double?) { text = number.map { "\($0)" } ?? "" }
  /// A number, where it was measured.
  init(_ number: Float?) { text = number.map { "\($0)" } ?? "" }
  /// An interval in nanoseconds, where it was measured.
  init(_ interval: Nanoseconds?) { text = interval.map { String($0.count) } ?? "" }
}
