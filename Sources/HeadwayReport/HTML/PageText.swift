import Mustache

/// Text as the pages hold it: escaped, and kept together where a line must not end, which is between a number and
/// its unit (`12.5 ms`, `1 %`) and inside an interval (`[1.86, 1.93]`).
///
/// What a reader copies into a shell or a search, such as a command, is escaped only.
struct PageText: MustacheContentType {
  /// What templates call it: ``prose(_:)``.
  static let name = "PROSE"

  /// A template whose variables are text to read.
  static func prose(_ template: String) -> String { "{{% CONTENT_TYPE:\(name)}}\n" + template }

  /// A template whose variables are to be the same letter by letter.
  static func verbatim(_ template: String) -> String { "{{% CONTENT_TYPE:HTML}}\n" + template }

  private static let units = [
    "%", "ns", "µs", "ms", "s", "min", "h", "B", "kB", "MB", "GB", "CPU", "CPUs", "tokens/s", "steps/s",
    "tasks/s",
    "GFLOP/s", "GB/s", "nats",
  ].map { Array($0.utf8) }

  func escapeText(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    var isInterval = false
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "&"): result += "&amp;".utf8
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: ">"): result += "&gt;".utf8
      case UInt8(ascii: "\""): result += "&quot;".utf8
      case UInt8(ascii: "'"): result += "&#39;".utf8
      case UInt8(ascii: " ") where index > 0:
        let before = bytes[index - 1]
        let isKept =
          isInterval && before == UInt8(ascii: ",")
          || Self.isDigit(before) && Self.hasUnit(bytes[(index + 1)...])
        result += isKept ? "\u{A0}".utf8 : " ".utf8
      default: result.append(byte)
      }
      isInterval =
        byte == UInt8(ascii: "[") || isInterval && (Self.isDigit(byte) || ".,- ".utf8.contains(byte))
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether a unit and no longer word stands at the beginning.
  private static func hasUnit(_ rest: ArraySlice<UInt8>) -> Bool {
    units.contains { unit in
      guard rest.starts(with: unit) else { return false }
      guard let next = rest.dropFirst(unit.count).first else { return true }
      let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
      return !letters.contains(next | 0x20) && next != UInt8(ascii: "/") && next < 0x80
    }
  }
}
