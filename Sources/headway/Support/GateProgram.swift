import Foundation
import HeadwayFiles
import HeadwayTrace

/// One side of a gate: a program that is called as `headway train` is.
struct GateProgram {
  /// What the person called it.
  var name: String
  /// The binary's path.
  var executable: String
  /// The commit that it was built from; absent for a binary.
  var commit: String?

  /// As the contract has it.
  var contract: GatedProgram {
    GatedProgram(
      name: name, gitCommit: commit, binaryHash: try? ContentHash(ofFiles: [executable]).hexadecimal)
  }

  /// Finds or builds what was named: a binary, a directory with a package, or a reference of git.
  ///
  /// - Parameters:
  ///   - option: The option that named it, for errors.
  ///   - cache: Where binaries of commits are kept.
  init(_ name: String, option: String, cache: String) throws {
    self.name = name
    if Directory.isDirectory(name) && FileManager.default.fileExists(atPath: name + "/Package.swift") {
      executable = try Self.build(name)
      commit = try? Self.git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], in: name)
      return
    }
    if FileManager.default.fileExists(atPath: name) && !Directory.isDirectory(name) {
      guard access(name, X_OK) == 0 else {
        throw InputError(
          option, field: name, problem: "the file may not be executed",
          remedy: "name a binary, a checkout or a git reference", isUsage: true)
      }
      executable = Self.absolute(name)
      return
    }
    guard let sha = try? Self.git(["rev-parse", "--verify", "--quiet", name + "^{commit}"], in: ".") else {
      throw InputError(
        option, field: name,
        problem: "this is no binary, no directory with a Package.swift and no git reference",
        remedy: "name one of them", isUsage: true)
    }
    commit = sha
    executable = try Self.build(commit: sha, cache: cache)
  }

  /// Builds a commit in a worktree of its own and keeps the binary, so that the next gate finds it.
  private static func build(commit: String, cache: String) throws -> String {
    let binary = absolute("\(cache)/binaries/\(commit)")
    if access(binary, X_OK) == 0 { return binary }
    let worktree = absolute("\(cache)/worktrees/\(commit)-\(getpid())")
    try Directory.create(Directory.parent(of: binary))
    try Directory.create(Directory.parent(of: worktree))
    // What an earlier gate left that was killed.
    _ = try? git(["worktree", "prune"], in: ".")
    _ = try git(["worktree", "add", "--detach", worktree, commit], in: ".")
    defer { _ = try? git(["worktree", "remove", "--force", worktree], in: ".") }
    let built = try build(worktree)
    let staged = binary + TemporaryName.mark + "\(getpid())"
    do {
      try FileManager.default.copyItem(atPath: built, toPath: staged)
    } catch {
      throw InputError(
        binary, problem: "the binary could not be kept (\(error.localizedDescription))",
        remedy: "free some space there")
    }
    guard rename(staged, binary) == 0 else {
      throw SystemFailure.error(.write, binary, code: errno)
    }
    return binary
  }

  /// Builds the package in a directory as users do, and returns the path of its `headway`.
  private static func build(_ directory: String) throws -> String {
    Terminal.complain("gate: building \(directory)")
    let options = ["build", "-c", "release"]
    let build = ToolRun(
      executable: "swift", arguments: options + ["--product", "headway"], directory: directory)
    let outcome = try build.run()
    if outcome.status != 0 {
      let last = outcome.output.split(separator: "\n").suffix(3).joined(separator: " / ")
      throw InputError(
        directory, problem: "swift build ended with status \(outcome.status): \(last)",
        remedy: "build it there by hand to see more")
    }
    let place =
      try ToolRun(executable: "swift", arguments: options + ["--show-bin-path"], directory: directory)
      .run().output.split(separator: "\n").last.map(String.init) ?? ""
    let binary = place + "/headway"
    guard access(binary, X_OK) == 0 else {
      throw InputError(
        directory, problem: "the package builds no headway", remedy: "name a checkout of headway")
    }
    return binary
  }

  /// What git prints, without the end of its line.
  private static func git(_ arguments: [String], in directory: String) throws -> String {
    let outcome = try ToolRun(executable: "git", arguments: arguments, directory: directory).run()
    let text = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    if outcome.status == 0 { return text }
    throw InputError(
      "git \(arguments.joined(separator: " "))", problem: "it ended with status \(outcome.status): \(text)",
      remedy: "run it by hand to see more")
  }

  private static func absolute(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
  }
}
