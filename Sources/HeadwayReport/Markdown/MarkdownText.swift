/// Text that may stand in Markdown, in a table too.
enum MarkdownText {
  /// Escapes what Markdown or HTML would read as markup; line breaks become blanks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "|", "*", "_", "`", "\\", "~", "#": result += "\\" + String(character)
      case "(" where result.last == "]": result += "\\("
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }

  /// A block of code: fenced so that its own backticks do not end it.
  static func fenced(_ text: String) -> String {
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: max(longest + 1, 3))
    return "\(fence)sh\n\(text)\n\(fence)"
  }
}
