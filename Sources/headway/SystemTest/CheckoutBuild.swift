import Foundation
import HeadwayFiles
import HeadwayTrace

/// Builds the checkout that the command stands in, and keeps what the compiler had to say.
enum CheckoutBuild {
  /// The checkout's directory: the working directory or the nearest one above it that holds this package.
  static func directory() -> String? {
    var directory = URL(filePath: FileManager.default.currentDirectoryPath)
    while true {
      let manifest = directory.appending(path: "Package.swift")
      if let text = try? String(contentsOf: manifest, encoding: .utf8), text.contains("name: \"headway\"") {
        return directory.path(percentEncoded: false)
      }
      let parent = directory.deletingLastPathComponent()
      if parent.path == directory.path { return nil }
      directory = parent
    }
  }

  /// Builds it as users do.
  ///
  /// - Parameters:
  ///   - scratch: A fresh directory to build in, so that everything is compiled and every warning shows; the
  ///     checkout's own build is brought up to date when `nil`.
  ///   - progress: Told how far the build is, 0 … 1, and in what.
  ///   - started: Told the number of the process that builds.
  /// - Throws: ``InputError`` when it does not build.
  static func run(
    in directory: String, scratch: String?, progress: (Double, String) -> Void,
    started: (Int32) -> Void
  ) throws -> BuildResult {
    let place = scratch.map { ["--scratch-path", $0] } ?? []
    let options = ["build", "-c", "release", "--product", "headway"] + place
    let begin = ContinuousClock.now
    var output = BuildOutput()
    let status = try ToolRun(executable: "swift", arguments: options, directory: directory).run(
      started: started
    ) { line in
      output.add(line)
      if let (done, total) = output.progress { progress(Double(done) / Double(total), line) }
    }
    let elapsed = Nanoseconds(elapsedSince: begin)
    guard status == 0 else {
      throw InputError(
        directory, problem: "swift build ended with status \(status): \(output.lastError)",
        remedy: "build it there by hand to see more")
    }
    let path = try ToolRun(
      executable: "swift", arguments: options + ["--show-bin-path"], directory: directory
    )
    .run().output.split(separator: "\n").last.map { String($0) + "/headway" }
    return BuildResult(
      directory: directory, command: "swift " + options.joined(separator: " "), elapsedNs: elapsed,
      isFresh: scratch != nil, compiledModules: output.modules, warnings: output.warnings,
      binaryHash: path.flatMap { try? ContentHash(ofFiles: [$0]).hexadecimal })
  }
}

/// What `swift build` prints, line by line.
struct BuildOutput {
  /// Warnings in order, each once.
  private(set) var warnings: [String] = []
  /// Modules that were compiled, in order, each once.
  private(set) var modules: [String] = []
  /// Steps done and in all, as of the latest line that says so.
  private(set) var progress: (done: Int, total: Int)?
  private var errors: [String] = []
  private var last = ""

  /// Reads one line.
  mutating func add(_ line: String) {
    if !line.isEmpty { last = line }
    if let match = line.wholeMatch(of: /\[(\d+)\/(\d+)\] (.*)/) {
      if let done = Int(match.output.1), let total = Int(match.output.2), total > 0 {
        progress = (min(done, total), total)
      }
      let words = match.output.3.split(separator: " ")
      if words.count > 1, words[0] == "Compiling", !words[1].contains("."),
        !modules.contains(String(words[1]))
      {
        modules.append(String(words[1]))
      }
    }
    // The compiler repeats a message under the line of source that it is about; that one has no place before it.
    let plain = line.replacing(/\x1B\[[0-9;]*m/, with: "")
    if let text = plain.wholeMatch(of: /(?:(.+:\d+:\d+): )?warning: (.*)/) {
      let warning = text.output.1.map { "\($0): \(text.output.2)" } ?? String(text.output.2)
      if !warnings.contains(warning) { warnings.append(warning) }
    } else if plain.contains(#/^(.+:\d+:\d+: )?error: /#) {
      errors.append(plain)
    }
  }

  /// The first errors, or the last thing that was said.
  var lastError: String { errors.isEmpty ? last : errors.prefix(3).joined(separator: " / ") }
}

extension Nanoseconds {
  /// The time since a moment.
  init(elapsedSince start: ContinuousClock.Instant) {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    self.init(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
