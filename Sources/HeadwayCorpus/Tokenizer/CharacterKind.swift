/// The kinds of character that GPT-2's pattern tells apart, and the end that a special token makes.
enum CharacterKind: UInt8 {
  /// `\p{L}`.
  case letter
  /// `\p{N}`.
  case number
  /// `\s`: Unicode's White_Space.
  case space
  /// Everything else.
  case other
  /// The start of the special token.
  case special

  /// The last version of Unicode whose characters are told apart; later ones count as ``other``. It is
  /// that of `tokenizers`, and pinning it keeps ids the same under a later Swift.
  private static let unicodeVersion = 16

  /// The kind of a scalar, by its general category.
  init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: self = .space
    case .control: self = properties.isWhitespace ? .space : .other
    default: self = .other
    }
    if self == .letter || self == .number, let age = properties.age, age.major > Self.unicodeVersion {
      self = .other
    }
  }

  /// The kind of a byte below 128.
  @inline(__always)
  static func ascii(_ byte: UInt8) -> CharacterKind {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case UInt8(ascii: " "), 9...13: .space
    default: .other
    }
  }
}

/// Decoding and validation of UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
enum UTF8Check {
  /// The scalar whose bytes start at `place`, and their number; `nil` when they are ill-formed.
  static func scalar(
    at place: Int, in text: UnsafeBufferPointer<UInt8>, end: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    // In bounds: `place` < `end` ≤ `text.count` is the caller's; further bytes are compared with `end`.
    let first = text[place]
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return (Unicode.Scalar(first), 1)
    case 0xC2..<0xE0: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0..<0xF0: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0..<0xF5: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard place + length <= end else { return nil }
    for offset in 1..<length {
      let byte = text[place + offset]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= (length == 3 ? 0x800 : length == 4 ? 0x10000 : 0x80) else { return nil }
    return Unicode.Scalar(value).map { ($0, length) }
  }

  /// Whether all of the text is well-formed.
  static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var place = 0
    while place < text.count {
      if text[place] < 0x80 {
        place += 1
      } else if let (_, length) = scalar(at: place, in: text, end: text.count) {
        place += length
      } else {
        return false
      }
    }
    return true
  }
}
