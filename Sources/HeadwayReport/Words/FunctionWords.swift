import HeadwayTrace

/// Names of functions, short enough for a table.
enum FunctionWords {
  /// A demangled name without its parameters, its generic arguments and the compiler's remarks:
  /// `generic specialization <Swift.Float> of static Kernels.Product.multiply(Swift.Int) -> ()` reads
  /// `Kernels.Product.multiply`. A name whose brackets do not match stays as it is.
  static func short(_ name: String) -> String {
    guard var text = withoutGroups(name.replacing(/\(extension in [^)]*\):/, with: "")) else { return name }
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
