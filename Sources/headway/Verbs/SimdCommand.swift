import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Says which vector instructions a program has, and which of them its run executed.
struct SimdCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simd",
    abstract:
      "Say which functions compute on vectors: as they stand in a file, or as a run's samples found them.",
    discussion: """
      headway simd .headway/runs/20261121T023900Z-4711

      Of a run that sampled its stacks (headway train --set stack_sampling_hz=99) the hot functions are shown, with \
      the class of the instruction at which each sample interrupted them. Of a program the functions with the most \
      floating-point instructions are shown, whether they are ever called or not. Needs objdump.
      """)

  @Argument(help: "A run's directory or a program (default: this command itself).", completion: .file())
  var subject: String?

  @Option(help: "Functions that are shown.")
  var limit = 20

  @Option(help: "The disassembler: an objdump of binutils or of LLVM (default: the first in PATH).")
  var objdump: String?

  @Flag(help: "Print the counts as JSON (headway.simd/1).")
  var json = false

  func run() throws {
    guard limit > 0 else {
      throw InputError(
        "--limit", problem: "\(limit) functions show nothing", remedy: "use 1 or more", isUsage: true)
    }
    let subject = try subject ?? OwnExecutable.path()
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: subject, isDirectory: &isDirectory)
    guard exists else {
      throw InputError(
        subject, problem: "does not exist", remedy: "name a program or a run's directory", isUsage: true)
    }
    let mix: InstructionMix
    if isDirectory.boolValue {
      // The samples first: without them no disassembler is needed.
      let profile = try RunDirectory(opening: subject).stacks()
      mix = try RunInstructions(profile: profile, disassembler: try Disassembler(named: objdump)).mix(
        limit: limit)
    } else {
      let disassembler = try Disassembler(named: objdump)
      let demangler = Demangler()
      mix = InstructionMix(
        of: DisassembledFile(
          path: subject, isWhole: true,
          disassembly: try disassembler.read(subject, ranges: nil, wanted: [])),
        disassembler: disassembler.version, limit: limit, demangle: demangler.demangle)
    }
    if json {
      try Terminal.writeJSON(mix)
    } else {
      Terminal.write(
        TerminalReport.render(instructions: mix, width: Terminal.columns(), color: Terminal.colours))
    }
  }
}
