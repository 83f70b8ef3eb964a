import HeadwayFiles
import HeadwayTrace

/// A mapped file of token ids in nanoGPT's layout: raw little-endian `uint16`, no header.
///
///     let tokens = try TokenFile(path: "train.bin", vocabularySize: 1000)
///     tokens[0]
///
/// Every id is checked against the vocabulary once, when the file is opened, so that no reader can index
/// outside an embedding. A file that somebody overwrites in place afterwards is outside this promise.
/// Any number of threads may read one value at once.
public struct TokenFile: Sendable {
  /// The path as it was opened.
  public let path: String
  /// Tokens in the file.
  public let count: Int
  /// V: every id is below it.
  public let vocabularySize: Int

  private let file: MappedFile

  /// Maps a token file and checks every id.
  ///
  /// - Complexity: One pass over the file.
  /// - Throws: ``InputError`` when the file is missing, unreadable, empty, of odd length, or holds an id
  ///   that is not below `vocabularySize`.
  public init(path: String, vocabularySize: Int) throws(InputError) {
    try self.init(path: path, vocabularySize: vocabularySize, allowingEmpty: false)
  }

  /// As ``init(path:vocabularySize:)``; an empty file is accepted where nothing was held out.
  package init(path: String, vocabularySize: Int, allowingEmpty: Bool) throws(InputError) {
    file = try MappedFile(path: path)
    self.path = path
    self.vocabularySize = vocabularySize
    guard file.count > 0 || allowingEmpty else {
      throw InputError(path, problem: "the token file is empty", remedy: "build the corpus again")
    }
    guard file.count % 2 == 0 else {
      throw InputError(
        path, problem: "its length of \(file.count) bytes is odd, but a token takes two bytes",
        remedy: "it is truncated or not a token file; build the corpus again")
    }
    count = file.count / 2
    if let (position, id) = firstOutside() {
      throw InputError(
        path, problem: "token \(position) has the id \(id), but the vocabulary has \(vocabularySize) tokens",
        remedy: "the file is corrupt or belongs to another tokenizer; build the corpus again")
    }
  }

  /// The id at a position, below ``vocabularySize``.
  public subscript(position: Int) -> UInt16 {
    precondition(position >= 0 && position < count, "token \(position) of \(count)")
    return file.withBytes { bytes in
      UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * position, as: UInt16.self))
    }
  }

  /// Copies consecutive ids into memory of the same length, widening them.
  ///
  /// - Parameters:
  ///   - position: The first token.
  ///   - destination: As many places as tokens are wanted; the range must lie in the file.
  public func copy(from position: Int, into destination: UnsafeMutableBufferPointer<Int32>) {
    precondition(position >= 0 && destination.count <= count - position, "tokens past the end")
    withTokens { tokens in
      // In bounds: checked above, and `destination` is written below its own count only.
      for place in 0..<destination.count {
        destination[place] = Int32(UInt16(littleEndian: tokens[position + place]))
      }
    }
  }

  /// Calls `body` with the mapped ids, in the byte order of the file.
  package func withTokens<Result>(_ body: (UnsafeBufferPointer<UInt16>) -> Result) -> Result {
    // A mapping starts at a page boundary, so it is aligned for `UInt16`, and nobody writes to it.
    file.withBytes { body($0.bindMemory(to: UInt16.self)) }
  }

  private func firstOutside() -> (position: Int, id: Int)? {
    guard vocabularySize <= Int(UInt16.max) else { return nil }
    return withTokens { tokens in
      var largest: UInt16 = 0
      for token in tokens { largest = max(largest, UInt16(littleEndian: token)) }
      guard Int(largest) >= vocabularySize else { return nil }
      let position = tokens.firstIndex { Int(UInt16(littleEndian: $0)) >= vocabularySize }
      return position.map { ($0, Int(UInt16(littleEndian: tokens[$0]))) }
    }
  }
}
