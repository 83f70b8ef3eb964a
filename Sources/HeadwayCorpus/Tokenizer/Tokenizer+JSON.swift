import Foundation
import HeadwayFiles
import HeadwayTrace

extension Tokenizer {
  /// Reads a Hugging Face `tokenizer.json`: model BPE without dropout or affixes, pre-tokenizer ByteLevel
  /// with GPT-2's pattern and no prefix space, no normalizer, and the added token `<|endoftext|>`; or
  /// characters as ``json()`` writes them.
  ///
  /// - Throws: ``InputError`` when the file is missing, truncated, or describes another kind of tokenizer.
  public init(path: String) throws(InputError) {
    let file = try MappedFile(path: path)
    let data = file.withBytes { Data($0) }
    let outline = try HeadwayJSON.decode(TokenizerOutline.self, from: data, subject: path)
    if outline.model.type == CharacterDocument.Model.kind {
      let document = try HeadwayJSON.decode(CharacterDocument.self, from: data, subject: path)
      self.init(
        try document.characters { field, problem in
          InputError(
            path, field: field, problem: problem,
            remedy: "use a tokenizer.json that headway wrote, or build the corpus again")
        })
    } else {
      let document = try HeadwayJSON.decode(TokenizerDocument.self, from: data, subject: path)
      try self.init(document, subject: path)
    }
  }

  /// The tokenizer as a Hugging Face `tokenizer.json`; equal tokenizers give equal bytes.
  public func json() throws -> Data {
    if let endOfText { return try HeadwayJSON.document(TokenizerDocument(self, endOfText: endOfText)) }
    return try HeadwayJSON.document(CharacterDocument(self))
  }

  init(_ document: TokenizerDocument, subject: String) throws(InputError) {
    func refuse(_ field: String, _ problem: String) -> InputError {
      InputError(
        subject, field: field, problem: problem,
        remedy: "use a byte-level BPE tokenizer.json as GPT-2 has it, or build the corpus again")
    }
    try document.requireByteLevel(refuse)
    guard let special = document.addedTokens.first(where: { $0.content == Self.endOfTextSpelling }) else {
      throw refuse("added_tokens", "\(Self.endOfTextSpelling) is missing")
    }
    if let other = document.addedTokens.first(where: { $0.content != Self.endOfTextSpelling }) {
      throw refuse(
        "added_tokens", "\(other.content) is not \(Self.endOfTextSpelling), the only one supported")
    }
    var vocabulary = document.model.vocab
    vocabulary[Self.endOfTextSpelling] = special.id
    let size = vocabulary.count
    guard Self.vocabularySizes.contains(size) else {
      throw refuse("model.vocab", "\(size) tokens, expected \(Self.vocabularySizes)")
    }
    var tokenBytes = [[UInt8]](repeating: [], count: size)
    for (spelling, id) in vocabulary {
      guard (0..<size).contains(id), tokenBytes[id].isEmpty else {
        throw refuse("model.vocab", "the \(size) ids are not 0 to \(size - 1), each once (see id \(id))")
      }
      guard
        let bytes = id == special.id ? Array(spelling.utf8) : ByteAlphabet.bytes(of: spelling), !bytes.isEmpty
      else {
        throw refuse("model.vocab", "token \(id) is not spelled in GPT-2's byte alphabet")
      }
      tokenBytes[id] = bytes
    }
    let byteTokens = try (0...255).map { (byte: Int) throws(InputError) in
      guard let id = vocabulary[ByteAlphabet.spell([UInt8(byte)])] else {
        throw refuse("model.vocab", "byte \(byte) has no token")
      }
      return UInt16(id)
    }
    let merges = try document.model.merges.map { (pair) throws(InputError) in
      guard let left = vocabulary[pair.left], let right = vocabulary[pair.right],
        let result = vocabulary[pair.left + pair.right]
      else {
        throw refuse(
          "model.merges", "\(pair.left) and \(pair.right) are not tokens, or what they make is not")
      }
      return Merge(left: UInt16(left), right: UInt16(right), result: UInt16(result))
    }
    self.init(
      endOfText: UInt16(special.id), byteTokens: byteTokens, merges: merges, tokenBytes: tokenBytes)
  }
}

/// Of a `tokenizer.json`, what tells the kinds apart.
private struct TokenizerOutline: Decodable {
  var model: Model

  struct Model: Decodable {
    var type: String?
  }
}
