/// GPT-2's spelling of bytes as printable characters, in which `tokenizer.json` writes tokens.
///
/// A byte that Latin-1 prints (33…126, 161…172, 174…255) stands for itself; the other 68 become U+0100
/// onwards, in order. Source: Radford et al., 2019, `bytes_to_unicode`.
enum ByteAlphabet {
  /// The character's scalar value for each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 256
    return (0...255).map { (byte: UInt32) in
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return byte }
      defer { next += 1 }
      return next
    }
  }()

  /// The bytes in the order of their characters: the order in which a vocabulary lists them.
  static let bytesInOrder: [UInt8] = (0...255).sorted { scalars[Int($0)] < scalars[Int($1)] }

  /// A token's bytes as characters.
  static func spell(_ bytes: some Sequence<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes {
      if let scalar = Unicode.Scalar(scalars[Int(byte)]) { text.append(scalar) }
    }
    return String(text)
  }

  /// The bytes that characters stand for; `nil` when a character is not of the alphabet.
  static func bytes(of spelling: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in spelling.unicodeScalars {
      guard scalar.value < 512, byteOfScalar[Int(scalar.value)] >= 0 else { return nil }
      bytes.append(UInt8(byteOfScalar[Int(scalar.value)]))
    }
    return bytes
  }

  private static let byteOfScalar: [Int16] = {
    var table = [Int16](repeating: -1, count: 512)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = Int16(byte) }
    return table
  }()
}
