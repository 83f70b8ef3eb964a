import HeadwayCorpus
import HeadwayTrace
import Testing

@Suite struct BatchSamplerTests {
  @Test func `a seeded permutation visits every element once`() {
    for count in Array(1...70) + [255, 256, 257, 1000, 4097] {
      for key in [0, 1, UInt64.max] {
        let order = SeededPermutation(count: count, key: key)
        #expect(Set((0..<count).map { order[$0] }) == Set(0..<count), "count \(count) key \(key)")
      }
    }
  }

  @Test func `keys give different permutations`() {
    let orders = (0..<20).map { key in
      let order = SeededPermutation(count: 100, key: UInt64(key))
      return (0..<100).map { order[$0] }
    }
    #expect(Set(orders).count == 20)
    #expect(!orders.contains(Array(0..<100)))
  }

  @Test func `an epoch visits disjoint windows inside the text, each at most once`() throws {
    for tokenCount in 13...80 {
      for (batchSize, length) in [(1, 1), (3, 4), (4, 3), (2, 6), (12, 1)] {
        let sampler = try BatchSampler(
          tokenCount: tokenCount, batchSize: batchSize, sequenceLength: length, seed: 3)
        for epoch in 0..<5 {
          var offsets: [Int] = []
          for batch in 0..<sampler.batchesPerEpoch {
            let index = epoch * sampler.batchesPerEpoch + batch
            #expect(sampler.epoch(ofBatch: index) == epoch)
            var ofBatch: [Int] = []
            sampler.offsets(ofBatch: index, into: &ofBatch)
            #expect(ofBatch.count == batchSize)
            offsets += ofBatch
          }
          offsets.sort()
          #expect(offsets.allSatisfy { $0 >= 0 && $0 + length + 1 <= tokenCount })
          #expect(zip(offsets, offsets.dropFirst()).allSatisfy { $1 - $0 >= length })
          let unused = tokenCount - 1 - offsets.count * length
          #expect(unused < (batchSize + 1) * length, "an epoch leaves less than a batch and a phase")
        }
      }
    }
  }

  @Test func `epochs differ in phase and order and a seed repeats them`() throws {
    let sampler = try BatchSampler(tokenCount: 10_000, batchSize: 4, sequenceLength: 16, seed: 5)
    let again = try BatchSampler(tokenCount: 10_000, batchSize: 4, sequenceLength: 16, seed: 5)
    let other = try BatchSampler(tokenCount: 10_000, batchSize: 4, sequenceLength: 16, seed: 6)
    var phases: Set<Int> = []
    var firsts: Set<Int> = []
    for epoch in 0..<200 {
      let index = epoch * sampler.batchesPerEpoch
      let offset = sampler.offset(ofSequence: 0, inBatch: index)
      #expect(offset == again.offset(ofSequence: 0, inBatch: index))
      phases.insert(offset % 16)
      firsts.insert(offset)
    }
    #expect(phases.count == 16)
    #expect(firsts.count > 150)
    let offsets = (0..<50).map { sampler.offset(ofSequence: 1, inBatch: $0) }
    #expect(offsets != (0..<50).map { other.offset(ofSequence: 1, inBatch: $0) })
  }

  @Test func `the shortest text has one batch and one token less is refused in words`() throws {
    let sampler = try BatchSampler(tokenCount: 129, batchSize: 4, sequenceLength: 32, seed: 1)
    #expect(sampler.batchesPerEpoch == 1)
    #expect(
      sentence { try BatchSampler(tokenCount: 128, batchSize: 4, sequenceLength: 32, seed: 1) }
        == "corpus: the text has 128 tokens, but one batch of 4 × 32 needs 129; "
        + "use more text, or lower batch_size or sequence_length.")
    #expect(
      sentence {
        try BatchSampler(tokenCount: 5, batchSize: .max, sequenceLength: 2, seed: 1)
      }.contains("needs more than"))
    #expect(
      sentence { try BatchSampler(tokenCount: 5, batchSize: 0, sequenceLength: 2, seed: 1) }
        .contains("is empty"))
  }
}
