import Glibc

/// Reading of the kernel's text files, whose size is not known before they end: Foundation takes the first page of
/// some of them for the whole.
package enum ProcFile {
  /// The content of a file; `nil` when it cannot be read.
  package static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(file, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      guard count > 0 else { break }
      bytes.append(contentsOf: piece[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The content of a file without the white space at its ends; `nil` when unreadable or empty.
  static func value(_ path: String) -> String? {
    guard let text = read(path) else { return nil }
    let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return trimmed.isEmpty ? nil : trimmed
  }
}
