import ArgumentParser
import Foundation
import HeadwayHistory
import HeadwayReading
import HeadwayTrace

/// Serves the local page: runs and sweeps, their reports, comparisons and live runs.
///
/// The web server takes minutes to build, so it is a program of its own that this verb turns into.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "A local page of all runs and sweeps: open their reports, compare two, follow a run.",
    discussion: """
      headway serve

      Reads runs, sweeps and the history, and writes nothing. Only this machine reaches the page unless --host \
      names another address. The page's server is built apart: make serve.
      """)

  @Argument(
    help: "Directories with runs or sweeps in them (default: .headway, where it is).", completion: .directory)
  var directories: [String] = []

  @Option(
    help: "The history's file (default: \(HistoryDatabase.usualPath), where it is).",
    completion: .file(extensions: ["sqlite"]))
  var history: String?

  @Option(help: "The address to listen at: whoever reaches it can read every report.")
  var host = ServePlan.loopback

  @Option(help: "The port to listen at; 0 for any that is free.")
  var port = ServePlan.usualPort

  func run() throws {
    guard (0...65_535).contains(port) else {
      throw InputError(
        "--port", problem: "got \(port), expected 0 to 65535",
        remedy: "leave it out for \(ServePlan.usualPort)",
        isUsage: true)
    }
    for path in directories + [history].compactMap(\.self) where !FileManager.default.fileExists(atPath: path)
    {
      throw InputError(path, problem: "there is no such file or directory", remedy: "check the path")
    }
    let plan = ServePlan(
      directories: directories.isEmpty ? Self.present(".headway") : directories,
      history: history ?? Self.present(HistoryDatabase.usualPath).first, host: host, port: port)
    let program = try Self.program(besides: try OwnExecutable.path())
    let argument = String(decoding: try HeadwayJSON.line(plan), as: UTF8.self)
    // Ignored signals stay ignored over this; the page's server wants the usual end by a signal.
    signal(SIGXFSZ, SIG_DFL)
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(argument), nil]
    // The words are terminated by zeros and the list by nil, as the call asks; it only returns when it has failed.
    execv(program, &words)
    let code = errno
    for word in words { free(word) }
    throw InputError(
      program, problem: "could not be started (\(String(cString: strerror(code))))",
      remedy: "run make serve again")
  }

  private static func present(_ path: String) -> [String] {
    FileManager.default.fileExists(atPath: path) ? [path] : []
  }

  /// The page's server: beside this program, or where `make serve` puts it in the sources that this one was built from.
  private static func program(besides own: String) throws -> String {
    let name = "headway-serve"
    var folder = URL(filePath: own).deletingLastPathComponent()
    var places = [folder.appending(path: name)]
    while folder.path.count > 1 {
      places.append(folder.appending(path: "Serve/.build/release/\(name)"))
      folder = folder.deletingLastPathComponent()
    }
    for place in places.map({ $0.path(percentEncoded: false) })
    where FileManager.default.isExecutableFile(atPath: place) {
      return place
    }
    throw InputError(
      "headway serve", problem: "the page's server is a program of its own, and it has not been built",
      remedy: "run make serve where Headway's sources are, then this again")
  }
}
