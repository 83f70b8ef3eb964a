import HeadwayTrace

/// The characters of a text as tokens: one per Unicode scalar that occurs, as in nanoGPT's character data.
///
///     var census = CharacterCensus()
///     census.add(text)
///     let characters = CharacterVocabulary(census.scalars)
///     characters.token(of: "a")
///
/// Ids are dense from 0. Scalars, not grapheme clusters: 👩‍👧 are three tokens, and canonically equivalent
/// spellings stay different, so that decoding gives back the bytes that were encoded.
struct CharacterVocabulary: Sendable, Equatable {
  /// The scalar of each token, by id.
  let scalars: [Unicode.Scalar]
  // The token of each scalar below 128, −1 where it has none; and of the others.
  private let ascii: [Int32]
  private let others: [UInt32: UInt16]

  /// Numbers scalars in the order given; the caller has checked that they differ and are at most 65,536.
  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    var ascii = [Int32](repeating: -1, count: 128)
    var others: [UInt32: UInt16] = [:]
    for (id, scalar) in scalars.enumerated() {
      if scalar.isASCII { ascii[Int(scalar.value)] = Int32(id) } else { others[scalar.value] = UInt16(id) }
    }
    self.ascii = ascii
    self.others = others
  }

  static func == (left: Self, right: Self) -> Bool { left.scalars == right.scalars }

  /// The token of a scalar; `nil` when the vocabulary lacks it.
  @inline(__always)
  func token(of scalar: Unicode.Scalar) -> UInt16? {
    if scalar.value < 128 {
      let id = ascii[Int(scalar.value)]
      return id < 0 ? nil : UInt16(id)
    }
    return others[scalar.value]
  }
}

/// Which characters occur in texts: what a character vocabulary is made of.
public struct CharacterCensus {
  // One flag per scalar value.
  private var occurs = [Bool](repeating: false, count: 0x11_0000)

  /// Nothing seen yet.
  public init() {}

  /// Notes the characters of one text; bytes that are not valid UTF-8 are passed over.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  /// Notes the characters of one text's bytes.
  public mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    var place = 0
    while place < text.count {
      guard let (scalar, length) = UTF8Check.scalar(at: place, in: text, end: text.count) else {
        place += 1
        continue
      }
      occurs[Int(scalar.value)] = true
      place += length
    }
  }

  /// The characters seen, by scalar value.
  var scalars: [Unicode.Scalar] {
    occurs.indices.compactMap { occurs[$0] ? Unicode.Scalar(UInt32($0)) : nil }
  }

  /// A tokenizer of the characters seen.
  ///
  /// - Parameters:
  ///   - limit: The most characters that there may be, at most 65,536.
  ///   - subject: The text that an error names.
  /// - Throws: ``InputError`` when there are more, or none.
  public func tokenizer(limit: Int, subject: String = "corpus") throws(InputError) -> Tokenizer {
    let scalars = self.scalars
    guard !scalars.isEmpty else {
      throw InputError(subject, problem: "there is no character in it", remedy: "name a text in UTF-8")
    }
    guard scalars.count <= Tokenizer.largestVocabulary else {
      throw InputError(
        subject, field: "tokenizer",
        problem: "the text has \(scalars.count) different characters, and ids number "
          + "\(Tokenizer.largestVocabulary)",
        remedy: "use tokenizer: bpe", isUsage: true)
    }
    guard scalars.count <= limit else {
      throw InputError(
        subject, field: "vocabulary_size",
        problem: "the text has \(scalars.count) different characters, and vocabulary_size is \(limit)",
        remedy: "set vocabulary_size to \(scalars.count) or more, or use tokenizer: bpe", isUsage: true)
    }
    return Tokenizer(CharacterVocabulary(scalars))
  }
}

/// A character that a vocabulary lacks, and where a text holds it.
package struct UnknownCharacter: Error, Equatable {
  /// The character; absent where the bytes are not valid UTF-8.
  package var scalar: Unicode.Scalar?
  /// Its first byte in the text.
  package var byte: Int

  /// What a person is told of it.
  ///
  /// - Parameters:
  ///   - subject: Where the text came from.
  ///   - text: The text in which it was found.
  ///   - vocabularySize: How many characters are known.
  func error(_ subject: String, in text: UnsafeBufferPointer<UInt8>, vocabularySize: Int) -> InputError {
    var (line, column) = (1, 1)
    for byte in text[..<byte] {
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return InputError(
      subject,
      problem: "line \(line), character \(column) is \(name), which is none of the vocabulary's "
        + "\(vocabularySize) characters",
      remedy: "leave it out, or use a model whose text has it")
  }

  /// The character as it looks, if it does, and its number.
  private var name: String {
    guard let scalar else { return "not valid UTF-8" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator, .nonspacingMark, .enclosingMark:
      return number
    default: return "\(scalar) (\(number))"
    }
  }
}
