import ArgumentParser
import Foundation
import HeadwayFiles
import HeadwaySweep
import HeadwayTrace

/// The options with which every verb that trains is configured: flag > environment > profile file.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: "A profile whose base configuration to start from.", completion: .file(extensions: ["yaml"]))
  var profile: String?

  @Option(help: "A complete configuration as JSON, as a sweep writes it; the environment is not read.")
  var configuration: String?

  @Option(name: .customLong("set"), help: "Set any key, KEY=VALUE; may be repeated.")
  var settings: [String] = []

  @Option(help: "Workers in the team.")
  var threads: String?

  @Option(help: "Optimizer steps.")
  var steps: String?

  @Option(help: "barrier or queue.")
  var scheduling: String?

  @Option(help: "Steps assembled ahead, or off.")
  var prefetch: String?

  @Option(help: "reference, simd or blas.")
  var kernels: String?

  @Option(help: "Seeds initialisation and the order of batches.")
  var seed: String?

  /// The configuration that the options, the environment (`HEADWAY_THREADS` …) and the profile give.
  func resolved() throws -> RunConfiguration {
    var result = RunConfiguration()
    if let configuration {
      result = try StoredFile.decode(
        RunConfiguration.self, configuration, remedy: "name a configuration that a sweep has written")
    } else {
      if let profile { result = try Profile.load(profile).base }
      let environment = ProcessInfo.processInfo.environment
      for key in RunConfiguration.keys {
        let variable = "HEADWAY_" + key.uppercased()
        if let text = environment[variable] { try result.set(key, to: text, subject: variable) }
      }
    }
    let named = [
      ("threads", threads), ("steps", steps), ("scheduling", scheduling), ("prefetch", prefetch),
      ("kernels", kernels), ("seed", seed),
    ]
    for (key, text) in named {
      if let text { try result.set(key, to: text, subject: "--\(key)") }
    }
    for setting in settings {
      guard let separator = setting.firstIndex(of: "=") else {
        throw InputError(
          "--set", field: setting, problem: "there is no value", remedy: "write KEY=VALUE", isUsage: true)
      }
      let key = String(setting[..<separator])
      try result.set(key, to: String(setting[setting.index(after: separator)...]), subject: "--set")
    }
    try result.validate(subject: configuration ?? profile ?? "configuration")
    return result
  }
}
