import HeadwayAnalysis
import HeadwayTrace
import Testing

@Suite struct BooksTests {
  private func categories(_ states: String, runDelay: Bool = true) throws -> [StateCategory: Int64] {
    var drawn = DrawnTimeline(main: states, workers: [])
    drawn.hasRunDelay = runDelay
    let book = try #require(drawn.summary().threads.first)
    var found: [StateCategory: Int64] = [:]
    for category in StateCategory.allCases where book.time(category) != .zero {
      found[category] = book.time(category).count / DrawnTimeline.millisecond
    }
    return found
  }

  @Test func drawnTimelinesCloseByTheRules() throws {
    #expect(try categories("ffffffffff") == [.useful: 10])
    #expect(try categories("ffffRRRRRR") == [.useful: 4, .runnable: 6])
    #expect(try categories("ffffXXXXRR") == [.useful: 4, .runnable: 2, .unknown: 4])
    #expect(try categories("ffffSSSSYY") == [.useful: 4, .blocked: 4, .runnable: 2])
    #expect(
      try categories("ffRXSYss.C") == [
        .useful: 2, .runnable: 2, .unknown: 1, .blocked: 2, .spin: 2, .lifecycle: 1,
      ])
    // (The kernel gives one sum of run delay: work is explained by it before waits are.)
    #expect(try categories("   fffCf..") == [.lifecycle: 4, .useful: 4, .unknown: 2])
    // A thread in no state that the kernel calls ready lost its CPU there: not at the wait.
    #expect(try categories("ffffR..SYY") == [.useful: 4, .runnable: 3, .blocked: 3])
  }

  @Test func whatTheHypervisorTookIsNotUnknown() throws {
    func books(_ rows: [String], stolenMs: Int?) throws -> [[StateCategory: Int64]] {
      var drawn = DrawnTimeline(main: rows[0], workers: Array(rows.dropFirst()))
      drawn.foreign = ForeignTime(processesNs: ms(9), stolenNs: stolenMs.map(ms))
      return drawn.summary().threads.map { book in
        [.runnable, .unknown].reduce(into: [:]) { $0[$1] = book.time($1).count / DrawnTimeline.millisecond }
      }
    }
    #expect(try books(["ffffXXXXRR"], stolenMs: 3) == [[.runnable: 5, .unknown: 1]])
    // No more than nothing else explains, and in proportion to that.
    #expect(try books(["ffffXXXXRR"], stolenMs: 9) == [[.runnable: 6, .unknown: 0]])
    #expect(
      try books(["ffffXXXXXX", "ffffffffXX"], stolenMs: 4)
        == [[.runnable: 3, .unknown: 3], [.runnable: 1, .unknown: 1]])
    #expect(try books(["ffffXXXXRR"], stolenMs: nil) == [[.runnable: 2, .unknown: 4]])
  }

  @Test func withoutRunDelayOffCPUTimeIsAnEstimateAndSaysSo() throws {
    #expect(try categories("ffffXXSSSS", runDelay: false) == [.useful: 4, .runnable: 2, .blocked: 4])
    var drawn = DrawnTimeline(main: "ffXX", workers: [])
    drawn.hasRunDelay = false
    #expect(drawn.summary().warnings.contains { $0.contains("run delay of main") && $0.contains("estimate") })
  }

  @Test func booksOfAllThreadsSumToThreadsTimesWall() throws {
    let drawn = DrawnTimeline(
      main: "dEEEEEEEro", workers: ["SffbbRREE.", "SfbbbbbbYY"], prefetch: "   aaPPPPP")
    let books = try #require(drawn.summary().books)
    #expect(books.threadCount == 4)
    #expect(books.wallNs == ms(10))
    #expect(books.categories.values.reduce(.zero, +) == ms(40))
    #expect(books.closureError == 0)
    #expect(books.unknownShare == 1.0 / 40)
    #expect(books.time(.lifecycle) == ms(3))
    #expect(books.time(.runnable) == ms(4))
  }

  @Test func threadsAreListedByRoleAndNumber() {
    var accounts = DrawnTimeline(
      main: "f", workers: [String](repeating: "f", count: 12), prefetch: "f"
    ).accounts
    accounts.threads.reverse()
    #expect(
      summarize(RunConfiguration(), accounts: accounts).threads.map(\.name)
        == ["main"] + (0..<12).map { "worker-\($0)" } + ["prefetch"])
  }

  @Test func inconsistentAccountsShowAsClosureErrorAndAreNotScaled() throws {
    var accounts = DrawnTimeline(main: "ffffffffff", workers: []).accounts
    accounts.threads[0].states["forward"]?.wallNs = ms(12)
    let summary = summarize(RunConfiguration(), accounts: accounts)
    #expect(summary.books?.closureError == 0.2)
    #expect(summary.warnings.contains { $0.contains("miss threads × wall by 20 %") })
  }

  @Test func probeCostMovesFromUsefulToSelf() throws {
    var accounts = DrawnTimeline(main: "ffffffffff", workers: []).accounts
    accounts.threads[0].transitions = 1_000
    accounts.transitionCostNs = Nanoseconds(500)
    let book = try #require(summarize(RunConfiguration(), accounts: accounts).threads.first)
    #expect(book.time(.selfCost) == Nanoseconds(500_000))
    #expect(book.time(.useful) == Nanoseconds(9_500_000))
  }

  @Test func randomAccountsAlwaysCloseExactly() throws {
    var generator = SeededGenerator(seed: 12)
    let letters = Array(DrawnTimeline.legend.keys).sorted()
    for _ in 0..<300 {
      let window = Int64.random(in: 1...1_000_000_000, using: &generator)
      let threads = (0..<Int.random(in: 1...6, using: &generator)).map { index in
        randomThread(index, window: window, letters: letters, using: &generator)
      }
      let accounts = RunAccounts(
        windowNs: Nanoseconds(window), threads: threads,
        losses: RecordLosses(eventsDropped: 0, readingsFailed: 0), transitionCostNs: Nanoseconds(24))
      let summary = summarize(RunConfiguration(), accounts: accounts)
      let books = try #require(summary.books)
      #expect(books.closureError == 0)
      #expect(books.categories.values.reduce(.zero, +).count == Int64(threads.count) * window)
      for thread in summary.threads {
        #expect(thread.categories.values.reduce(.zero, +).count == window)
        #expect(thread.categories.values.allSatisfy { $0 >= .zero })
      }
    }
  }

  private func randomThread(
    _ index: Int, window: Int64, letters: [Character], using generator: inout SeededGenerator
  ) -> ThreadAccounts {
    let present = Int64.random(in: 0...window, using: &generator)
    var (left, cpu): (Int64, Int64) = (present, 0)
    var states: [String: StateAccount] = [:]
    for letter in letters.shuffled(using: &generator) {
      guard let state = DrawnTimeline.legend[letter], states[state.name] == nil else { continue }
      let wall = Int64.random(in: 0...left, using: &generator)
      // CPU clocks are coarser than wall clocks: now and then a state shows more CPU than wall time.
      let running = Int64.random(in: 0...(wall + wall / 10), using: &generator)
      left -= wall
      cpu += running
      states[state.name] = StateAccount(
        definition: StateDefinition(name: state.name, category: state.category), wallNs: Nanoseconds(wall),
        cpuNs: Nanoseconds(running), count: 1)
    }
    return ThreadAccounts(
      name: "worker-\(index)", role: .worker, threadID: ThreadID(Int32(index)),
      presentNs: Nanoseconds(present), states: states, cpuNs: Nanoseconds(cpu),
      runDelayNs: Bool.random(using: &generator)
        ? Nanoseconds(Int64.random(in: 0...(2 * window), using: &generator)) : nil,
      transitions: Int.random(in: 0...10_000, using: &generator))
  }
}

/// A repeatable generator (SplitMix64), so that a failing case can be drawn again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
