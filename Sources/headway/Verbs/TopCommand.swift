import ArgumentParser
import Foundation
import HeadwayStore
import HeadwayTrace

/// Watches a run of another process while it goes on.
struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Watch a run while it goes on: threads, waits, queues, loss, speed and memory.",
    discussion: """
      headway top .headway/runs/20261121T023900Z-4711

      What every thread works and waits is read from the status file that a run keeps while it goes on, also with \
      probe: counters and when its trace is full; being watched costs the run nothing. On a terminal the page is drawn \
      in place, and q or Ctrl-C ends it; elsewhere there is a line a refresh. It ends when the run does.
      """)

  @Argument(help: "The directory of a run that goes on.", completion: .directory)
  var directory: String

  @Option(help: "Seconds between two refreshes, 0.1 to 3600.")
  var interval = 1.0

  @Option(help: "End after so many refreshes.")
  var count: Int?

  @Flag(help: "Print a line of JSON a refresh, of the contract headway.live/1.")
  var json = false

  @Flag(help: .hidden) var untilItBegins = false

  func validate() throws {
    guard (0.1...3_600).contains(interval) else {
      throw ValidationError("--interval is \(interval), and 0.1 to 3600 seconds were expected")
    }
    if let count, count < 1 { throw ValidationError("--count is \(count), and 1 or more was expected") }
  }

  func run() throws {
    let run = try RunDirectory(opening: directory)
    let loop = LiveLoop(
      run: run, interval: .seconds(interval), count: count, form: json ? .json : .page,
      awaitsBeginning: untilItBegins)
    switch try loop.follow() {
    case .quit: return
    case .interrupted: throw ExitCode(130)
    case .ended:
      let sentence = "the run has ended; headway report \(directory) shows it"
      // Whoever started the training knows, and JSON is for programs.
      if untilItBegins { return }
      if json { Terminal.complain(sentence) } else { Terminal.writeLine(sentence) }
    }
  }
}
