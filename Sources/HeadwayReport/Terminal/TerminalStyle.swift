/// How text is set on a terminal: the width, and whether colour and other than ASCII may be used.
public struct TerminalStyle: Equatable, Sendable {
  /// Columns of the terminal; lines stay within it, down to 60.
  public var width: Int
  /// Whether escape sequences may colour the text.
  public var color: Bool
  /// Whether only ASCII characters may be used.
  public var ascii: Bool

  /// Describes a terminal.
  public init(width: Int = 100, color: Bool = false, ascii: Bool = false) {
    self.width = max(width, 60)
    self.color = color
    self.ascii = ascii
  }

  /// A kind of emphasis and its escape sequence.
  enum Emphasis: String {
    case strong = "1"
    case faint = "2"
    case good = "32"
    case bad = "31"
    case doubtful = "33"
  }

  func set(_ text: String, _ emphasis: Emphasis) -> String {
    color && !text.isEmpty ? "\u{1B}[\(emphasis.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Breaks a text into lines, the second and later ones indented.
  func wrapped(_ text: String, first: String = "", rest: String = "") -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in Self.words(of: text) {
      if !isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = rest
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
    return lines
  }

  /// A text with an ellipsis for what goes beyond the width, or for its last character.
  func cut(_ text: String) -> String {
    let mark = ascii ? "..." : "…"
    let kept = text.prefix(min(text.count - 1, width - mark.count))
    return kept + mark
  }

  /// The words of a text; a number and its unit are one word.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    for word in text.split(separator: " ") {
      let unit = word.prefix { $0.isLetter || $0 == "%" }
      if let last = words.last, let digit = last.last, digit.isNumber, units.contains(String(unit)) {
        words[words.count - 1] = last + " " + word
      } else {
        words.append(String(word))
      }
    }
    return words
  }

  private static let units: Set = ["%", "s", "ms", "µs", "ns", "min", "h", "B", "kB", "MB", "GB"]

  /// Drops control characters, which data could use to steer the terminal, and what is not ASCII if asked.
  func cleaned(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        result.unicodeScalars.append(scalar)
      } else if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      {
        result += " "
      } else if ascii && !scalar.isASCII {
        result += Self.replacements[scalar] ?? "?"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let replacements: [Unicode.Scalar: String] = [
    "–": "-", "—": "-", "×": "x", "µ": "u", "…": ".", "−": "-", "Σ": "sum ", "·": "*", "“": "\"", "”": "\"",
    "│": "|", "─": "-", "█": "#", "✓": "+", "✗": "x", "▲": "+", "▼": "-", "≈": "=", "●": "*", "→": "->",
    "⌈": "", "⌉": "", "≤": "<=", "≥": ">=", "’": "'",
  ]
}
