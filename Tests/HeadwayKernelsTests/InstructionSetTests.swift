import Foundation
import HeadwayKernels
import Testing

/// The processor check against what the kernel of the operating system says.
@Suite struct InstructionSetTests {
  #if arch(x86_64)
    @Test func agreesWithTheOperatingSystem() throws {
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " "))
      #expect(InstructionSet.missing() == ["avx2", "fma"].filter { !flags.contains(Substring($0)) })
    }
  #else
    @Test func nothingIsRequired() {
      #expect(InstructionSet.missing().isEmpty)
    }
  #endif
}
