import Foundation
import Glibc
import HeadwayAnalysis
import HeadwayTrace

/// The objdump of binutils or of LLVM, which reads more instruction sets than a library that is linked in, and grows
/// with the system's toolchain. Their text is the same in what is read of it.
struct Disassembler {
  /// The program.
  let path: String
  /// What it says of itself: `GNU objdump (GNU Binutils) 2.40`.
  let version: String

  /// The program that was named, or the first of `objdump` and `llvm-objdump` in `PATH`.
  ///
  /// - Throws: ``InputError`` when there is none.
  init(named name: String?) throws(InputError) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let candidates =
      name.map { [$0] } ?? ["objdump", "llvm-objdump"].flatMap { tool in folders.map { $0 + "/" + tool } }
    guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw InputError(
        name ?? "objdump", problem: "no disassembler was found",
        remedy: "install binutils (sudo apt-get install binutils) or name one with --objdump",
        isUsage: name != nil)
    }
    self.path = path
    var text = ""
    try Self.run(path, ["--version"], about: path) { text += String(decoding: $0, as: UTF8.self) }
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    version = lines.first { $0.contains("objdump") || $0.contains("LLVM version") } ?? lines.first ?? path
  }

  /// Disassembles a file, or parts of it.
  ///
  /// - Parameters:
  ///   - file: An ELF file for x86-64.
  ///   - ranges: Stretches of code in the file's own addresses; `nil` for all.
  ///   - wanted: The addresses whose instructions matter.
  /// - Throws: ``InputError`` when the file cannot be disassembled or is for another processor.
  func read(_ file: String, ranges: [Range<UInt64>]?, wanted: Set<UInt64>) throws(InputError) -> Disassembly {
    guard FileManager.default.isReadableFile(atPath: file) else {
      throw InputError(file, problem: "cannot be read", remedy: "name a program or a run's directory")
    }
    var result = Disassembly(wanted: wanted)
    guard let ranges else {
      try Self.run(path, ["-d", "--no-show-raw-insn", file], about: file) { result.add($0) }
      result.finish()
      try Self.requireFormat(of: result, file: file)
      return result
    }
    for range in ranges {
      var part = Disassembly(wanted: wanted)
      let bounds = [
        "--start-address=0x" + String(range.lowerBound, radix: 16),
        "--stop-address=0x" + String(range.upperBound, radix: 16),
      ]
      try Self.run(path, ["-d", "--no-show-raw-insn"] + bounds + [file], about: file) { part.add($0) }
      part.finish()
      try Self.requireFormat(of: part, file: file)
      result.append(part)
    }
    return result
  }

  private static func requireFormat(of disassembly: Disassembly, file: String) throws(InputError) {
    guard let format = disassembly.format, format.hasSuffix("x86-64") else {
      throw InputError(
        file, problem: "its format is \(disassembly.format ?? "not one of programs"), expected elf64-x86-64",
        remedy: "name a program for x86-64, of which alone the instructions are told apart")
    }
  }

  /// Runs a program and hands its output on, piece by piece. What it complains of becomes part of the error.
  private static func run(
    _ program: String, _ arguments: [String], about subject: String, _ take: (UnsafeRawBufferPointer) -> Void
  ) throws(InputError) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    // The words that are looked for are those of the C locale.
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    let (output, complaints) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    do {
      try process.run()
    } catch {
      throw InputError(
        program, problem: "cannot be run (\(error.localizedDescription))",
        remedy: "name another with --objdump")
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    // A few lines, which the pipe held while the output was read.
    let said = (try? complaints.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let reason = String(decoding: said, as: UTF8.self).split(separator: "\n").first.map(String.init)
      throw InputError(
        subject, problem: "\(program) cannot read it (\(reason ?? "status \(process.terminationStatus)"))",
        remedy: "name a program for x86-64, or another disassembler with --objdump")
    }
  }
}
