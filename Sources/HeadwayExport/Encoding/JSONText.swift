/// JSON under construction, written front to back: for formats whose tables are too long to be held as values.
///
/// Keys stand in the order of the calls. The caller closes what it opens; commas come by themselves.
///
///     var text = JSONText()
///     text.beginObject()
///     text.field("name", "main")
///     text.endObject()
package struct JSONText {
  /// The text so far, UTF-8.
  package private(set) var bytes: [UInt8] = []
  // Whether a comma must stand before the next key or element.
  private var needsComma = false

  /// An empty text.
  package init() {}

  /// Opens an object, as a document, an element or the value of a key.
  package mutating func beginObject() { open("{") }
  /// Closes an object.
  package mutating func endObject() { close("}") }
  /// Opens an array, as a document, an element or the value of a key.
  package mutating func beginArray() { open("[") }
  /// Closes an array.
  package mutating func endArray() { close("]") }

  /// Writes a key; its value comes next.
  package mutating func key(_ name: String) {
    value(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  package mutating func value(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<32:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.digits[Int(byte >> 4)])
        bytes.append(Self.digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a whole number.
  package mutating func value(_ number: Int) { raw(String(number)) }

  /// Writes a number; JSON has none for what is not finite, which becomes `null`.
  package mutating func value(_ number: Double) { raw(number.isFinite ? "\(number)" : "null") }

  /// Writes a truth value.
  package mutating func value(_ truth: Bool) { raw(truth ? "true" : "false") }

  /// Writes nanoseconds as microseconds, exactly: `-1.005`.
  package mutating func microseconds(ofNanoseconds count: Int64) { decimal(count, places: 3) }

  /// Writes nanoseconds as milliseconds, exactly: `0.001005`.
  package mutating func milliseconds(ofNanoseconds count: Int64) { decimal(count, places: 6) }

  /// Writes `count` divided by ten to the power `places`.
  private mutating func decimal(_ count: Int64, places: Int) {
    let digits = String(count.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    raw((count < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places))
  }

  /// Writes `null`.
  package mutating func null() { raw("null") }

  /// Writes a key and a string.
  package mutating func field(_ name: String, _ text: String) {
    key(name)
    value(text)
  }

  /// Writes a key and a whole number.
  package mutating func field(_ name: String, _ number: Int) {
    key(name)
    value(number)
  }

  /// Writes a key and a number.
  package mutating func field(_ name: String, _ number: Double) {
    key(name)
    value(number)
  }

  /// Writes a key and a truth value.
  package mutating func field(_ name: String, _ truth: Bool) {
    key(name)
    value(truth)
  }

  /// Writes a key and an array whose elements `body` writes.
  package mutating func field<Values: Sequence>(
    _ name: String, each values: Values, _ body: (inout JSONText, Values.Element) -> Void
  ) {
    key(name)
    beginArray()
    for element in values { body(&self, element) }
    endArray()
  }

  /// Hands out the text so far; what follows goes on where it ended.
  package mutating func takeBytes() -> [UInt8] {
    let taken = bytes
    bytes = []
    return taken
  }

  /// Ends the document with a newline.
  package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func open(_ mark: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: mark))
    needsComma = false
  }

  private mutating func close(_ mark: Unicode.Scalar) {
    bytes.append(UInt8(ascii: mark))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
