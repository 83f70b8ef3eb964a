import HeadwayExport
import Testing

/// The wire format against the bytes of its documentation, and against an independent reader.
@Suite struct ProtobufMessageTests {
  @Test("the bytes of the documentation's examples")
  func golden() {
    var number = ProtobufMessage()
    number.unsigned(1, 150)
    #expect(number.bytes == [0x08, 0x96, 0x01])
    var text = ProtobufMessage()
    text.text(2, "testing")
    #expect(text.bytes == [0x12, 0x07] + Array("testing".utf8))
    var nested = ProtobufMessage()
    nested.message(3) { $0.unsigned(1, 150) }
    #expect(nested.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
    var packed = ProtobufMessage()
    packed.packed(6, [3, 270, 86_942])
    #expect(packed.bytes == [0x32, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
    var negative = ProtobufMessage()
    negative.signed(1, -2)
    #expect(negative.bytes == [0x08, 0xFE] + Array(repeating: 0xFF, count: 8) + [0x01])
    var fixed = ProtobufMessage()
    fixed.fixed(1, 0x0102_0304_0506_0708)
    #expect(fixed.bytes == [0x09, 8, 7, 6, 5, 4, 3, 2, 1])
    var truth = ProtobufMessage()
    truth.bool(16, true)
    #expect(truth.bytes == [0x80, 0x01, 0x01])
    var none = ProtobufMessage()
    none.packed(1, [])
    #expect(none.bytes.isEmpty)
  }

  @Test(
    "every length of a message, across the lengths of its length",
    arguments: [0, 1, 127, 128, 16_383, 16_384])
  func lengths(length: Int) throws {
    let name = String(repeating: "x", count: length)
    var message = ProtobufMessage()
    message.message(5) { inner in
      inner.message(6) { $0.text(1, name) }
      inner.unsigned(2, 9)
    }
    message.unsigned(7, 1)
    let read = try #require(WireMessage(message.bytes))
    let inner = try #require(read.message(5))
    #expect(inner.message(6)?.text(1) == name)
    #expect(inner.number(2) == 9 && read.number(7) == 1)
  }

  @Test("every power of two is read back, and the reader refuses what is cut")
  func powers() throws {
    var message = ProtobufMessage()
    let values = (0..<64).flatMap { [UInt64(1) << UInt64($0), (UInt64(1) << UInt64($0)) - 1] }
    for value in values { message.unsigned(3, value) }
    message.packed(4, values)
    let read = try #require(WireMessage(message.bytes))
    #expect(read.numbers(3) == values && read.numbers(4) == values)
    #expect(WireMessage(message.bytes.dropLast()) == nil)
  }
}
