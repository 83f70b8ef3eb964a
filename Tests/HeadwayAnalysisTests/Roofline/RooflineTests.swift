import HeadwayAnalysis
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Rooflines of literal runs, checked against the arithmetic written out.
@Suite struct RooflineTests {
  private static let steps = 10
  private let configuration = RunConfiguration()

  private func run(
    _ threads: [ThreadAccounts], windowMs: Int64 = 1_000,
    configuration: RunConfiguration? = RunConfiguration()
  ) -> RunSummary {
    RunAnalysis.summarize(
      configuration: configuration, completed: true,
      accounts: .literal(windowMs: windowMs, threads: threads),
      stepDurations: Array(repeating: .milliseconds(100), count: Self.steps), loss: nil,
      memory: MemorySummary(peakRssBytes: nil, components: [:]), warnings: [])
  }

  private func worker(_ index: Int, _ times: (state: String, cpuMs: Int64)...) -> ThreadAccounts {
    .literal(
      "worker-\(index)", presentMs: 1_000,
      states: times.map { (definition: .useful($0.state), wallMs: $0.cpuMs, cpuMs: $0.cpuMs) })
  }

  private func operations(_ part: StepPart) -> [OperationCost] {
    configuration.stepCost.operations.filter { $0.part == part }
  }

  @Test("two threads that compute at once have the rate of both and the roof of two")
  func ratesAndRoof() throws {
    let ceilings = MachineCeilings.literal([(1, 100, 20, 60), (2, 180, 30, 110)])
    let run = run([worker(0, ("forward", 400)), worker(1, ("forward", 200))])
    let roofline = try Roofline(run, ceilings: ceilings, machine: .literal)
    let forward = try #require(roofline.states.first { $0.state == "forward" })
    #expect(roofline.states.count == 1 && roofline.steps == Self.steps && roofline.warnings.isEmpty)
    #expect(forward.threads == 2 && forward.cpuNs == .milliseconds(600))
    let costs = operations(.forward)
    let flops = Double(costs.reduce(0) { $0 + $1.flops } * Self.steps)
    let bytes = Double(costs.reduce(0) { $0 + $1.bytes } * Self.steps)
    let work = try #require(forward.work)
    #expect(work.flops == flops && work.bytes == bytes)
    // 0.6 s of two threads are 0.3 s in which both work.
    #expect(abs(work.gflopPerSecond / (flops / 0.3 / 1e9) - 1) < 1e-12)
    #expect(abs(work.gigabytesPerSecond / (bytes / 0.3 / 1e9) - 1) < 1e-12)
    let least = costs.reduce(0.0) { $0 + max(Double($1.flops) / 180e9, Double($1.bytes) / 30e9) }
    let rate = flops / Double(Self.steps) / least / 1e9
    let roof = try #require(forward.roof)
    #expect(abs(roof.gflopPerSecond / rate - 1) < 1e-12)
    #expect(abs(roof.share / (work.gflopPerSecond / rate) - 1) < 1e-12)
  }

  @Test(
    "every operation is in the table with what bounds it, and its state's least time is the sum of theirs")
  func operationTable() throws {
    let ceilings = MachineCeilings.literal([(1, 100, 20, 60)])
    let run = run([worker(0, ("forward", 100), ("backward", 200), ("reduce", 10), ("optimize", 10))])
    let roofline = try Roofline(run, ceilings: ceilings, machine: .literal)
    #expect(roofline.operations.map(\.operation) == configuration.stepCost.operations.map(\.operation))
    #expect(roofline.states.map(\.state) == ["forward", "backward", "reduce", "optimize"])
    for row in roofline.operations {
      let arithmetic = Double(row.flops) / 100e9
      let traffic = Double(row.bytes) / 20e9
      #expect(row.bound == (arithmetic >= traffic ? .compute : .memory))
      let expected = max(arithmetic, traffic) * 1e9
      #expect(abs(Double(try #require(row.leastNs).count) - expected) <= 0.5)
    }
    #expect(roofline.operations.first { $0.operation == .optimizer }?.state == "optimize")
    #expect(roofline.operations.first { $0.operation == .norm }?.state == "reduce")
    #expect(roofline.operations.first { $0.operation == .head && $0.part == .backward }?.state == "backward")
    let optimize = try #require(roofline.states.last?.roof)
    #expect(optimize.bound == .memory, "AdamW moves more than it computes")
  }

  @Test("what is faster than the memory came from the caches, and has their roof")
  func fromTheCache() throws {
    let adam = try #require(configuration.stepCost.operations.first { $0.operation == .optimizer })
    let bytes = Double(adam.bytes * Self.steps)
    // 1 ms for all steps; memory would need 4 ms, the caches half of one.
    let ceilings = MachineCeilings.literal([(1, 1e6, bytes / 4e6, bytes / 0.5e6)])
    let run = run([worker(0, ("optimize", 1))])
    let roof = try #require(try Roofline(run, ceilings: ceilings, machine: .literal).states.first?.roof)
    #expect(roof.bound == .cache && abs(roof.share - 0.5) < 1e-6)
    let without = MachineCeilings.literal([(1, 1e6, bytes / 4e6, nil)])
    let above = try #require(try Roofline(run, ceilings: without, machine: .literal).states.first?.roof)
    #expect(
      above.bound == .memory && abs(above.share - 4) < 1e-6, "without their ceiling it stands above one")
  }

  @Test("more threads than CPUs are held against the CPUs, helpers do not count as threads")
  func threadsAtOnce() throws {
    let ceilings = MachineCeilings.literal([(1, 100, 20, 60), (2, 180, 30, 110)])
    let four = run((0..<4).map { worker($0, ("forward", 100)) })
    let states = try Roofline(four, ceilings: ceilings, machine: .literal).states
    #expect(states.map(\.threads) == [2])
    let uneven = run([worker(0, ("reduce", 100)), worker(1, ("reduce", 5))])
    #expect(try Roofline(uneven, ceilings: ceilings, machine: .literal).states.map(\.threads) == [1])
  }

  @Test("a state whose work is not counted has a time and nothing else")
  func uncounted() throws {
    let ceilings = MachineCeilings.literal([(1, 100, 20, 60)])
    let run = run([worker(0, ("batch.assemble", 7), ("evaluate", 9), ("setup", 11))])
    let states = try Roofline(run, ceilings: ceilings, machine: .literal).states
    #expect(states.map(\.state) == ["batch.assemble", "evaluate"])
    #expect(states.allSatisfy { $0.work == nil && $0.roof == nil && $0.cpuNs > .zero })
  }

  @Test("without the ceilings at that number of threads there is a rate, no roof, and a remedy")
  func unmeasured() throws {
    let ceilings = MachineCeilings.literal(
      [(1, 100, nil, nil), (2, 100, 20, nil)], warnings: ["it was busy"])
    let roofline = try Roofline(run([worker(0, ("forward", 10))]), ceilings: ceilings, machine: nil)
    let forward = try #require(roofline.states.first)
    #expect(forward.work != nil && forward.roof == nil)
    #expect(
      roofline.operations.filter { $0.part == .forward }.allSatisfy { $0.leastNs == nil && $0.bound == nil })
    #expect(roofline.warnings.contains { $0.contains("--threads 1") })
    #expect(roofline.warnings.contains("the ceilings: it was busy"))
    #expect(roofline.warnings.contains { $0.contains("is not known") }, "nor is the run's machine")
  }

  @Test("what does not fit together is refused in a sentence")
  func refused() throws {
    let ceilings = MachineCeilings.literal([(1, 100, 20, 60)])
    let sound = run([worker(0, ("forward", 10))])
    var other = MachineFacts.literal
    other.processor = "Other CPU"
    #expect(
      sentence { _ = try Roofline(sound, ceilings: ceilings, machine: other) }.contains(
        "the ceilings are of Test CPU with 2 CPUs, the run is of Other CPU with 2 CPUs"))
    let foreign = run([worker(0, ("forward", 10))], configuration: nil)
    #expect(
      sentence { _ = try Roofline(foreign, ceilings: ceilings, machine: .literal) }.contains(
        "shapes of another engine"))
    var bare = sound
    bare.books = nil
    #expect(
      sentence { _ = try Roofline(bare, ceilings: ceilings, machine: .literal) }.contains("has no books"))
    var fewer = MachineFacts.literal
    fewer.usableCpus = 1
    #expect(
      try Roofline(sound, ceilings: ceilings, machine: fewer).warnings.contains { $0.contains("usable CPUs") }
    )
  }
}
