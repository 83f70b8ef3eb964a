import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The kernel's performance events of real runs, and runs under their machine's roof.
@Suite struct CounterTests {
  private func checkComplete(_ readings: CounterReadings) {
    let keys = Array(readings.counts.keys) + Array(readings.absent.keys)
    #expect(keys.sorted() == CounterKind.allCases.map(\.rawValue).sorted())
  }

  @Test(.timeLimit(.minutes(2)), arguments: ThreadLifetime.allCases)
  func everyThreadIsCounted(lifetime: ThreadLifetime) throws {
    let place = try Workplace()
    // A text of few batches, so that the team is made anew several times.
    try FileManager.default.removeItem(at: place.url("text"))
    try place.write(
      String(repeating: "the quick brown fox jumps over the lazy dog. ", count: 120), to: "text")
    let summary = try place.trained(
      [
        "--set", "vocabulary_size=260", "--set", "steps=60", "--set", "threads=3", "--set", "counters=true",
        "--set", "thread_lifetime=\(lifetime.rawValue)",
      ])
    let counted = summary.threads.filter { $0.counters != nil }
    #expect(counted.count == summary.threads.count && counted.count > 3)
    for thread in counted { checkComplete(try #require(thread.counters)) }
    let total = try #require(summary.counters)
    checkComplete(total)
    guard let clock = total[.taskClock] else { return }
    let parts = counted.filter { $0.role != .sampler }.compactMap { $0.counters?[.taskClock] }
    #expect(parts.reduce(0, +) == clock)
    for thread in counted where thread.role == .worker {
      let read = Double(try #require(thread.counters?[.taskClock]))
      let booked = Double(thread.cpuNs.count)
      // Two clocks of the kernel, read at slightly different moments.
      #expect(abs(read - booked) < 0.1 * booked + 2e7, "\(thread.name): \(read) and \(booked) ns")
    }
    let missing = CounterKind.allCases.contains { total[$0] == nil }
    #expect(missing == summary.warnings.contains { $0.hasPrefix("not counted") })
  }

  @Test(.timeLimit(.minutes(2)))
  func theCountersLeaveTheProgramItsFiles() throws {
    let place = try Workplace()
    let command = try Workplace.binary().path
    let arguments =
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Workplace.smallModel
      + ["--set", "steps=10", "--set", "threads=12", "--set", "counters=true"]
    let run = try place.run(
      "/bin/sh", ["-c", "ulimit -n 120; exec \"$0\" \"$@\"", command] + arguments)
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(RunSummary.self, from: Data(run.stdout.utf8), subject: "summary")
    #expect(summary.completed && summary.losses.readingsFailed == 0)
    let total = try #require(summary.counters)
    if summary.threads.contains(where: { $0.counters?[.taskClock] != nil }) {
      #expect(total.absent["task_clock_ns"]?.reason == .incomplete)
      #expect(
        summary.threads.contains { $0.counters?.absent["task_clock_ns"]?.reason == .tooManyFiles })
      #expect(summary.warnings.contains { $0.contains("no file descriptor is left") })
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func aRunUnderItsMachinesRoof() throws {
    let place = try Workplace()
    let run = try place.trained(["--set", "steps=20", "--set", "threads=2"])
    #expect(run.roofline == nil && run.counters == nil)
    let ceilings = try place.headway(
      ["machine", "--json", "--rounds", "2", "--sample-milliseconds", "2", "--threads", "1,2"]
        + Workplace.smallModel)
    try #require(ceilings.status == 0, "\(ceilings.stderr)")
    try place.write(ceilings.stdout, to: "ceilings.json")
    let report = try place.headway(["report", "run", "--json", "--machine", "ceilings.json"])
    try #require(report.status == 0, "\(report.stderr)")
    let held = try HeadwayJSON.decode(RunSummary.self, from: Data(report.stdout.utf8), subject: "report")
    let roofline = try #require(held.roofline)
    let forward = try #require(roofline.states.first { $0.state == "forward" })
    #expect((forward.work?.gflopPerSecond ?? 0) > 0 && (forward.roof?.share ?? 0) > 0)
    #expect(roofline.steps == 20 && roofline.states.contains { $0.state == "optimize" })
    let html = try String(contentsOf: place.url("run/report.html"), encoding: .utf8)
    let markdown = try String(contentsOf: place.url("run/report.md"), encoding: .utf8)
    #expect(html.contains("of the roof") && markdown.contains("| forward |"))
    // Ceilings in the run's directory are found by themselves.
    try place.write(ceilings.stdout, to: "run/machine.json")
    let full = try place.headway(["report", "run", "--full"]).stdout
    #expect(full.contains("How close to the machine's ceilings"))
    let brief = try place.headway(["report", "run"]).stdout
    #expect(brief.contains("of what the machine allows") && brief.split(separator: "\n").count <= 40)
    // Those that do not fit are refused when named, and a warning when they only lie there.
    let other = ceilings.stdout.replacing(/"online_cpus" : \d+/, with: "\"online_cpus\" : 4096")
    try place.write(other, to: "run/machine.json")
    let refused = try place.headway(["report", "run", "--machine", "run/machine.json"])
    #expect(refused.status == 1 && refused.stderr.contains("with 4096 CPUs"), "\(refused.stderr)")
    let warned = try place.headway(["report", "run"])
    #expect(warned.status == 0 && warned.stdout.contains("no roofline: the ceilings are of"))
    #expect(try place.headway(["report", "run", "--machine", "nowhere.json"]).status == 1)
  }
}
