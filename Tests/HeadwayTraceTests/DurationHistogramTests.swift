import Foundation
import HeadwayTrace
import Testing

@Suite("Histograms of durations") struct DurationHistogramTests {
  @Test("the buckets tile all lengths, and none is wider than an eighth of where it begins")
  func buckets() {
    var next: UInt64 = 0
    for bucket in 0..<DurationHistogram.bucketCount {
      let range = DurationHistogram.range(ofBucket: bucket)
      #expect(range.lowerBound == next)
      #expect(range.upperBound - range.lowerBound <= range.lowerBound / 8)
      for length in [range.lowerBound, (range.lowerBound + range.upperBound) / 2, range.upperBound] {
        #expect(DurationHistogram.bucket(ofNanoseconds: length) == bucket)
      }
      next = range.upperBound + 1
    }
    #expect(DurationHistogram.bucket(ofNanoseconds: .max) == DurationHistogram.bucketCount - 1)
  }

  @Test("a percentile lies within its bucket's width of the sorted lengths'", arguments: UInt64(1)...5)
  func quantiles(seed: UInt64) throws {
    var numbers = SeededNumbers(state: seed)
    let lengths = (0..<1_000).map { _ in
      Int64.random(in: 0...(1 << Int64.random(in: 1...40, using: &numbers)), using: &numbers)
    }
    var histogram = DurationHistogram()
    for length in lengths { histogram.add(Nanoseconds(length)) }
    let sorted = lengths.sorted()
    for probability in [0.001, 0.1, 0.5, 0.9, 0.99, 1] {
      let exact = sorted[Int((probability * 1_000).rounded(.up)) - 1]
      let found = try #require(histogram.quantile(probability)).count
      #expect(abs(found - exact) <= exact / 8, "\(probability): \(found) for \(exact)")
    }
    #expect(histogram.total == 1_000 && histogram.longestNs.count == sorted.last)
    let distribution = try #require(Distribution(histogram))
    #expect(distribution.p50 <= distribution.p90 && distribution.p90 <= distribution.p99)
    #expect(distribution.p99 <= distribution.longest && distribution.count == 1_000)
  }

  @Test("sums are those of all lengths together, and what was written is read")
  func sumsAndCodec() throws {
    var (left, right, both) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
    for length: Int64 in [0, 3, 900, 1 << 50, -7] {
      left.add(Nanoseconds(length))
      both.add(Nanoseconds(length))
    }
    for length: Int64 in [3, 17, 123_456] {
      right.add(Nanoseconds(length))
      both.add(Nanoseconds(length))
    }
    left += right
    #expect(left == both && left.total == 8)
    let document = try HeadwayJSON.document(both)
    #expect(try HeadwayJSON.decode(DurationHistogram.self, from: document, subject: "x") == both)
    #expect(Distribution(DurationHistogram()) == nil)
  }

  @Test(
    "lists that no writer writes are refused",
    arguments: [
      #"{"bucket":[1],"count":[],"longest_ns":1}"#, #"{"bucket":[312],"count":[1],"longest_ns":1}"#,
      #"{"bucket":[-1],"count":[1],"longest_ns":1}"#, #"{"bucket":[1],"count":[-1],"longest_ns":1}"#,
    ])
  func hostile(json: String) {
    #expect(throws: InputError.self) {
      try HeadwayJSON.decode(DurationHistogram.self, from: Data(json.utf8), subject: "x")
    }
  }

  @Test("the word of a chunk's head keeps a state and a depth, and zero says nothing")
  func currentState() {
    for state in [nil, 0, 1, 63, 65_000] as [Int?] {
      for depth in [0, 1, 31, 32_767] {
        let word = CurrentState.word(state: state, depth: depth)
        #expect(CurrentState(word: word) == CurrentState(state: state, depth: depth))
      }
    }
    #expect(CurrentState(word: 0) == nil)
  }
}
