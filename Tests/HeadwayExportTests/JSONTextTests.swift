import HeadwayExport
import HeadwayTestSupport
import Testing

/// JSON written by hand, read back by the standard library.
@Suite struct JSONTextTests {
  @Test func nestsAndSeparates() throws {
    var text = JSONText()
    text.beginObject()
    text.field("empty", each: [Int]()) { $0.value($1) }
    text.field("pairs", each: [(1, "a"), (2, "b")]) { text, pair in
      text.beginArray()
      text.value(pair.0)
      text.value(pair.1)
      text.endArray()
    }
    text.key("inner")
    text.beginObject()
    text.endObject()
    text.field("last", true)
    text.key("none")
    text.null()
    text.endObject()
    #expect(
      String(decoding: text.bytes, as: UTF8.self)
        == #"{"empty":[],"pairs":[[1,"a"],[2,"b"]],"inner":{},"last":true,"none":null}"#)
  }

  @Test("every ASCII character and others come back")
  func escapes() throws {
    let all = String(String.UnicodeScalarView((0..<128).compactMap { Unicode.Scalar($0) })) + "räng 🏁\u{2028}"
    var text = JSONText()
    text.beginArray()
    text.value(all)
    text.endArray()
    #expect(try JSONValue(parsing: text.bytes)[0]?.text == all)
  }

  @Test(
    "decimals are exact",
    arguments: [
      (0, "0.000", "0.000000"), (5, "0.005", "0.000005"), (-1_005, "-1.005", "-0.001005"),
      (1_234_567_891, "1234567.891", "1234.567891"),
    ])
  func decimals(count: Int64, micro: String, milli: String) {
    var text = JSONText()
    text.microseconds(ofNanoseconds: count)
    text.milliseconds(ofNanoseconds: count)
    #expect(String(decoding: text.bytes, as: UTF8.self) == micro + "," + milli)
  }

  @Test func numbersThatJSONLacksAreNull() {
    var text = JSONText()
    for number in [Double.nan, .infinity, 0.5] { text.value(number) }
    #expect(String(decoding: text.bytes, as: UTF8.self) == "null,null,0.5")
  }

  @Test func takenBytesGoOn() {
    var text = JSONText()
    text.beginArray()
    text.value(1)
    var whole = text.takeBytes()
    text.value(2)
    text.endArray()
    whole += text.takeBytes()
    #expect(String(decoding: whole, as: UTF8.self) == "[1,2]")
  }
}
