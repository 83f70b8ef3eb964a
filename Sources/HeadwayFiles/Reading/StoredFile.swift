import Foundation
import HeadwayTrace

/// Reading files with a sentence for each way in which that fails.
public enum StoredFile {
  /// The bytes of a file; `missing` is the remedy when it is not there.
  ///
  /// Somebody may be changing the file meanwhile, which would make mapping it unsafe.
  public static func read(_ path: String, remedy missing: String = "check the path") throws(InputError)
    -> Data
  {
    var bytes: [UInt8] = []
    try read(path, into: &bytes, remedy: missing)
    return Data(bytes)
  }

  /// Reads a file into memory that is reused.
  public static func read(
    _ path: String, into bytes: inout [UInt8], remedy missing: String = "check the path"
  ) throws(InputError) {
    bytes.removeAll(keepingCapacity: true)
    try FileDescriptor(path, O_RDONLY, for: .read, missing: missing).read(appendingTo: &bytes)
  }

  /// Decodes a JSON file.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String, remedy missing: String
  ) throws(InputError) -> Value {
    try HeadwayJSON.decode(type, from: try read(path, remedy: missing), subject: path)
  }

  /// The last non-empty lines of a text file, oldest first; none when it cannot be read. Reads at most
  /// the last 64 KiB.
  public static func lastLines(_ limit: Int, of path: String) -> [String] {
    lastText(1 << 16, of: path).split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(limit)
  }

  /// The end of a text file, at most so many bytes of it; empty when it cannot be read.
  public static func lastText(_ limit: Int, of path: String) -> String {
    guard let file = try? FileDescriptor.reading(path), let size = try? file.size() else { return "" }
    let start = max(0, size - limit)
    guard let bytes = try? file.read(count: size - start, at: start) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
