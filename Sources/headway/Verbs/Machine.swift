import ArgumentParser
import HeadwayKernels
import HeadwayProbes
import HeadwayReport
import HeadwayTrace

/// Measures what this machine can do at most.
struct Machine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine's ceilings: multiply-adds, bandwidth, and a model's matrix products.",
    discussion: """
      headway machine --profile profiles/seed-small.yaml --json > machine.json

      The products are those of one training step of the configuration, done by OpenBLAS on each thread's share \
      of the sequences: a step can't be faster unless its products are. --threads takes a list here, as 1,2,4; \
      without it, 1 to the usable CPUs are measured. Takes some seconds; keep the machine quiet meanwhile.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Option(help: "Samples of each figure.")
  var rounds = 7

  @Option(help: "Milliseconds of each sample.")
  var sampleMilliseconds = 60

  @Flag(help: "Print the figures as JSON (headway.machine/1).")
  var json = false

  func run() throws {
    var model = options
    model.threads = nil
    let configuration = try model.resolved()
    let missing = InstructionSet.missing()
    guard missing.isEmpty else {
      throw InputError(
        "machine", problem: "the kernels need \(missing.joined(separator: " and ")), which this CPU lacks",
        remedy: "use an x86-64 CPU of 2013 or later")
    }
    guard rounds > 0, sampleMilliseconds > 0 else {
      throw InputError(
        "machine", problem: "\(rounds) rounds of \(sampleMilliseconds) ms measure nothing",
        remedy: "use 1 or more of each", isUsage: true)
    }
    let machine = MachineFacts.read()
    let result = try measure(configuration, machine: machine, threads: try threadCounts(machine))
    if json {
      try Terminal.writeJSON(result)
    } else {
      Terminal.write(
        TerminalReport.render(machine: result, width: Terminal.columns(), color: Terminal.colours))
    }
  }

  private func measure(
    _ configuration: RunConfiguration, machine: MachineFacts, threads: [Int]
  ) throws -> MachineCeilings {
    let caches = CacheSizes.read()
    let display = ProgressDisplay("machine", isQuiet: json)
    let measurement = try CeilingMeasurement(configuration, threads: threads, caches: caches)
    let isReal = try measurement.multiplyAddsAreReal()
    let before = SystemActivity.read()
    let samples = try measurement.run(rounds: rounds, sampleSeconds: Double(sampleMilliseconds) / 1e3) {
      display.update($0, detail: "\(rounds) rounds")
    }
    let shares = SystemActivity.shares(from: before, to: SystemActivity.read())
    display.clear()
    var warnings = CeilingWarnings.list(machine: machine, threads: threads, caches: caches, shares: shares)
    if !isReal {
      warnings.append(
        "the multiply-add loop's result is not that of scalar multiply-adds: its rate is left out")
    }
    let kept = samples.filter { $0.arm.kind != .multiplyAdd || isReal }
    let step = configuration.stepCost
    return MachineCeilings(
      machine: machine, configuration: configuration, step: step,
      ceilings: kept.compactMap { sample in
        MeasuredSpread(sample.rates).map {
          MachineCeiling(
            kind: sample.arm.kind, threads: sample.work.threads, rate: $0,
            workingSetBytes: sample.work.workingSet(of: sample.arm.kind))
        }
      },
      products: threads.compactMap { count in
        func seconds(_ kind: MachineCeiling.Kind) -> [Double] {
          kept.filter { $0.arm.kind == kind && $0.work.threads == count }
            .flatMap { sample in sample.rates.map { sample.work.amount(of: kind) / $0 } }
        }
        return ProductCeiling(
          threads: count, step: step, denseSeconds: seconds(.blasDense),
          attentionSeconds: seconds(.blasAttention))
      },
      foreignShare: shares?.foreignShare, stealShare: shares?.stealShare, warnings: warnings)
  }

  /// The numbers of threads to measure at.
  private func threadCounts(_ machine: MachineFacts) throws -> [Int] {
    guard let list = options.threads else { return Array(1...max(1, Int(machine.usableCpus))) }
    let counts = list.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let valid = counts.compactMap(\.self).filter { (1...1_024).contains($0) }
    guard valid.count == counts.count, Set(valid).count == valid.count, !valid.isEmpty else {
      throw InputError(
        "--threads", problem: "\(list) is not a list of numbers from 1 to 1024",
        remedy: "write for example 1,2,4, each once", isUsage: true)
    }
    return valid
  }
}

extension ProductCeiling {
  /// From the seconds that the products of a step took, round by round; `nil` without a sample.
  fileprivate init?(threads: Int, step: StepCost, denseSeconds: [Double], attentionSeconds: [Double]) {
    let tokens = Double(step.tokens)
    let seconds = zip(denseSeconds, attentionSeconds).map(+)
    guard let all = MeasuredSpread(seconds.map { tokens / $0 }),
      let dense = MeasuredSpread(denseSeconds.map { tokens / $0 }),
      let flops = MeasuredSpread(seconds.map { Double(step.matrixFlops) / $0 / 1e9 })
    else { return nil }
    self.init(threads: threads, tokensPerSecond: all, denseTokensPerSecond: dense, gflopPerSecond: flops)
  }
}
