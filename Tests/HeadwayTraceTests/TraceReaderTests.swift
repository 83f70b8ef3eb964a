import HeadwayTrace
import Testing

@Suite("Reading a trace")
struct TraceReaderTests {
  func read(_ bytes: [UInt8]) throws(InputError) -> RecordedTrace {
    try TraceReader(bytes: bytes, file: "x.hwtrace").recordedTrace()
  }

  func sentence(_ bytes: [UInt8]) -> String {
    do {
      _ = try read(bytes)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("what was built is read, whatever the size of the chunks", arguments: [64, 88, 112, 4_096, 65_536])
  func roundTrip(chunkBytes: Int) throws {
    let literal = TraceLiteral(chunkBytes: chunkBytes)
    #expect(try read(literal.bytes) == literal.expected)
  }

  @Test("a file that a crash left differs only in saying so")
  func unfinished() throws {
    let literal = TraceLiteral()
    var expected = literal.expected
    expected.isFinished = false
    #expect(try read(literal.builder.unfinished()) == expected)
  }

  @Test("the rate comes from the clocks' readings that lie furthest apart")
  func rate() throws {
    // The header says 1 GHz; a second later both clocks say 2 GHz.
    var builder = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 500), ticksPerSecond: 1_000_000_000, chunkBytes: 112)
    let thread = builder.add(RecordedThread(name: "a", role: nil, processID: 1, threadID: ThreadID(1)))
    builder.append(
      TraceRecord(start: 2_000_000_000, kind: .clockSync, argument: 1_000_000_000), to: thread)
    builder.append(TraceRecord(start: 400, duration: 200, kind: .step), to: thread)
    let expected = [
      StepMark(thread: 0, index: 0, start: Instant(Nanoseconds(200)), end: Instant(Nanoseconds(300)))
    ]
    #expect(try read(builder.unfinished()).steps == expected)
    let end = ClockSync(ticks: 4_000_000_000, monotonicNs: 500 + 1_000_000_000)
    #expect(try read(builder.finished(at: end)).steps.first?.start == Instant(Nanoseconds(100)))
  }

  @Test("cut at every byte, it is refused in words or read up to the last whole record")
  func truncation() throws {
    let literal = TraceLiteral(chunkBytes: 112)
    let whole = literal.bytes
    let total = literal.expected.spans.count + literal.expected.crossings.count
    var counts: Set<Int> = []
    // Every byte where something stands; the long stretches of zeros in between by one step each.
    let dense = Array(0...200) + Array(4_090...4_400) + [50_000] + Array(65_530...whole.count)
    for length in dense {
      do {
        let trace = try read(Array(whole[..<length]))
        #expect(trace.isTruncated == (length < whole.count), "cut at \(length)")
        #expect(trace.spans.allSatisfy(literal.expected.spans.contains))
        #expect(trace.crossings.allSatisfy(literal.expected.crossings.contains))
        #expect(trace.threads == Array(literal.expected.threads.prefix(trace.threads.count)))
        counts.insert(trace.spans.count + trace.crossings.count)
      } catch {
        #expect(length < 104, "cut at \(length): \(error)")
        #expect("\(error)".hasPrefix("x.hwtrace: "))
      }
    }
    #expect(counts == Set(0...total))
  }

  @Test("flipped bytes never crash the reader", arguments: UInt64(0)..<8)
  func flips(seed: UInt64) {
    var numbers = SeededNumbers(state: seed)
    let whole = TraceLiteral(chunkBytes: 112).bytes
    let interesting = Array(0..<110) + Array(4_096..<4_400) + Array(65_536..<whole.count)
    var refused = 0
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &numbers) {
        let place = interesting[Int.random(in: 0..<interesting.count, using: &numbers)]
        bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      }
      do {
        let trace = try read(bytes)
        #expect(trace.spans.allSatisfy { $0.thread < trace.threads.count && $0.state < trace.states.count })
        #expect(trace.crossings.allSatisfy { $0.arrival <= $0.release && $0.release <= $0.departure })
      } catch {
        refused += 1
        #expect("\(error)".hasPrefix("x.hwtrace: ") && "\(error)".hasSuffix("."))
      }
    }
    #expect(refused > 0 && refused < 400)
  }

  @Test("bytes that never were a trace are refused")
  func noise() {
    var numbers = SeededNumbers(state: 1)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    #expect(
      sentence(noise)
        == "x.hwtrace: magic: this is not a Headway trace; name a trace.hwtrace of a run directory.")
    #expect(sentence([]).contains("magic: the file ends before it, after 0 bytes"))
  }

  @Test("another version is refused in words")
  func version() {
    var bytes = TraceLiteral().bytes
    bytes[8] = 3
    #expect(
      sentence(bytes)
        == "x.hwtrace: version: the trace has version 3, and this headway reads the versions 1 to 2; "
        + "read it with the headway that recorded it.")
    bytes[8] = 1
    #expect(sentence(bytes) == "no error")
  }

  @Test(
    "absurd numbers are refused, naming the field",
    arguments: [
      (12, "header length"), (16, "definitions length"), (20, "chunk length"), (48, "ticks per second"),
    ])
  func absurd(offset: Int, field: String) {
    for value: UInt8 in [0, 255] {
      var bytes = TraceLiteral().bytes
      for byte in 0..<(offset == 48 ? 8 : 4) { bytes[offset + byte] = value }
      #expect(sentence(bytes).hasPrefix("x.hwtrace: \(field): "))
    }
  }

  @Test("an unknown record, a wrong chunk and an impossible time are refused, naming the byte")
  func damagedRecords() {
    var bytes = TraceLiteral().bytes
    bytes[65_536 + 16 + 8 + 6] = 77
    #expect(sentence(bytes).hasPrefix("x.hwtrace: byte 65552: unknown kind of record 77"))
    bytes = TraceLiteral().bytes
    bytes[65_536] = 1
    #expect(sentence(bytes).hasPrefix("x.hwtrace: byte 65536: a chunk has no chunk's mark"))
    bytes = TraceLiteral().bytes
    bytes[65_536 + 16 + 7] = 127
    #expect(sentence(bytes).hasPrefix("x.hwtrace: byte 65552: its time lies years from the others"))
  }

  @Test("records that name nothing defined are counted and left out")
  func undefinedRecords() throws {
    var literal = TraceLiteral(chunkBytes: 4_096)
    literal.builder.append(TraceRecord(start: 500, duration: 1, kind: .state, code: 99), to: 0)
    literal.builder.append(TraceRecord(start: 500, duration: 1, kind: .wait, code: 99), to: 0)
    literal.builder.append(TraceRecord(start: 500, duration: 1, kind: .crossing, code: 0), to: 0)
    literal.builder.append(TraceRecord(start: 500, kind: .release, code: 1), to: 0)
    literal.builder.append(TraceRecord(start: 500, duration: 1, kind: .crossing, code: 0), to: 1)
    literal.expected.undefinedRecords = 4
    #expect(try read(literal.bytes) == literal.expected)
  }

  @Test("definitions beyond the room for them are counted, and their records left out")
  func definitionRoom() throws {
    var builder = TraceBuilder(
      origin: ClockSync(ticks: 0, monotonicNs: 0), ticksPerSecond: 1_000_000_000, chunkBytes: 4_096)
    let name = String(repeating: "ü", count: 200)
    for number in 0..<300 {
      _ = builder.add(
        RecordedThread(name: name, role: nil, processID: 1, threadID: ThreadID(Int32(number))))
      builder.append(TraceRecord(start: 1, kind: .step, argument: UInt64(number)), to: number)
    }
    let reader = try TraceReader(bytes: builder.unfinished(), file: "x")
    let trace = try reader.recordedTrace()
    #expect(trace.threads.count == 219 && reader.header.definitionsDropped == 81)
    #expect(trace.undefinedRecords == 81 && trace.steps.count == 219)
    #expect(trace.threads.allSatisfy { $0.name == String(repeating: "ü", count: 127) })
  }

  @Test("a read that fails is passed on")
  func failingSource() {
    let whole = TraceLiteral().bytes
    let failure = InputError("disk", problem: "broken", remedy: "buy one")
    #expect(throws: failure) {
      let reader = try TraceReader(file: "x", byteCount: whole.count) { (offset, count) throws(InputError) in
        guard offset < 65_536 else { throw failure }
        return Array(whole[offset..<min(offset + count, whole.count)])
      }
      _ = try reader.recordedTrace()
    }
  }

  @Test("a file that shrinks while it is read is cut, not a crash")
  func shrinking() throws {
    let whole = TraceLiteral(chunkBytes: 112).bytes
    let reader = try TraceReader(file: "x", byteCount: whole.count) { (offset, count) throws(InputError) in
      Array(whole[min(offset, 65_600)..<min(offset + count, 65_600)])
    }
    let trace = try reader.recordedTrace()
    #expect(trace.isTruncated && trace.spans.count == 1)
  }
}
