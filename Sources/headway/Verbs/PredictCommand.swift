import ArgumentParser
import Foundation
import HeadwayAnalysis
import HeadwayFiles
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Predicts what a recorded run would do in another configuration.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict a recorded run's speed with other threads, cores, scheduling and so on.",
    discussion: """
      The run's step is taken apart and simulated on the wanted threads and cores; see method 7. For example:
        headway predict RUN --set threads=8 --set scheduling=queue --cores 16
        headway predict RUN --set batching=grouped --curve 1..1024 --machine machine.json
      What the recorded run cannot tell is refused; what it only suggests widens the interval.
      """)

  @Argument(help: "The directory of a recorded run, with its event trace.", completion: .directory)
  var directory: String

  @Option(name: .customLong("set"), help: "Change any key, KEY=VALUE; may be repeated.")
  var settings: [String] = []

  @Option(
    help: "Cores to predict for (default: those of the recorded run; with --curve one for each worker).")
  var cores: Int?

  @Option(help: "Predict the scaling over these numbers of threads, as 1..1024, flat and kissing.")
  var curve: String?

  @Option(
    help: "What `headway machine --json` measured: bandwidth, and how cores slow each other down.",
    completion: .file(extensions: ["json"]))
  var machine: String?

  @Option(help: "10⁹ bytes per second that all cores together can move; goes before --machine.")
  var bandwidth: Double?

  @Option(
    name: .customLong("scale"), help: "A factor on the time of a state, as forward=0.5; may be repeated.")
  var scales: [String] = []

  @Option(
    help: "A run of the same model with other kernels or another loader, whose speeds to take.",
    completion: .directory)
  var calibrate: String?

  @Option(help: "Tokens that the loader assembles in a second.")
  var loaderRate: Double?

  @Flag(help: "As if synchronisation cost nothing: the lower bound of a step.")
  var freeSynchronisation = false

  @Flag(help: "Print the prediction as JSON (headway.prediction/1, headway.prediction_curve/1).")
  var json = false

  func run() throws {
    let threads = try curve.map { try Self.threads(in: $0) }
    let replay = try Replay(of: Self.source(directory))
    let wanted = try wanted(from: replay.configuration)
    let options = try options(for: replay, kernels: wanted.kernels)
    if let threads {
      let result = try replay.curve(
        configuration: wanted, threads: threads, cores: cores, options: options)
      if json { return try Terminal.writeJSON(result) }
      Terminal.write(
        TerminalReport.render(curve: result, width: Terminal.columns(), color: Terminal.colours))
    } else {
      let result = try replay.predict(configuration: wanted, cores: cores, options: options)
      if json { return try Terminal.writeJSON(result) }
      Terminal.write(
        TerminalReport.render(prediction: result, width: Terminal.columns(), color: Terminal.colours))
    }
  }

  /// A recorded run as a replay reads it.
  private static func source(_ path: String) throws(InputError) -> ReplaySource {
    let directory = try RunDirectory(opening: path)
    let manifest = try directory.manifest()
    guard let configuration = manifest.configuration else {
      throw InputError(
        path, problem: "it is the run of another engine, whose steps a replay cannot put together again",
        remedy: "name a run of headway train")
    }
    guard FileManager.default.fileExists(atPath: directory.tracePath) else {
      throw InputError(
        path, problem: "the run has no event trace", remedy: "record it again with --set probe=events")
    }
    let hasSummary = FileManager.default.fileExists(atPath: directory.summaryPath)
    let summary = hasSummary ? try directory.summary() : nil
    return ReplaySource(
      name: path, trace: try TraceFile.read(directory.tracePath),
      configuration: summary?.configuration ?? configuration,
      cores: Int(manifest.machine.usableCpus.rounded()),
      warmupSteps: summary?.throughput.warmupSteps)
  }

  private func wanted(from recorded: RunConfiguration) throws(InputError) -> RunConfiguration {
    var wanted = recorded
    for (key, text) in try Self.pairs(settings, option: "--set") {
      try wanted.set(key, to: text, subject: "--set")
    }
    try wanted.validate(subject: "--set")
    return wanted
  }

  private func options(for replay: Replay, kernels: KernelChoice) throws(InputError) -> ReplayOptions {
    var options = ReplayOptions()
    options.hasFreeSynchronisation = freeSynchronisation
    if let machine {
      let ceilings = try StoredFile.decode(
        MachineCeilings.self, machine, remedy: "write one with: headway machine --json > machine.json")
      options.adopt(ceilings, kernels: kernels)
    }
    if let bandwidth { options.bandwidth = try Self.positive(bandwidth, "--bandwidth") }
    if let loaderRate { options.loaderTokensPerSecond = try Self.positive(loaderRate, "--loader-rate") }
    var sources: [String] = []
    if let calibrate {
      options.scales = try replay.scales(measuredIn: try Replay(of: Self.source(calibrate)))
      sources.append("measured in \(calibrate)")
    }
    for (state, text) in try Self.pairs(scales, option: "--scale") {
      guard let factor = Double(text) else {
        throw InputError(
          "--scale", field: state, problem: "\(text) is no number", remedy: "write for example forward=0.5",
          isUsage: true)
      }
      options.scales[state] = try Self.positive(factor, "--scale")
    }
    if !scales.isEmpty { sources.append("given by --scale") }
    options.scaleSource = sources.isEmpty ? nil : sources.joined(separator: " and ")
    return options
  }

  private static func pairs(_ texts: [String], option: String) throws(InputError) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for text in texts {
      guard let separator = text.firstIndex(of: "=") else {
        throw InputError(
          option, field: text, problem: "there is no value", remedy: "write KEY=VALUE", isUsage: true)
      }
      pairs.append((String(text[..<separator]), String(text[text.index(after: separator)...])))
    }
    return pairs
  }

  private static func positive(_ value: Double, _ option: String) throws(InputError) -> Double {
    guard value > 0, value.isFinite else {
      throw InputError(
        option, problem: "got \(value), expected a number above zero", remedy: "correct the value",
        isUsage: true)
    }
    return value
  }

  /// Powers of two and three halves of them in a range, with its ends.
  private static func threads(in range: String) throws(InputError) -> [Int] {
    let ends = range.split(separator: ".", omittingEmptySubsequences: true).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, first < last, last <= 1_024
    else {
      throw InputError(
        "--curve", problem: "\(range) is not a range of threads", remedy: "write for example 1..1024",
        isUsage: true)
    }
    let powers = (0...10).flatMap { [1 << $0, 3 << $0] }
    return Set(powers + [first, last]).filter { (first...last).contains($0) }.sorted()
  }
}
