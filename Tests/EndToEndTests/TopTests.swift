import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway top` and `headway train --live`: the real binary on a real run, and on a real terminal.
@Suite(.serialized) struct TopTests {
  private static let otherScreen = "\u{1B}[?1049h\u{1B}[?25l"
  private static let givenBack = "\u{1B}[?25h\u{1B}[?1049l"

  /// A run that goes on until somebody ends it, and is training.
  private func endlessRun(_ place: Workplace, _ settings: [String] = []) throws -> Process {
    let child = try place.start(
      ["train", "--corpus", "text", "--run-directory", "run"] + Workplace.smallModel
        + (["steps=1000000000", "threads=2", "scheduling=queue", "prefetch=2"] + settings)
        .flatMap { ["--set", $0] })
    try place.waitForFile("run/live.hwlive")
    while true {
      let seen = try place.headway(["top", "run", "--count", "1", "--interval", "0.1", "--json"])
      try #require(seen.status == 0, "\(seen.stderr)")
      let view = try HeadwayJSON.decode(LiveView.self, from: Data(seen.stdout.utf8), subject: "top")
      if view.step != nil && view.loss != nil { return child }
    }
  }

  /// A training that goes on and shows itself on a terminal.
  private func watchedTraining(_ place: Workplace) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(columns: 100, rows: 30)
    try terminal.start(
      try Workplace.binary(),
      ["train", "--corpus", "text", "--run-directory", "run", "--live"] + Workplace.smallModel
        + ["--set", "steps=1000000000"], in: place.directory.url)
    try terminal.read { pages($0).contains { $0.contains { $0.hasPrefix("worker-1") } } }
    return terminal
  }

  /// Whether a page fits a width, and was drawn for it and not for a narrower one.
  private func isOf(_ columns: Int, _ page: [String]) -> Bool {
    let widest = page.map(\.count).max() ?? 0
    return widest <= columns && widest > columns * 3 / 4
  }

  private func end(_ child: Process) {
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
  }

  /// The whole pages in what a terminal was sent, as lines without what colours them.
  private func pages(_ text: String) -> [[String]] {
    text.components(separatedBy: "\u{1B}[H").dropFirst().compactMap { part in
      guard let end = part.range(of: "\u{1B}[J") else { return nil }
      return part[..<end.lowerBound].components(separatedBy: "\r\n").map { line in
        // The terminal puts a return of its own before each line feed.
        line.replacing("\r", with: "").replacing(/\u{1B}\[[0-9;]*[a-zA-Z]/, with: "")
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func aTerminalIsDrawnInPlaceFollowsItsSizeAndIsGivenBack() throws {
    let place = try Workplace()
    let child = try endlessRun(place)
    defer { end(child) }
    let terminal = try PseudoTerminal(columns: 100, rows: 30)
    #expect(terminal.isAsFound)
    try terminal.start(
      try Workplace.binary(), ["top", "run", "--interval", "0.1"], in: place.directory.url)
    let first = try terminal.read { text in
      pages(text).contains { $0.contains { $0.contains("tokens/s") && $0.contains("loss ") } }
    }
    #expect(first.contains(Self.otherScreen) && !terminal.isAsFound)
    let page = try #require(pages(first).last)
    for name in ["main", "prefetch", "worker-0", "worker-1"] {
      #expect(page.contains { $0.hasPrefix(name) }, "\(name) in \(page)")
    }
    #expect(page.contains { $0.contains("work_queue holds ") } && page.contains { $0.contains("memory ") })
    #expect(page.contains { $0.hasPrefix("waiting in") } && page.last?.hasPrefix("q quits") == true)
    #expect(pages(first).allSatisfy { $0.count <= 30 && $0.allSatisfy { $0.count <= 100 } })

    // The next whole page that is of the new size; the terminal tells the program, which draws at once.
    func follow(_ columns: Int, _ rows: Int, _ isOfTheSize: ([String]) -> Bool) throws {
      terminal.resize(columns: columns, rows: rows)
      let seen = try terminal.read { pages($0).contains(where: isOfTheSize) }
      let last = pages(seen).last(where: isOfTheSize) ?? []
      #expect(!last.isEmpty && last.count <= rows && last.allSatisfy { $0.count <= columns }, "\(last)")
    }
    try follow(44, 9) { $0.count <= 9 && $0.allSatisfy { $0.count <= 44 } }
    try follow(160, 40) { $0.count > 9 && $0.contains { $0.count > 100 && $0.hasPrefix("worker-0") } }

    terminal.press("xq")
    #expect(try terminal.end() == 0)
    #expect(terminal.output.hasSuffix(Self.givenBack) && terminal.isAsFound)
    #expect(terminal.output.components(separatedBy: Self.otherScreen).count == 2)
    #expect(child.isRunning, "the run does not notice")
  }

  @Test(.timeLimit(.minutes(3)))
  func ctrlCAndTheEndOfTheRunGiveTheTerminalBackToo() throws {
    let place = try Workplace()
    let child = try endlessRun(place, ["probe=counters"])
    defer { end(child) }
    let terminal = try PseudoTerminal(columns: 90, rows: 24)
    try terminal.start(
      try Workplace.binary(), ["top", "run", "--interval", "60"], environment: ["NO_COLOR": "1"],
      in: place.directory.url)
    try terminal.read { pages($0).contains { $0.contains { $0.hasPrefix("worker-1") } } }
    terminal.press("\u{3}")
    #expect(try terminal.end() == 130)
    #expect(terminal.output.hasSuffix(Self.givenBack) && terminal.isAsFound)
    #expect(!terminal.output.contains("\u{1B}[1m") && !terminal.output.contains("\u{1B}[2m"), "NO_COLOR")

    // One that is watched while it is killed: the kernel says that its process is gone.
    let watching = try PseudoTerminal(columns: 90, rows: 24)
    try watching.start(
      try Workplace.binary(), ["top", "run", "--interval", "0.1"], in: place.directory.url)
    try watching.read { pages($0).contains { $0.contains { $0.hasPrefix("worker-1") } } }
    end(child)
    #expect(try watching.end() == 1)
    let last = try #require(watching.output.range(of: Self.givenBack))
    #expect(
      watching.output[last.upperBound...].contains("the run was killed"), "\(watching.output.suffix(300))")
    #expect(watching.isAsFound)
  }

  @Test(.timeLimit(.minutes(3)))
  func pipesGetALineARefresh() throws {
    let place = try Workplace()
    let child = try endlessRun(place)
    defer { end(child) }
    let lines = try place.headway(["top", "run", "--count", "2", "--interval", "0.1"])
    try #require(lines.status == 0, "\(lines.stderr)")
    let text = lines.stdout.split(separator: "\n")
    #expect(text.count == 2 && !lines.stdout.contains("\u{1B}"), "\(lines.stdout)")
    #expect(text.allSatisfy { $0.hasPrefix("step ") && $0.contains(" of 1,000,000,000, ") })
    #expect(text.allSatisfy { $0.contains("2 workers work ") && $0.contains(" resident") })

    let seen = try place.headway(["top", "run", "--count", "3", "--interval", "0.1", "--json"])
    try #require(seen.status == 0, "\(seen.stderr)")
    let views = try seen.stdout.split(separator: "\n").map {
      try HeadwayJSON.decode(LiveView.self, from: Data($0.utf8), subject: "standard output")
    }
    try #require(views.count == 3)
    #expect(views.map { $0.step ?? 0 } == views.map { $0.step ?? 0 }.sorted())
    for view in views {
      #expect(view.schema == "headway.live/1" && view.phase == .measuring && view.steps == 1_000_000_000)
      #expect(
        (view.tokensPerSecond ?? 0) > 0 && (view.loss ?? 0) > 0 && (view.memory?.rssBytes ?? 0) > 1_000_000)
      #expect(Set(view.queues.map(\.site)).isSuperset(of: ["work_queue", "prefetch"]), "\(view.queues)")
      #expect(view.queues.allSatisfy { (0...64).contains($0.items) })
      for name in ["main", "prefetch", "worker-0", "worker-1", "memory-sampler", "watchdog"] {
        let thread = try #require(view.threads.first { $0.name == name }, "\(name)")
        let sum = try #require(thread.shares).values.reduce(0, +)
        #expect(abs(sum - 1) < 0.02, "\(name): \(thread)")
        #expect(thread.isActive && thread.cpuShare != nil && thread.readyShare != nil, "\(thread)")
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func aRunThatDoesNotGoOnIsSaidSoInWords() throws {
    let place = try Workplace()
    let train = ["train", "--corpus", "text", "--quiet"] + Workplace.smallModel + ["--set", "steps=2"]
    try #require(try place.headway(train + ["--run-directory", "done"]).status == 0)
    #expect(!place.exists("done/live.hwlive"), "it is removed when the run ends")
    let done = try place.headway(["top", "done"])
    #expect(
      done.status == 1 && done.stderr.contains("the run has ended; headway report done"), "\(done.stderr)")

    let child = try endlessRun(place, ["probe=off"])
    defer { end(child) }
    let off = try place.headway(["top", "run", "--count", "1", "--interval", "0.1"])
    #expect(off.status == 0 && off.stdout.contains("no events and no states are recorded"), "\(off)")
    end(child)
    let killed = try place.headway(["top", "run"])
    #expect(killed.status == 1 && killed.stderr.contains("the run was killed: its process is gone"))

    for (name, file, words, status) in [
      ("sweep", "plan.json", "this is a sweep", Int32(64)), ("nothing", "x", "no run that goes on", 1),
    ] {
      try FileManager.default.createDirectory(at: place.url(name), withIntermediateDirectories: true)
      try place.write("{}", to: "\(name)/\(file)")
      let refused = try place.headway(["top", name])
      #expect(refused.status == status && refused.stderr.contains(words), "\(refused.stderr)")
    }
    #expect(try place.headway(["top", "none"]).status == 1)
    #expect(try place.headway(["top", "done", "--interval", "0"]).status == 64)
  }

  @Test(.timeLimit(.minutes(3)))
  func trainingShowsItselfAndGoesOnWhenTheDisplayIsLeft() throws {
    let place = try Workplace()
    let terminal = try watchedTraining(place)
    // The display is a process of its own, which the terminal tells of its size too.
    for (columns, rows) in [(50, 12), (120, 35)] {
      terminal.resize(columns: columns, rows: rows)
      let seen = try terminal.read { pages($0).contains { $0.count <= rows && isOf(columns, $0) } }
      let page = pages(seen).last { isOf(columns, $0) } ?? []
      #expect(page.count <= rows && page.contains { $0.hasPrefix("worker-0") }, "\(page)")
    }
    terminal.press("q")
    // The display has gone, and the bar comes in its place.
    let left = try terminal.read { $0.contains("ETA ") }
    #expect(left.contains(Self.givenBack) && terminal.isAsFound)
    terminal.press("\u{3}")
    #expect(try terminal.end() == 130)
    #expect(terminal.output.contains("recorded    run\r\n"), "\(terminal.output.suffix(200))")
    #expect(place.exists("run/summary.json") && !place.exists("run/live.hwlive"))
  }

  @Test(.timeLimit(.minutes(3)))
  func ctrlCEndsATrainingAndItsDisplay() throws {
    let place = try Workplace()
    let terminal = try watchedTraining(place)
    terminal.press("\u{3}")
    #expect(try terminal.end() == 130)
    let parts = terminal.output.components(separatedBy: Self.givenBack)
    #expect(parts.count == 2 && parts.last?.contains("recorded    run\r\n") == true)
    #expect(terminal.isAsFound)

    let refused = try place.headway(["train", "--corpus", "text", "--live", "--quiet"])
    #expect(refused.status == 64 && refused.stderr.contains("--live"))
  }

  @Test(.timeLimit(.minutes(3)))
  func aTrainingThatEndsTakesItsDisplayWithIt() throws {
    let place = try Workplace()
    // No terminal: the display writes lines on standard error, and the summary is all of standard output.
    let run = try place.headway(
      ["train", "--corpus", "text", "--run-directory", "run", "--live", "--json"] + Workplace.smallModel
        + ["--set", "steps=200"])
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
    #expect(summary.completed && !run.stderr.contains("\u{1B}") && !run.stderr.contains("killed"))
  }
}
