import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Disassembly read in pieces, and joined with samples.
@Suite struct InstructionMixTests {
  private static let text = """
    /bin/program:     file format elf64-x86-64


    Disassembly of section .text:

    0000000000000000 <fast>:
           0:\tvmovups (%rdi),%ymm0
           4:\tvfmadd231ps (%rsi),%ymm0,%ymm1
           9:\tvaddps %ymm1,%ymm2,%ymm2
           d:\tjne    4 <fast+0x4>

    0000000000000010 <slow>:
          10:\tmovss  (%rdi),%xmm0
          14:\taddss  %xmm0,%xmm1
          18:\tinc    %rdi

    0000000000000020 <never>:
          20:\tmulps  %xmm0,%xmm1
          23:\tret

    """

  private func disassembly(_ wanted: Set<UInt64> = []) -> Disassembly {
    var disassembly = Disassembly(wanted: wanted)
    disassembly.add(Self.text)
    disassembly.finish()
    return disassembly
  }

  private func counts(
    packed: Int = 0, scalar: Int = 0, other: Int = 0, rest: Int = 0, fused: Int = 0,
    widths: [String: Int] = [:]
  ) -> InstructionCounts {
    var counts = InstructionCounts()
    (counts.packed, counts.scalar, counts.otherVector, counts.rest) = (packed, scalar, other, rest)
    (counts.fused, counts.packedByWidth) = (fused, widths)
    return counts
  }

  @Test func functionsAreCountedAsTheyStand() {
    let found = disassembly()
    #expect(found.format == "elf64-x86-64")
    #expect(found.functions.map(\.name) == ["fast", "slow", "never"])
    #expect(found.functions.map(\.address) == [0, 0x10, 0x20])
    #expect(
      found.functions.map(\.counts) == [
        counts(packed: 2, other: 1, rest: 1, fused: 1, widths: ["256": 2]),
        counts(scalar: 1, other: 1, rest: 1), counts(packed: 1, rest: 1, widths: ["128": 1]),
      ])
    #expect(found.counts.total == 9 && found.counts.packedWidth == 256)
  }

  @Test func piecesMayEndAnywhere() {
    let whole = disassembly([4])
    let bytes = Array(Self.text.utf8)
    for size in 1...40 {
      var pieces = Disassembly(wanted: [4])
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { pieces.add($0) }
      }
      pieces.finish()
      #expect(pieces.functions.map(\.counts) == whole.functions.map(\.counts), "pieces of \(size)")
      #expect(pieces.places == whole.places && pieces.places.count == 1)
    }
  }

  @Test func aFileWithoutSymbolsIsOneFunction() {
    var stripped = Disassembly()
    stripped.add("  10:\taddss  %xmm0,%xmm1\n")
    stripped.add("  14:\tret")
    stripped.finish()
    #expect(stripped.functions.map(\.counts) == [counts(scalar: 1, rest: 1)])
  }

  @Test func aProgramsFunctionsAreSortedByArithmetic() {
    let mix = InstructionMix(
      of: DisassembledFile(path: "/bin/program", isWhole: true, disassembly: disassembly()),
      disassembler: "objdump 1", limit: 2, demangle: { "<\($0)>" })
    #expect(mix.functions.map(\.name) == ["<fast>", "<slow>"])
    #expect(mix.functions.allSatisfy { $0.module == "program" && $0.sampled == nil && $0.share == nil })
    #expect(mix.samples == nil && mix.files.map(\.functions) == [3])
    #expect(mix.files.first?.inFile.total == 9 && mix.files.first?.inHotFunctions == nil)
  }

  /// A profile of leaves at addresses of `/bin/program`, in functions by name; `nil` is code without a file.
  private func profile(_ samples: [(address: UInt64, function: String?, periods: Int, asleep: Bool)])
    -> StackProfile
  {
    var profile = StackProfile.literal(stacks: [])
    profile.threads = [SampledThread(name: "worker-0", role: .worker, threadID: ThreadID(1))]
    for sample in samples {
      let name = sample.function ?? "nowhere"
      let function = profile.functions.name.firstIndex(of: name) ?? profile.functions.count
      if function == profile.functions.count {
        profile.functions.name.append(name)
        profile.functions.module.append(sample.function == nil ? -1 : 0)
      }
      profile.frames.function.append(function)
      profile.frames.address.append(sample.address)
      profile.frames.line.append(0)
      profile.frames.isInlined.append(false)
      profile.stacks.frame.append(profile.frames.count - 1)
      profile.stacks.caller.append(-1)
      profile.samples.append(
        thread: 0, ticksSincePrevious: 10, stack: profile.stacks.count - 1, isSleeping: sample.asleep,
        state: -1,
        periods: sample.periods)
    }
    return profile
  }

  @Test func samplesFindTheirInstructions() throws {
    let profile = profile([
      (0x4, "fast", 6, false), (0x9, "fast", 3, false), (0xd, "fast", 1, false), (0x14, "slow", 4, false),
      (0x15, "slow", 1, false), (0x7fff_0000, nil, 2, false), (0x4, "fast", 50, true),
    ])
    let places = SampledPlaces(profile)
    #expect(places.periods == 17 && places.outside == 2)
    let addresses = try #require(places.modules[0])
    let mix = InstructionMix(
      of: profile, places: places,
      files: [
        DisassembledFile(
          path: "/bin/program", module: 0, isWhole: true, disassembly: disassembly(Set(addresses.keys)))
      ], disassembler: "objdump 1", limit: 10)
    #expect(mix.functions.map(\.name) == ["fast", "slow"])
    let fast = try #require(mix.functions.first)
    #expect(fast.sampled == counts(packed: 9, rest: 1, fused: 6, widths: ["256": 9]))
    #expect(fast.sampled?.packedShare == 1 && fast.sampled?.fusedShare == 6.0 / 9)
    #expect(fast.inFile == counts(packed: 2, other: 1, rest: 1, fused: 1, widths: ["256": 2]))
    #expect(fast.share == 10.0 / 17)
    #expect(mix.functions.last?.sampled == counts(scalar: 4) && mix.functions.last?.sampled?.packedShare == 0)
    #expect(mix.samples == SampleJoin(periods: 17, joined: 14, elsewhere: 2, unmatched: 1, unknown: 0))
    let file = try #require(mix.files.first)
    #expect(file.inFile.total == 9 && file.inHotFunctions?.total == 7)
    let cold = file.inFile - (try #require(file.inHotFunctions))
    #expect(cold == counts(packed: 1, rest: 1, widths: ["128": 1]), "never is in the file and not hot")
  }

  @Test func filesThatWereNotDisassembledAreCounted() {
    let profile = profile([(0x4, "fast", 6, false)])
    let mix = InstructionMix(
      of: profile, places: SampledPlaces(profile), files: [], disassembler: "objdump 1", limit: 10)
    #expect(mix.functions.isEmpty && mix.files.isEmpty)
    #expect(mix.samples == SampleJoin(periods: 6, elsewhere: 6))
  }

  @Test func onlyTheWindowCounts() {
    var profile = profile([(0x4, "fast", 1, false), (0x9, "fast", 1, false), (0xd, "fast", 1, false)])
    profile.window = SampleWindow(begin: 15, end: 25)
    #expect(SampledPlaces(profile).modules[0]?.keys.sorted() == [0x9])
  }

  @Test func anUnknownPlaceIsCounted() {
    var profile = profile([(0x4, "fast", 2, false)])
    profile.samples.stack = [-1]
    let places = SampledPlaces(profile)
    #expect(places.unknown == 2 && places.periods == 2 && places.modules.isEmpty)
  }
}
