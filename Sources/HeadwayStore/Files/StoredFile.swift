import Foundation
import HeadwayTrace

/// Reading files with a sentence for each way in which that fails.
public enum StoredFile {
  /// The bytes of a file; `remedy` says what to do when it is not there.
  public static func read(_ path: String, remedy: String) throws(InputError) -> Data {
    if access(path, F_OK) != 0 && errno == ENOENT {
      throw InputError(path, problem: "there is no such file", remedy: remedy)
    }
    let file = try FileDescriptor(path, O_RDONLY, verb: "read")
    var bytes = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file.raw, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw SystemFailure.error("read", path, code: errno)
      }
    }
  }

  /// Decodes a JSON file.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, _ path: String, remedy: String
  ) throws(InputError) -> Value {
    try HeadwayJSON.decode(type, from: try read(path, remedy: remedy), subject: path)
  }

  /// The last non-empty lines of a text file, oldest first; none when it cannot be read. Reads at most
  /// the last 64 KiB.
  public static func lastLines(_ limit: Int, of path: String) -> [String] {
    guard let file = try? FileDescriptor(path, O_RDONLY, verb: "read") else { return [] }
    let size = lseek(file.raw, 0, SEEK_END)
    let start = max(0, size - (1 << 16))
    var bytes = [UInt8](repeating: 0, count: max(0, size - start))
    let count = pread(file.raw, &bytes, bytes.count, start)
    guard count > 0 else { return [] }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(limit)
  }
}
