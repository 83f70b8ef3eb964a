import Foundation
import HeadwayFiles
import HeadwayTestSupport
import Testing

@Suite struct FileWriterTests {
  /// Lengths around the buffer's, in both ways of writing: the bytes are those that were given, in order.
  @Test func whatIsWrittenInPiecesComesBackWhole() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("file")
    var writer = try FileWriter(path: path)
    var expected: [UInt8] = []
    for length in [0, 1, 100, (1 << 18) - 101, (1 << 18) - 1, 1 << 18, 300_000, 3] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
      try writer.write(bytes)
      try bytes.withUnsafeBytes { try writer.write($0) }
      expected += bytes + bytes
    }
    try writer.finish()
    #expect(try StoredFile.read(path) == Data(expected))
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"))
  func aWriteToAFullDeviceNamesTheFile() throws {
    let small = sentence {
      var writer = try FileWriter(path: "/dev/full", named: "out/train.bin")
      try writer.write(Array("text".utf8))
      try writer.finish()
    }
    #expect(
      small == "out/train.bin: could not write: there is no space left on the disk; "
        + "free some space there, or choose another place.")
    let large = sentence {
      var writer = try FileWriter(path: "/dev/full")
      for _ in 0..<100 { try writer.write([UInt8](repeating: 7, count: 10_000)) }
    }
    #expect(large.hasPrefix("/dev/full: could not write: there is no space left on the disk"))
  }
}
