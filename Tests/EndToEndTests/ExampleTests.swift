import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The examples of docs/instrument-your-engine.md, by the commands that stand there, and the C interface as a
/// C program meets it.
@Suite(.serialized) struct ExampleTests {
  static let compiler = "/usr/bin/cc"
  static var hasCompiler: Bool { FileManager.default.isExecutableFile(atPath: compiler) }

  /// Where the package's products lie: beside the `headway` command under test.
  private func products() throws -> String { try Workplace.binary().deletingLastPathComponent().path }

  /// The commands of the document that follow a heading, with this build's products in the place of
  /// `.build/release`; building them is what the tests' own build has done.
  private func commands(under heading: String) throws -> [String] {
    let page = try String(
      contentsOf: packageRoot.appending(path: "docs/instrument-your-engine.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) })
    let block = try #require(section.components(separatedBy: "```sh\n").dropFirst().first)
    let lines = try #require(block.components(separatedBy: "```").first).split(separator: "\n").map(
      String.init)
    let kept = lines.filter { !$0.hasPrefix("swift build") }
    #expect(kept.count + 1 == lines.count)
    let products = try products()
    return kept.map { line in
      line.replacing("$PWD/.build/release", with: products).replacing(".build/release", with: products)
        .replacing(" Sources/", with: " \(packageRoot.path)/Sources/")
        .replacing(" Examples/", with: " \(packageRoot.path)/Examples/")
    }
  }

  private func summary(_ place: Workplace, _ directory: String) throws -> RunSummary {
    let outcome = try place.headway(["report", directory, "--json"])
    try #require(outcome.status == 0, "\(outcome.stderr)")
    return try HeadwayJSON.decode(RunSummary.self, from: Data(outcome.stdout.utf8), subject: "report")
  }

  /// Runs the commands of a section and returns what the last one, the report, prints.
  private func follow(_ heading: String, in place: Workplace) throws -> String {
    var last = ""
    for command in try commands(under: heading) {
      let outcome = try place.run("/bin/sh", ["-c", command])
      try #require(outcome.status == 0, "\(command): \(outcome.stderr)")
      last = outcome.stdout
    }
    return last
  }

  /// What every foreign run's report must have.
  private func checkBooks(_ summary: RunSummary, threads: Int) throws {
    let books = try #require(summary.books)
    #expect(books.closureError < 0.001 && books.threadCount == threads)
    #expect(summary.threads.contains { $0.name == "memory-sampler" } && summary.memory.samples != nil)
    #expect(summary.configuration == nil && summary.loss == nil && summary.program?["engine"] != nil)
    #expect((summary.memory.peakRssBytes ?? 0) > 0 && (summary.throughput.tasksPerSecond ?? 0) > 0)
    for site in summary.barriers {
      #expect(site.spreadNs?.count == site.episodes && site.waitNs == site.imbalanceNs + site.wakeupNs)
    }
    // What the shipped engine's report has, this one has too.
    let stacks = try #require(summary.stacks)
    #expect(stacks.frequencyHz == 99 && stacks.mode == .cpu && stacks.losses.failed <= stacks.samples)
    #expect(summary.stalls == [], "a watchdog looked, and the run never stood still")
    let steps = try #require(summary.stepBooks)
    #expect(steps.steps == 20 && steps.threads.count == threads)
    #expect(summary.threads.filter { ["stack-sampler", "watchdog"].contains($0.name) }.count == 2)
    #expect(summary.warnings.allSatisfy { !$0.contains("waits noted") }, "\(summary.warnings)")
  }

  @Test(.enabled("there is a C compiler") { hasCompiler }, .timeLimit(.minutes(3)))
  func theCExample() throws {
    let place = try Workplace()
    _ = try follow("In C", in: place)
    let page = try place.headway(["report", "product-run", "--full"]).stdout
    for part in ["engine blocked product", "step_end", "rows", "room", "tasks/s", "worker-2"] {
      #expect(page.contains(part), "the report shows \(part)")
    }
    let summary = try summary(place, "product-run")
    try checkBooks(summary, threads: 4)
    #expect(summary.throughput.steps == 20)
    #expect(summary.barriers.first { $0.site == "step_end" }?.episodes == 20)
    #expect(
      summary.waits.contains { $0.kind == .queueFull } && summary.waits.contains { $0.kind == .queueEmpty })
    #expect(summary.threads.reduce(0) { $0 + $1.tasks } == 20 * 12)
    #expect((summary.books?.unknownShare ?? 1) < 0.2)
  }

  @Test(.timeLimit(.minutes(3)))
  func theSwiftExample() throws {
    let place = try Workplace()
    _ = try follow("In Swift", in: place)
    let page = try place.headway(["report", "kmeans-run", "--full"]).stdout
    for part in ["engine k-means", "step_begin", "step_end", "worker-2"] {
      #expect(page.contains(part), "the report shows \(part)")
    }
    let summary = try summary(place, "kmeans-run")
    try checkBooks(summary, threads: 4)
    #expect(summary.throughput.steps == 20)
    #expect(summary.threads.reduce(0) { $0 + $1.tasks } == 20 * 40)
    #expect(summary.threads.reduce(0) { $0 + $1.tokens } == 20 * 20_000)
    #expect(summary.threads.filter { $0.role == .worker }.allSatisfy { $0.states["assign"] != nil })
    // Without the accounts, as after a kill, the trace gives the report.
    try FileManager.default.removeItem(at: place.url("kmeans-run/accounts.json"))
    let traced = try self.summary(place, "kmeans-run")
    #expect(
      traced.program == summary.program && traced.barriers.map(\.episodes) == summary.barriers.map(\.episodes)
    )
  }

  /// Compiles a C program of the fixtures against this build's library.
  private func build(_ name: String, in place: Workplace) throws {
    let products = try products()
    let built = try place.run(
      Self.compiler,
      [
        "-Wall", "-Wextra", "-pthread", "-I", packageRoot.path + "/Sources/CHeadway/include",
        packageRoot.path + "/Tests/Fixtures/EndToEnd/\(name).c", "-o", name, "-L", products, "-lHeadwayC",
        "-Wl,-rpath," + products,
      ])
    try #require(built.status == 0, "\(built.stderr)")
  }

  @Test(.enabled("there is a C compiler") { hasCompiler }, .timeLimit(.minutes(3)))
  func whatAQueueInCHoldsIsSeen() throws {
    let place = try Workplace()
    try build("queue", in: place)
    let (child, input, output) = (Process(), Pipe(), Pipe())
    child.executableURL = place.url("queue")
    child.arguments = ["run"]
    child.currentDirectoryURL = place.directory.url
    child.standardInput = input
    child.standardOutput = output
    try child.run()
    #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("noted".utf8))
    // Each look is at a later copy of the status; the test's time limit bounds them.
    var holds: [LiveView.QueueRow] = []
    while holds.isEmpty {
      let seen = try place.headway(["top", "run", "--count", "1", "--interval", "0.1", "--json"])
      try #require(seen.status == 0, "\(seen.stderr)")
      holds = try HeadwayJSON.decode(LiveView.self, from: Data(seen.stdout.utf8), subject: "top").queues
    }
    #expect(holds == [.init(site: "jobs", items: 7)])
    try input.fileHandleForWriting.close()
    child.waitUntilExit()
    #expect(child.terminationStatus == 0)
  }

  @Test(.enabled("there is a C compiler") { hasCompiler }, .timeLimit(.minutes(3)))
  func everyMisuseInCIsACode() throws {
    let place = try Workplace()
    try build("misuse", in: place)
    let run = try place.run(place.url("misuse").path, ["run"])
    #expect(run.status == 0, "\(run.stdout)\(run.stderr)")
    let summary = try summary(place, "run")
    #expect((summary.books?.closureError ?? 1) < 0.001)
    #expect(summary.threads.map(\.name).sorted() == ["careless", "main", "memory-sampler", "one", "two"])
    #expect(summary.threads.filter { ["one", "two"].contains($0.name) }.allSatisfy { $0.tasks == 20_000 })
    #expect(summary.warnings.contains { $0.contains("left the barrier end") })
  }
}
