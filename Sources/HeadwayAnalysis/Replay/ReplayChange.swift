import HeadwayTrace

/// What differs between a recorded run and a wanted one: what a replay refuses, what it takes for granted,
/// and how much it does not know.
struct ReplayChange {
  let replay: Replay
  let recorded: RunConfiguration
  let wanted: RunConfiguration
  let cores: Int
  let options: ReplayOptions

  init(of replay: Replay, to wanted: RunConfiguration, cores: Int, options: ReplayOptions) {
    self.replay = replay
    recorded = replay.configuration
    self.wanted = wanted
    self.cores = cores
    self.options = options
  }

  /// Keys that change no step's time, or none that the replay measures.
  private static let irrelevant: Set = [
    "steps", "validation_share", "evaluate_every", "evaluation_batches", "learning_rate",
    "minimum_learning_rate", "warmup_steps", "weight_decay", "beta1", "beta2", "gradient_clip", "seed",
    "trace_budget_bytes", "watchdog_seconds", "on_stall",
  ]

  /// Keys whose effect is simulated.
  private static let simulated: Set = [
    "threads", "prefetch", "scheduling", "reduction", "grain", "optimizer", "topology", "batching", "barrier",
    "batches_per_step", "thread_lifetime",
  ]

  /// Refuses what the recorded run says nothing of.
  func requireKnown() throws(InputError) {
    guard cores >= 1 else {
      throw InputError(
        "--cores", problem: "\(cores) cores run nothing", remedy: "use 1 or more", isUsage: true)
    }
    for state in options.scales.keys.sorted() where !ReplayOptions.scalableStates.contains(state) {
      throw InputError(
        "--scale", field: state, problem: "the replay knows no such state",
        remedy: "use one of \(ReplayOptions.scalableStates.joined(separator: ", "))", isUsage: true)
    }
    for (key, value) in differing {
      if Self.irrelevant.contains(key) || Self.simulated.contains(key) { continue }
      if key == "kernels", options.scales["forward"] != nil, options.scales["backward"] != nil { continue }
      if key == "loader", options.loaderTokensPerSecond != nil || options.scales["batch.assemble"] != nil {
        continue
      }
      throw refusal(key, value)
    }
  }

  /// The keys in which the two differ, and the wanted values.
  private var differing: [(key: String, value: String)] {
    RunConfiguration.keys.compactMap { key in
      guard let value = wanted.value(of: key), value != recorded.value(of: key) else { return nil }
      return (key, value)
    }
  }

  private func refusal(_ key: String, _ value: String) -> InputError {
    let problem: String
    let remedy: String
    switch key {
    case "kernels":
      problem = "the recorded run does not say how fast the \(value) kernels are"
      remedy = "name a run that used them with --calibrate, or give --scale forward=… and --scale backward=…"
    case "loader":
      problem = "the recorded run does not say how fast the loader \(value) is"
      remedy = "give --loader-rate in tokens per second"
    case "probe", "stack_sampling_hz", "stack_sampling_mode", "counters", "operations":
      problem = "the recorded run does not say what \(key)=\(value) costs"
      remedy = "leave it as recorded; a sweep measures the self-cost"
    default:
      problem = "a replay keeps the recorded model and batches, and \(key)=\(value) is another one"
      remedy = "record a run with it"
    }
    return InputError("predict", field: key, problem: problem, remedy: remedy, isUsage: true)
  }
}
