import HeadwayProbes
import HeadwayTrace
import Testing

/// The kernel's memory texts, as literals.
@Suite struct MemoryTextTests {
  private func parse<Result>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result?) -> Result? {
    Array(text.utf8).withUnsafeBufferPointer(body)
  }

  @Test func statmHasResidentAndSharedPages() throws {
    let pages = try #require(parse("141011 13260 7182 1173 0 49645 0\n", MemoryText.statm))
    #expect(pages.resident == 13_260 && pages.shared == 7_182)
  }

  @Test(arguments: ["", "\n", "12", "12 13", "a b c", "1 99999999999999999999 3"])
  func damagedStatmIsAbsent(text: String) {
    #expect(parse(text, MemoryText.statm) == nil)
  }

  @Test func theRollupHasPssAndSwapOfTheirOwnLines() throws {
    let text = """
      55c9bb0b2000-7ffd4f9fe000 ---p 00000000 00:00 0                          [rollup]
      Rss:               53040 kB
      Pss:               37201 kB
      Pss_Dirty:         25000 kB
      Anonymous:         24312 kB
      SwapPss:              77 kB
      Swap:                 12 kB
      Locked:                0 kB

      """
    let parts = try #require(parse(text, MemoryText.rollup))
    #expect(parts.pss == 37_201 << 10 && parts.swap == 12 << 10)
    #expect(parse("Pss: 12 kB\n", MemoryText.rollup) == nil, "without Swap: it is no rollup")
    #expect(parse("", MemoryText.rollup) == nil)
  }

  private let smaps = """
    55c9bb0b2000-55c9bb547000 r-xp 00000000 fe:00 16228460                   /opt/a b/headway
    Size:               4692 kB
    Rss:                3136 kB
    VmFlags: rd ex mr mw me
    55c9bb564000-55c9bb5a3000 rw-p 004b1000 fe:00 16228460                   /opt/a b/headway
    Rss:                 252 kB
    55c9f8e19000-55c9f8e8e000 rw-p 00000000 00:00 0                          [heap]
    Rss:                 320 kB
    7efee0000000-7efee0021000 rw-p 00000000 00:00 0 
    Rss:                  12 kB
    7efee0021000-7efee4000000 ---p 00000000 00:00 0 
    Rss:                   0 kB
    7efee98ae000-7efee98af000 ---p 00000000 00:00 0 
    Rss:                   0 kB
    7efee98af000-7efee9cae000 rw-p 00000000 00:00 0 
    Rss:                  28 kB
    7efefc735000-7efefc800000 r--p 00000000 fe:00 16228467                   /nowhere/corpus/train.bin
    Rss:                 812 kB
    7efefc800000-7efefc900000 rw-s 00000000 fe:00 16228468                   /nowhere/run/trace.hwtrace
    Rss:                 200 kB
    7ffca74db000-7ffca74fc000 rw-p 00000000 00:00 0                          [stack]
    Rss:                  52 kB
    7ffca7514000-7ffca7516000 r-xp 00000000 00:00 0                          [vdso]
    Rss:                   4 kB

    """

  @Test func smapsGivesEveryMapping() throws {
    let mappings = try #require(MemoryMapping.parse(smaps: smaps))
    #expect(mappings.count == 11)
    #expect(mappings[0].path == "/opt/a b/headway" && mappings[0].permissions == "r-xp")
    #expect(mappings[0].start == 0x55c9_bb0b_2000 && mappings[0].residentBytes == 3136 << 10)
    #expect(MemoryMapping.parse(smaps: "") == nil)
    let headless = smaps.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(MemoryMapping.parse(smaps: headless) == nil, "a size without a mapping")
  }

  @Test func aMapIsSortedByWhatItsMappingsAre() throws {
    let map = ResidentMap(try #require(MemoryMapping.parse(smaps: smaps)))
    #expect(map.programBytes == (3136 + 252 + 4) << 10, "code and data of what is executable")
    #expect(map.stackBytes == (28 + 52) << 10, "behind a guard; the unused rest of a heap is no guard")
    #expect(map.bytes(ofFilesIn: "/nowhere/corpus") == 812 << 10)
    #expect(map.bytes(ofFilesIn: "/nowhere/corp") == 0)
    #expect(map.bytes(ofFile: "/nowhere/run/trace.hwtrace") == 200 << 10)
    #expect(map.totalBytes == (3136 + 252 + 320 + 12 + 28 + 812 + 200 + 52 + 4) << 10)
  }
}
