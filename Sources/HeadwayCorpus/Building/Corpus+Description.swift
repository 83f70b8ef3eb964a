import Foundation

extension Corpus {
  /// The corpus in one line: `1,234 files, 5.6 MB, 1.9 M tokens, vocabulary 1000`.
  public func describe() -> String { facts.describe() }
}

extension CorpusFacts {
  /// The corpus in one line: `1,234 files, 5.6 MB, 1.9 M tokens, vocabulary 1000` (or, where the tokens are
  /// characters, `vocabulary 65 characters`).
  public func describe() -> String {
    let files = filesTaken == 1 ? "1 file" : "\(grouped(filesTaken)) files"
    return "\(files), \(scaled(textBytes, "B")), \(scaled(tokens, tokens == 1 ? "token" : "tokens")), "
      + "vocabulary \(vocabularySize)" + (tokenizer == .characters ? " characters" : "")
  }

  /// What was left out and why, in words; `nil` when nothing was.
  public func describeSkipped() -> String? { filesSkipped.describe().map { "skipped: " + $0 } }

  /// How much less text there is than was asked for, and what to do; `nil` when there is enough.
  public func describeMissing() -> String? {
    guard let limitBytes, let missingBytes else { return nil }
    return "\(scaled(limitBytes, "B")) of text were asked for (limit_bytes) and the sources hold "
      + "\(scaled(textBytes, "B")): \(scaled(missingBytes, "B")) are missing; name more files or directories "
      + "as sources (no text is repeated to make up for it)"
  }
}

extension SkippedFiles {
  /// How many of each kind, in words: `2 binary, 1 empty`; `nil` for none.
  public func describe() -> String? {
    let reasons = [
      (binary, "binary"), (notUtf8, "not UTF-8"), (empty, "empty"),
      (tooLarge, "too large"), (unreadable, "unreadable"),
      (builtCorpora, "built corpora"),
      (notRegular, "links or special files"),
      (overLimit, "over the byte limit (\(scaled(overLimitBytes, "B")))"),
    ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
    return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
  }
}

/// A whole number with a comma between thousands.
private func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  var text = ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.count - place) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}

/// A count with a decimal prefix: `812 B`, `5.6 MB`, `1.9 M tokens`.
private func scaled(_ number: Int, _ unit: String) -> String {
  let isWord = unit.count > 1
  for (divisor, prefix) in [(1e9, "G"), (1e6, "M"), (1e3, isWord ? "K" : "k")]
  where Double(number) >= divisor * 0.99995 {
    return String(format: "%.1f ", Double(number) / divisor) + prefix + (isWord ? " " : "") + unit
  }
  return "\(number) \(unit)"
}
