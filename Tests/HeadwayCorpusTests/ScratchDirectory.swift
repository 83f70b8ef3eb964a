import Foundation
import HeadwayTrace
import Testing

/// A directory of one test's own, removed when the test lets go of it.
final class ScratchDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "headway-corpus-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the directories above it, and returns its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a text file and returns its path.
  @discardableResult
  func write(text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

  /// The path of a name inside, whether or not it is there.
  subscript(name: String) -> String { path + "/" + name }
}

/// Little-endian bytes of token ids.
func tokenBytes(_ ids: [UInt16]) -> [UInt8] { ids.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

/// The sentence of the error that `body` throws.
func sentence<Value>(_ body: () throws -> Value, _ place: SourceLocation = #_sourceLocation) -> String {
  do {
    _ = try body()
    Issue.record("expected an error", sourceLocation: place)
    return ""
  } catch let error as InputError {
    return "\(error)"
  } catch {
    Issue.record("expected an InputError, got \(error)", sourceLocation: place)
    return ""
  }
}

/// Random numbers that repeat (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
