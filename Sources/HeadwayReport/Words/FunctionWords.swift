import HeadwayTrace

/// Names of functions, short enough for a table.
enum FunctionWords {
  /// A demangled name without its parameters, its generic arguments and the compiler's remarks:
  /// `generic specialization <Swift.Float> of static Kernels.Product.multiply(Swift.Int) -> ()` reads
  /// `Kernels.Product.multiply`. A name whose brackets do not match stays as it is.
  static func short(_ name: String) -> String {
    let plain = name.replacing(/\(extension in [^)]*\):/, with: "")
      // A private name carries the mark of its file: `(run in _5F3A91C2)`.
      .replacing(/\(([^()\s]+) in _[0-9A-F]+\)/) { String($0.output.1) }
    guard var text = withoutGroups(plain) else { return name }
    while let arrow = text.range(of: " -> ") {
      let rest = text[arrow.upperBound...]
      let end = rest.range(of: " in ")?.lowerBound ?? rest.range(of: " of ")?.lowerBound ?? text.endIndex
      text.removeSubrange(arrow.lowerBound..<end)
    }
    text = text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    for remark in [
      "generic specialization of ", "generic partial specialization of ", "generic not re-abstracted ",
      "function signature specialization of ", "merged ", "@objc ", "static ", "protocol witness for ",
      " throws", " async",
    ] {
      text = text.replacing(remark, with: "")
    }
    return text.isEmpty ? name : text
  }

  /// A short name without its module, where a type or a function follows it: `Barrier.wait`.
  static func withoutModule(_ name: String) -> String {
    name.replacing(/\b[A-Z]\w*\.(?=[A-Za-z_]\w*\.|[a-z_]\w*$)/, with: "", maxReplacements: 1)
  }

  /// The text outside round and angle brackets; `nil` when they do not match.
  private static func withoutGroups(_ name: String) -> String? {
    var kept = ""
    var open: [Character] = []
    var previous: Character = " "
    for character in name {
      defer { previous = character }
      switch character {
      case "(", "<": open.append(character)
      case ")":
        guard open.popLast() == "(" else { return nil }
      case ">" where previous != "-":
        guard open.popLast() == "<" else { return nil }
      default:
        if open.isEmpty { kept.append(character) }
      }
    }
    return open.isEmpty ? kept : nil
  }
}
