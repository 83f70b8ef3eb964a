import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway simd` on programs and runs whose answer is known.
@Suite(.serialized) struct SimdTests {
  static let disassembler = "/usr/bin/objdump"
  static var hasDisassembler: Bool { FileManager.default.isExecutableFile(atPath: disassembler) }
  static var hasCompiler: Bool { FileManager.default.isExecutableFile(atPath: ExampleTests.compiler) }

  private func mix(_ place: Workplace, _ arguments: [String]) throws -> InstructionMix {
    let outcome = try place.headway(["simd", "--json"] + arguments)
    try #require(outcome.status == 0, "\(outcome.stderr)")
    return try HeadwayJSON.decode(InstructionMix.self, from: Data(outcome.stdout.utf8), subject: "simd")
  }

  @Test(
    .enabled("there are objdump and a C compiler") { hasDisassembler && hasCompiler },
    .timeLimit(.minutes(2)))
  func aProgramWithAPackedAndAScalarLoop() throws {
    let place = try Workplace()
    let source = packageRoot.appending(path: "Tests/Fixtures/EndToEnd/loops.c").path
    let built = try place.run(ExampleTests.compiler, ["-O3", "-fPIE", "-pie", source, "-o", "loops"])
    try #require(built.status == 0, "\(built.stderr)")
    let mix = try mix(place, ["loops"])
    #expect(mix.samples == nil && mix.warnings.isEmpty && !mix.disassembler.isEmpty)
    let packed = try #require(mix.functions.first { $0.name == "packed_loop" }).inFile
    #expect(packed.packed > 0 && packed.scalar == 0 && packed.fused > 0, "\(packed)")
    #expect(packed.packedByWidth.keys.sorted() == ["256"] && packed.packedWidth == 256)
    let narrow = try #require(mix.functions.first { $0.name == "narrow_loop" }).inFile
    #expect(narrow.packed > 0 && narrow.fused == 0 && narrow.packedByWidth.keys.sorted() == ["128"])
    let scalar = try #require(mix.functions.first { $0.name == "scalar_loop" }).inFile
    #expect(scalar.packed == 0 && scalar.scalar > 0, "\(scalar)")
    #expect(!mix.functions.contains { $0.name == "whole_numbers" }, "it has no arithmetic of floats")
    let page = try place.headway(["simd", "loops"])
    #expect(page.stdout.contains("as they stand in the file") && page.stdout.contains("packed_loop"))
  }

  @Test(
    .enabled("there is objdump") { hasDisassembler }, .timeLimit(.minutes(5)),
    arguments: [("reference", false), ("simd", true)])
  func aRunsHotFunctions(kernels: String, isPacked: Bool) throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--quiet", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "width=64", "--set", "sequence_length=32", "--set", "kernels=\(kernels)"]
        + ["--set", "steps=\(isPacked ? 200 : 10)", "--set", "stack_sampling_hz=1000"])
    try #require(run.status == 0, "\(run.stderr)")
    let mix = try mix(place, ["run"])
    let samples = try #require(mix.samples)
    #expect(samples.periods > 0)
    #expect(samples.joined + samples.elsewhere + samples.unmatched + samples.unknown == samples.periods)
    #expect(
      samples.unmatched * 50 <= samples.periods, "\(samples): an interrupted thread stands at an instruction")
    // The rest is the kernel's code in every process, which reads clocks.
    #expect(samples.joined * 3 > samples.periods, "\(samples)")
    let sampled = mix.functions.compactMap(\.sampled).reduce(into: InstructionCounts()) { $0 += $1 }
    try #require(sampled.arithmetic >= 20, "\(sampled)")
    let share = try #require(sampled.packedShare, "samples lie at arithmetic")
    // The compiler packs a few of the reference loops by itself, such as those that add one array to another.
    #expect(isPacked ? share > 0.7 : share < 0.4, "\(share) of the arithmetic is packed")
    if isPacked { #expect(sampled.packedWidth == 256) }
    let file = try #require(mix.files.first { $0.isWhole })
    let hot = try #require(file.inHotFunctions)
    #expect(
      hot.packed < file.inFile.packed, "the file has packed instructions that are not hot, whatever ran")
    guard isPacked else { return }
    let page = try place.headway(["simd", "run"])
    #expect(page.stdout.contains("not hot") && page.stdout.contains("packed"))
  }

  @Test func whatCannotBeReadIsASentence() throws {
    let place = try Workplace()
    try place.write("no program", to: "text-file")
    let nothing = try place.headway(["simd", "absent"])
    #expect(nothing.status == 64 && nothing.stderr.contains("absent: does not exist"))
    let tool = try place.headway(["simd", "text-file"], environment: ["PATH": place.url("text").path])
    #expect(tool.status == 1 && tool.stderr.contains("install binutils"), "\(tool.stderr)")
    let named = try place.headway(["simd", "text-file", "--objdump", "no-such-tool"])
    #expect(named.status == 64 && named.stderr.contains("no-such-tool"))
    #expect(try place.headway(["simd", "text-file", "--limit", "0"]).status == 64)
    try FileManager.default.createDirectory(at: place.url("run"), withIntermediateDirectories: true)
    let bare = try place.headway(["simd", "run"])
    #expect(bare.status == 1 && bare.stderr.contains("stack_sampling_hz=99"), "\(bare.stderr)")
    guard Self.hasDisassembler else { return }
    let text = try place.headway(["simd", "text-file"])
    #expect(text.status == 1 && text.stderr.contains("text-file") && text.stderr.contains("x86-64"))
    #expect(text.stderr.split(separator: "\n").count == 1, "one sentence: \(text.stderr)")
  }
}
