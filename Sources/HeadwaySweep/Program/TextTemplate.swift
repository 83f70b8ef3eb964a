/// A text with placeholders: `--threads={threads}`. Two braces stand for one: `{{` and `}}`.
///
///     let template = try TextTemplate("--threads={threads}")
///     template.expanded(["threads": "4"])   // --threads=4
package struct TextTemplate {
  /// Why a text is no template, and what to do.
  package struct Flaw: Error, Equatable {
    package var problem: String
    package var remedy: String
  }

  private enum Part {
    case text(String)
    case placeholder(String)
  }

  private var parts: [Part] = []

  /// Reads a template.
  package init(_ text: String) throws(Flaw) {
    var rest = text[...]
    var literal = ""
    while let character = rest.popFirst() {
      guard character == "{" || character == "}" else {
        literal.append(character)
        continue
      }
      if rest.first == character {
        rest.removeFirst()
        literal.append(character)
        continue
      }
      let name = rest.prefix { $0 != "}" }
      guard character == "{", name.endIndex < rest.endIndex, Self.isName(name) else {
        throw Flaw(
          problem: "a single \(character) is no placeholder",
          remedy: "write {name} for one, or \(character)\(character) for the character itself")
      }
      parts += [.text(literal), .placeholder(String(name))]
      literal = ""
      rest = rest[name.endIndex...].dropFirst()
    }
    parts.append(.text(literal))
  }

  /// The names of its placeholders, in their order.
  package var placeholders: [String] {
    parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
  }

  /// The text with every placeholder replaced; one without a value stays as it is written.
  package func expanded(_ values: [String: String]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .placeholder(let name): values[name] ?? "{\(name)}"
      }
    }.joined()
  }

  /// Whether a parameter may have this name: a letter or an underscore, then also digits.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
