import HeadwayTrace
import Testing

@Suite("Trace codec")
struct TraceCodecTests {
  @Test("a record survives its three words", arguments: TraceRecordKind.allCases)
  func record(kind: TraceRecordKind) {
    let record = TraceRecord(
      start: .max, duration: TraceRecord.limit, kind: kind, detail: 255, code: 65_535,
      argument: TraceRecord.limit)
    let copy = TraceRecord(
      start: record.start, commitWord: UInt64(littleEndian: record.commitWord),
      argumentWord: UInt64(littleEndian: record.argumentWord))
    #expect(copy == record)
    #expect(TraceRecord(start: 0, kind: kind).commitWord != 0)
  }

  @Test("what does not fit 48 bits is clamped and harms nothing else")
  func clamping() throws {
    let record = TraceRecord(start: 1, duration: .max, kind: .wait, detail: 2, code: 3, argument: .max)
    let copy = try #require(
      TraceRecord(
        start: 1, commitWord: UInt64(littleEndian: record.commitWord),
        argumentWord: UInt64(littleEndian: record.argumentWord)))
    #expect(copy.duration == TraceRecord.limit && copy.argument == TraceRecord.limit)
    #expect(copy.kind == .wait && copy.detail == 2 && copy.code == 3)
  }

  @Test("an unknown kind is no record")
  func unknownKind() {
    #expect(TraceRecord(start: 1, commitWord: 200 << 48, argumentWord: 0) == nil)
    #expect(TraceRecord(start: 1, commitWord: 0, argumentWord: 0) == nil)
  }

  @Test("a chunk of the default size has no byte to spare")
  func capacity() {
    #expect(TraceFormat.recordCapacity(ofChunk: TraceFormat.chunkBytes) == 2_730)
    #expect(TraceFormat.chunkHeadBytes + 2_730 * TraceFormat.recordBytes == TraceFormat.chunkBytes)
  }

  @Test("a header survives its bytes")
  func header() throws {
    var header = TraceHeader(
      chunkBytes: 4_096, processID: 12, origin: ClockSync(ticks: 5, monotonicNs: 6),
      ticksPerSecond: 2_600_000_000)
    header.windowBegin = 8
    header.windowEnd = 9
    header.definitionsDropped = 10
    header.final = (sync: ClockSync(ticks: 11, monotonicNs: 12), bytes: 13)
    #expect(try TraceHeader(decoding: header.encoded(), file: "t") == header)
    #expect(header.encoded().count == TraceFormat.headerBytes)
  }

  @Test("a rate converts exactly, rounds down and clamps")
  func rate() throws {
    let rate = try #require(ClockRate(ticksPerSecond: 3_000_000_000))
    #expect(rate.nanoseconds(ofTicks: 3_000_000_000) == Nanoseconds(1_000_000_000))
    #expect(rate.nanoseconds(ofTicks: 2) == .zero)
    #expect(rate.nanoseconds(ofTicks: 3) == Nanoseconds(1))
    #expect(rate.nanoseconds(ofTicks: .max) == Nanoseconds(6_148_914_691_236_517_205))
    #expect(ClockRate.nanosecondTicks.nanoseconds(ofTicks: .max) == Nanoseconds(.max))
    #expect(rate.instant(ofTicks: 30, origin: 60) == Instant(Nanoseconds(-10)))
    #expect(rate.ticksPerSecond == 3_000_000_000)
    #expect(ClockRate(ticksPerSecond: 0) == nil)
    let sync = ClockSync(ticks: 10, monotonicNs: 10)
    #expect(ClockRate(from: sync, to: sync) == nil)
    let slow = try #require(ClockRate(from: sync, to: ClockSync(ticks: 11, monotonicNs: .max)))
    #expect(slow.nanoseconds(ofTicks: .max) == Nanoseconds(.max))
    #expect(slow.ticksPerSecond == 0)
  }
}
