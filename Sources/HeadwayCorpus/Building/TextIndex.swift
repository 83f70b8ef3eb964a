import Foundation
import HeadwayFiles
import HeadwayTrace

/// Where in a text the tokens lie: for every 32nd token, the piece that it belongs to.
///
/// On disk, all little-endian: the eight bytes `HWTEXTIX`, then as `uint64` the format's version (1), the
/// stride, the tokens and the bytes of the text, then for token 0, 32, 64, … the byte at which its piece
/// starts and the number of that piece's first token. Encoding from there on gives the tokens of the whole
/// text, because pieces depend only on what follows them.
struct TextIndex: Sendable {
  /// Tokens from one entry to the next.
  static let stride = 32
  private static let magic = Array("HWTEXTIX".utf8)
  private static let headerBytes = 40

  /// Tokens of the text.
  let tokenCount: Int
  private let file: MappedFile

  /// A place from which encoding can start.
  struct Entry: Equatable {
    /// The byte at which a piece starts.
    var byte: Int
    /// The number of the piece's first token.
    var token: Int
  }

  /// Maps an index and checks all of it.
  ///
  /// - Throws: ``InputError`` when the file is not an index, of another version, truncated, or belongs to
  ///   a text of another length.
  init(path: String, textBytes: Int, tokenCount: Int) throws(InputError) {
    let file = try MappedFile(path: path)
    func refuse(_ problem: String) -> InputError {
      InputError(path, problem: problem, remedy: "build the corpus again")
    }
    guard file.count >= Self.headerBytes, file.withBytes({ $0.starts(with: Self.magic) }) else {
      throw refuse("this is not a text index")
    }
    let header = (1...4).map { Self.number($0, in: file) }
    guard header[0] == 1, header[1] == UInt64(Self.stride) else {
      throw refuse("the text index is of another version")
    }
    guard header[2] == UInt64(tokenCount), header[3] == UInt64(textBytes) else {
      throw refuse("the text index belongs to another text")
    }
    let entries = (tokenCount + Self.stride - 1) / Self.stride
    guard file.count == Self.headerBytes + 16 * entries else {
      throw refuse("the text index is truncated")
    }
    self.file = file
    self.tokenCount = tokenCount
    var last = Entry(byte: 0, token: 0)
    for place in 0..<entries {
      let (byte, token) = (
        Self.number(5 + 2 * place, in: file), Self.number(6 + 2 * place, in: file)
      )
      guard byte >= last.byte, byte < textBytes, token >= last.token, token <= place * Self.stride else {
        throw refuse("entry \(place) of the text index is out of order")
      }
      last = Entry(byte: Int(byte), token: Int(token))
    }
  }

  /// The last indexed place at or before a token.
  func start(ofToken token: Int) -> Entry {
    precondition(token >= 0 && token < tokenCount, "token \(token) of \(tokenCount)")
    let place = token / Self.stride
    return Entry(
      byte: Int(Self.number(5 + 2 * place, in: file)),
      token: Int(Self.number(6 + 2 * place, in: file)))
  }

  /// The bytes that precede the entries.
  static func header(tokenCount: Int, textBytes: Int) -> [UInt8] {
    let numbers = [1, UInt64(stride), UInt64(tokenCount), UInt64(textBytes)]
    return magic + numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  /// The eight bytes at a multiple of eight; the caller keeps it inside the file.
  private static func number(_ place: Int, in file: MappedFile) -> UInt64 {
    file.withBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)) }
  }
}

/// Collects the entries of a text's index while the text is encoded.
struct TextIndexBuilder {
  /// Byte and first token of each entry, in turn.
  private(set) var numbers: [UInt64] = []

  /// Notes a piece and the numbers of its tokens.
  mutating func note(byte: Int, tokens: Range<Int>) {
    while numbers.count / 2 * TextIndex.stride < tokens.upperBound {
      numbers.append(UInt64(byte))
      numbers.append(UInt64(tokens.lowerBound))
    }
  }
}
