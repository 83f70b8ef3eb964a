import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// `headway train`, `generate` and `evaluate` as a person runs them: the real binary on real text.
@Suite(.serialized) struct TrainTests {
  private static let scriptCommand = "/usr/bin/script"

  @Test(.timeLimit(.minutes(3)))
  func trainsThenGeneratesThenEvaluates() throws {
    let place = try Workplace()
    let trained = try place.headway(
      ["train", "--corpus", "text", "--checkpoint", "out", "--run-directory", "run", "--json"]
        + Workplace.smallModel + ["--set", "steps=40"])
    try #require(trained.status == 0, "\(trained.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(trained.stdout.utf8), subject: "standard output")
    #expect(summary.completed)
    #expect(summary.throughput.steps == 40)
    #expect(summary.throughput.tokens == 40 * (summary.configuration?.tokensPerStep ?? 0))
    let first = try #require(summary.loss?.train.first)
    let last = try #require(summary.loss?.train.last)
    #expect(abs(first.value - Float(log(300.0))) < 0.3, "an untrained model knows nothing: ln V")
    #expect(last.value < first.value - 0.5, "it learned")
    for name in ["config.json", "model.safetensors", "tokenizer.json", "trainer_state.json"] {
      #expect(place.exists("out/\(name)"), "the checkpoint has \(name)")
    }
    for name in ["manifest.json", "summary.json", "trace.hwtrace"] {
      #expect(place.exists("run/\(name)"), "the run has \(name)")
    }

    let arguments = ["generate", "--checkpoint", "out", "--prompt", "func ", "--tokens", "40", "--seed", "7"]
    let written = try place.headway(arguments)
    #expect(written.status == 0, "\(written.stderr)")
    #expect(written.stdout.hasPrefix("func "))
    #expect(written.stdout.count > 20)
    #expect(try place.headway(arguments).stdout == written.stdout, "the same seed writes the same text")

    let evaluated = try place.headway(["evaluate", "--checkpoint", "out", "--corpus", "text", "--json"])
    try #require(evaluated.status == 0, "\(evaluated.stderr)")
    let values = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluated.stdout.utf8)) as? [String: Any])
    let loss = try #require(values["validation_loss"] as? Double)
    let unigram = try #require(values["unigram_loss"] as? Double)
    let bigram = try #require(values["bigram_loss"] as? Double)
    #expect(loss < log(300.0))
    #expect(bigram < unigram)
  }

  @Test(.timeLimit(.minutes(3)), arguments: ["barrier", "queue"], ["off", "2"])
  func theBooksClose(scheduling: String, prefetch: String) throws {
    let place = try Workplace()
    let run = try place.headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "steps=25", "--set", "threads=3", "--set", "scheduling=\(scheduling)"]
        + ["--set", "prefetch=\(prefetch)"])
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: Data(run.stdout.utf8), subject: "standard output")
    let books = try #require(summary.books)
    // The main thread and the workers, and a prefetch thread where there is one; the tool has its own threads apart.
    let expected = 1 + 3 + (prefetch == "off" ? 0 : 1)
    #expect(books.threadCount == expected)
    #expect(summary.threads.count { $0.role != .sampler } == expected)
    let total = books.categories.values.reduce(Nanoseconds.zero, +)
    let whole = Double(books.wallNs.count) * Double(books.threadCount)
    #expect(abs(Double(total.count) - whole) <= 0.01 * whole, "Σ categories = n·R")
    for thread in summary.threads {
      let sum = thread.categories.values.reduce(Nanoseconds.zero, +)
      #expect(abs(Double((sum - books.wallNs).count)) <= 0.01 * Double(books.wallNs.count), "\(thread.name)")
      #expect(Double(thread.cpuNs.count) <= 1.05 * Double(thread.wallNs.count), "one thread, one CPU at most")
    }
    let workers = summary.threads.filter { $0.role == .worker }
    #expect(workers.map(\.tasks).reduce(0, +) == 25 * (summary.configuration?.batchesPerStep ?? 0))
    #expect(workers.map(\.tokens).reduce(0, +) == summary.throughput.tokens)
    if scheduling == "barrier" {
      let ends = try #require(summary.barriers.first { $0.site == "work_end" })
      #expect(ends.episodes >= 25)
      #expect(ends.waitNs == ends.imbalanceNs + ends.wakeupNs)
      #expect(ends.lastArrivals.values.reduce(0, +) == ends.episodes)
      #expect(ends.threadWaitNs.count == 4, "three workers and the main thread")
      #expect(ends.spreadNs?.count == ends.episodes, "every episode has a spread")
      #expect(summary.warnings.allSatisfy { !$0.contains("disagree") || !$0.contains("waits noted") })
    } else {
      let queue = try #require(summary.waits.first { $0.site == "work_queue" })
      #expect(queue.durationNs?.count == queue.waits && queue.waits > 0)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func anInterruptionSavesAndExits130() throws {
    let place = try Workplace()
    let child = try place.start(
      ["train", "--corpus", "text", "--checkpoint", "out", "--run-directory", "run"]
        + Workplace.smallModel + ["--set", "steps=1000000000"])
    // The trace file appears once training is about to start; then the interruption is the event.
    try place.waitForFile("run/trace.hwtrace")
    child.interrupt()
    child.waitUntilExit()
    #expect(child.terminationStatus == 130)
    #expect(place.exists("out/model.safetensors"))
    let summary = try HeadwayJSON.decode(
      RunSummary.self, from: try Data(contentsOf: place.url("run/summary.json")), subject: "summary.json")
    #expect(!summary.completed)
  }

  /// The shortest of names, in the working directory: saved, and replaced the next time.
  @Test(.timeLimit(.minutes(3)))
  func namesOfOneLetterAreNames() throws {
    let place = try Workplace()
    for run in ["r", "s"] {
      let trained = try place.headway(
        ["train", "--corpus", "text", "--quiet", "--checkpoint", "c", "--run-directory", run]
          + Workplace.smallModel + ["--set", "steps=2"])
      #expect(trained.status == 0, "\(trained.stderr.prefix(200))")
      #expect(place.exists("c/model.safetensors") && place.exists("\(run)/summary.json"))
    }
  }

  @Test(
    .enabled("`script` makes the terminal") { FileManager.default.isExecutableFile(atPath: scriptCommand) },
    .timeLimit(.minutes(3)))
  func aTerminalSeesABarWithTheTimeLeft() throws {
    let place = try Workplace()
    let line =
      ([try Workplace.binary().path, "train", "--corpus", "text", "--run-directory", "run"]
      + Workplace.smallModel + ["--set", "steps=60"]).joined(separator: " ")
    let seen = try place.run(Self.scriptCommand, ["-qec", line, "/dev/null"], environment: ["TERM": "xterm"])
    #expect(seen.status == 0)
    for part in ["loss ", "tokens/s", "ETA ", "step "] {
      #expect(seen.stdout.contains(part), "the bar shows \(part)")
    }
  }
}
