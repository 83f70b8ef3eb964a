import HeadwayReport
import HeadwayTrace
import Testing

@Suite struct LivePageTests {
  private func row(_ name: String, _ role: ThreadRole, _ works: Double, spins: Double = 0) -> LiveView.Row {
    var row = LiveView.Row(name: name, role: role)
    row.state = "barrier.work_end"
    row.sinceNs = Nanoseconds(1_500_000_000)
    row.shares = ["useful": works, "spin": spins, "blocked": 1 - works - spins]
    (row.cpuShare, row.readyShare) = (works, 0.02)
    (row.tasksPerSecond, row.tokensPerSecond) = (12.5, 12_345)
    return row
  }

  private func view(workers: Int) -> LiveView {
    var view = LiveView(phase: .measuring)
    (view.step, view.steps, view.loss) = (1_412, 10_000, 3.2148)
    view.validation = LossPoint(step: 1_000, value: 3.5)
    (view.tokensPerSecond, view.stepsPerSecond) = (154_321, 23.4)
    view.windowNs = Nanoseconds(12_300_000_000)
    view.memory = .init(rssBytes: 83_000_000, peakRssBytes: 85_000_000, swapBytes: 0)
    view.threads = [row("main", .main, 0.05), row("memory-sampler", .sampler, 0)]
    view.threads += (0..<workers).map { row("worker-\($0)", .worker, 0.75, spins: 0.1) }
    view.waits = [
      .init(state: "barrier.work_end", threadsNow: 2, threadsOnAverage: 1.25),
      .init(state: "prefetch.not_ready", threadsNow: 0, threadsOnAverage: 0.04),
    ]
    view.queues = [.init(site: "work_queue", items: 3)]
    return view
  }

  /// A line as it appears: without what colours it.
  private func plain(_ line: String) -> String {
    var text = ""
    var isEscape = false
    for character in line {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { text.append(character) }
      if isEscape && character == "m" { isEscape = false }
    }
    return text
  }

  @Test(
    "a page fits the terminal, whatever its size",
    arguments: [1, 20, 40, 60, 80, 100, 140, 200], [1, 2, 6, 12, 24, 60])
  func fits(width: Int, height: Int) {
    for workers in [0, 2, 63] {
      for (color, ascii) in [(false, false), (true, true)] {
        let lines = LivePage.lines(
          view(workers: workers), footer: "q quits; runs/first", width: width, height: height, color: color,
          ascii: ascii)
        #expect(lines.count <= height && !lines.isEmpty)
        for line in lines {
          #expect(plain(line).count <= width, "\(line)")
          #expect(!line.contains("\n"))
        }
        #expect(plain(lines.last ?? "") == String("q quits; runs/first".prefix(width)))
        #expect(color || lines.allSatisfy { !$0.contains("\u{1B}") })
        #expect(!ascii || lines.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
      }
    }
  }

  @Test func aWidePageShowsEverything() {
    let lines = LivePage.lines(view(workers: 2), footer: "q quits", width: 140, height: 40)
    let text = lines.joined(separator: "\n")
    for part in [
      "step 1,412 of 10,000, 154,000 tokens/s, 23.4 steps/s, loss 3.215, validation 3.500 after step 1000",
      "measured for 12.3 s; memory 83.0 MB, at most 85.0 MB; work_queue holds 3; the tool 0 % of a CPU",
      "worker-1  barrier.work_end for 1.50 s   75 %   15 %   10 %   75 %   2.0 %     12.5    12,300",
      "barrier.work_end              2        1.25", "prefetch.not_ready            0        0.04",
    ] { #expect(text.contains(part), "\(part) in:\n\(text)") }
    #expect(!text.contains("memory-sampler"), "the tool's own threads are one figure")
    let bar = lines.first { $0.hasPrefix("worker-0") }?.filter { "█▒·".contains($0) } ?? ""
    #expect(bar.count == 40 && bar.count { $0 == "█" } == 30 && bar.count { $0 == "▒" } == 4)
  }

  @Test func aNarrowPageKeepsWhatMattersMost() {
    let text = LivePage.lines(view(workers: 2), footer: "q quits", width: 60, height: 20)
      .joined(separator: "\n")
    #expect(text.contains("works") && text.contains("waits") && text.contains("75 %"))
    #expect(!text.contains("tokens/s  ") && !text.contains("no CPU"))
  }

  @Test func aLowPageSaysHowManyThreadsItLeavesOut() {
    let lines = LivePage.lines(view(workers: 63), footer: "q quits", width: 100, height: 24)
    let shown = lines.count { $0.hasPrefix("worker-") } + 1
    #expect(lines.contains { $0.hasPrefix("and \(64 - shown) threads more") }, "\(lines)")
    #expect(shown > 8 && lines.count == 24)
  }

  @Test func whatIsNotKnownIsADashAndInWords() {
    var view = LiveView(phase: .starting)
    view.threads = [LiveView.Row(name: "main", role: .main)]
    var text = LivePage.lines(view, footer: "q", width: 100, height: 20).joined(separator: "\n")
    #expect(text.contains("starting") && text.contains("not measured yet") && text.contains("memory unknown"))
    #expect(text.contains("main    –        –      –") && !text.contains("0 %"))
    view = LiveView(phase: .measuring)
    view.step = 3
    view.silentNs = Nanoseconds(12_000_000_000)
    text = LivePage.lines(view, footer: "q", width: 100, height: 20).joined(separator: "\n")
    #expect(text.contains("nothing was completed for 12.0 s"))
    #expect(text.contains("no events and no states are recorded of this run's threads"))
  }

  @Test func aLineSaysTheSameForPipes() {
    #expect(
      LiveWords.line(view(workers: 2))
        == "step 1,412 of 10,000, 154,000 tokens/s, 23.4 steps/s, loss 3.215, validation 3.500 after step 1000;"
        + " 2 workers work 75 %, wait 15 %, spin 10 %; 83.0 MB resident; work_queue holds 3")
    #expect(LiveWords.line(LiveView(phase: .starting)) == "starting")
  }

  @Test func namesCannotSteerTheTerminal() {
    var view = view(workers: 0)
    view.threads = [row("evil\u{1B}[2J", .worker, 0.5)]
    let text = LivePage.lines(view, footer: "q", width: 100, height: 20).joined()
    #expect(!text.contains("\u{1B}") && text.contains("evil [2J"))
  }
}
