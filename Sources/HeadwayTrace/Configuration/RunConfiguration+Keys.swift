/// One key of a configuration: its name in files and on the command line, and how its text is read.
struct ConfigurationKey: Sendable {
  let name: String
  let expectation: String
  let assign: @Sendable (inout RunConfiguration, String) -> Bool
  let read: @Sendable (RunConfiguration) -> String
}

extension RunConfiguration {
  /// The names of every key, in the order of the documentation.
  public static var keys: [String] { table.map(\.name) }

  /// Sets one key from text.
  ///
  /// - Parameters:
  ///   - key: A name of ``keys``.
  ///   - text: The value as written in a file or on the command line.
  ///   - subject: The file or option that the error's sentence names.
  /// - Throws: ``InputError`` (usage) for an unknown key, naming the nearest known one, or for a value
  ///   out of its range.
  public mutating func set(_ key: String, to text: String, subject: String) throws(InputError) {
    guard let entry = Self.table.first(where: { $0.name == key }) else {
      let hint = nearestMatch(to: key, among: Self.keys).map { "did you mean \($0)?" }
      throw InputError(
        subject, field: key, problem: "unknown key",
        remedy: hint ?? "the known keys are \(Self.keys.joined(separator: ", "))", isUsage: true)
    }
    guard entry.assign(&self, text) else {
      throw InputError(
        subject, field: key, problem: "got \(text), expected \(entry.expectation)",
        remedy: "correct the value", isUsage: true)
    }
  }

  /// The value of one key as text, as ``set(_:to:subject:)`` reads it; `nil` for an unknown key.
  public func value(of key: String) -> String? {
    Self.table.first { $0.name == key }?.read(self)
  }

  /// Checks what no single key can: combinations.
  ///
  /// - Throws: ``InputError`` (usage) with one sentence that says why the combination is refused.
  public func validate(subject: String) throws(InputError) {
    func refuse(_ key: String, _ problem: String, _ remedy: String) -> InputError {
      InputError(subject, field: key, problem: problem, remedy: remedy, isUsage: true)
    }
    if width % heads != 0 {
      throw refuse(
        "heads", "\(heads) heads do not divide a width of \(width)", "choose a divisor of the width")
    }
    if minimumLearningRate > learningRate {
      throw refuse(
        "minimum_learning_rate", "\(minimumLearningRate) is above the learning rate \(learningRate)",
        "lower it, or raise learning_rate")
    }
    let slots = stepBatches * (grain == .sequence ? batchSize : 1)
    let block = 12 * width * width
    let parameters = vocabularySize * width + sequenceLength * width + layers * block
    let bytes = Double(parameters) * 4 * Double(slots + 4)
    if bytes > 64e9 {
      throw refuse(
        "batches_per_step",
        "\(slots) gradient slots of \(parameters) parameters need \(Int(bytes / 1e9)) GB",
        "use fewer batches per step or a smaller model")
    }
    if tokenizer == .bpe && vocabularySize < 257 {
      throw refuse(
        "vocabulary_size", "\(vocabularySize) tokens do not hold the 256 bytes and <|endoftext|>",
        "use 257 or more, or tokenizer: characters")
    }
  }

  static let table: [ConfigurationKey] = [
    choice("tokenizer", \.tokenizer),
    integer("vocabulary_size", \.vocabularySize, 1...65_536),
    integer("width", \.width, 1...16_384),
    integer("layers", \.layers, 1...256),
    integer("heads", \.heads, 1...256),
    boolean("bias", \.bias),
    integer("batch_size", \.batchSize, 1...4_096),
    integer("sequence_length", \.sequenceLength, 1...65_536),
    integer("batches_per_step", \.batchesPerStep, 1...4_096),
    integer("steps", \.steps, 1...1_000_000_000),
    decimal("validation_share", \.validationShare, 0...0.9),
    integer("evaluate_every", \.evaluateEvery, 0...1_000_000_000),
    integer("evaluation_batches", \.evaluationBatches, 0...1_000_000),
    decimal("learning_rate", \.learningRate, 0...10),
    decimal("minimum_learning_rate", \.minimumLearningRate, 0...10),
    integer("warmup_steps", \.warmupSteps, 0...1_000_000_000),
    decimal("weight_decay", \.weightDecay, 0...10),
    decimal("beta1", \.beta1, 0...0.999_999),
    decimal("beta2", \.beta2, 0...0.999_999),
    decimal("gradient_clip", \.gradientClip, 0...1e9),
    integer("seed", \.seed, 0...UInt64(Int64.max)),
    integer("threads", \.threads, 1...1_024),
    choice("thread_lifetime", \.threadLifetime),
    ConfigurationKey(
      name: "prefetch", expectation: "off, or a whole number of steps from 0 to 1024",
      assign: { configuration, text in
        let depth = text == "off" || text == "false" ? 0 : (text == "on" || text == "true" ? 1 : Int(text))
        guard let depth, (0...1_024).contains(depth) else { return false }
        configuration.prefetch = depth
        return true
      },
      read: { $0.prefetch == 0 ? "off" : String($0.prefetch) }),
    choice("scheduling", \.scheduling),
    choice("kernels", \.kernels),
    choice("reduction", \.reduction),
    choice("grain", \.grain),
    choice("optimizer", \.optimizer),
    choice("topology", \.topology),
    choice("batching", \.batching),
    choice("barrier", \.barrier),
    choice("loader", \.loader),
    choice("probe", \.probe),
    integer("trace_budget_bytes", \.traceBudgetBytes, 65_536...(1 << 40)),
    integer("watchdog_seconds", \.watchdogSeconds, 0...86_400),
    choice("on_stall", \.onStall),
    integer("stack_sampling_hz", \.stackSamplingHz, 0...4_000),
    choice("stack_sampling_mode", \.stackSamplingMode),
    boolean("counters", \.counters),
    boolean("operations", \.operations),
  ]

  private static func integer<Value: FixedWidthInteger & Sendable>(
    _ name: String, _ path: WritableKeyPath<Self, Value> & Sendable, _ range: ClosedRange<Value>
  ) -> ConfigurationKey {
    ConfigurationKey(
      name: name, expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      assign: { configuration, text in
        guard let value = Value(text.replacing("_", with: "")), range.contains(value) else { return false }
        configuration[keyPath: path] = value
        return true
      },
      read: { String($0[keyPath: path]) })
  }

  private static func decimal(
    _ name: String, _ path: WritableKeyPath<Self, Double> & Sendable, _ range: ClosedRange<Double>
  ) -> ConfigurationKey {
    ConfigurationKey(
      name: name, expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
      assign: { configuration, text in
        guard let value = Double(text), range.contains(value) else { return false }
        configuration[keyPath: path] = value
        return true
      },
      read: { String($0[keyPath: path]) })
  }

  private static func boolean(
    _ name: String, _ path: WritableKeyPath<Self, Bool> & Sendable
  ) -> ConfigurationKey {
    ConfigurationKey(
      name: name, expectation: "true or false",
      assign: { configuration, text in
        guard let value = ["true": true, "on": true, "false": false, "off": false][text] else { return false }
        configuration[keyPath: path] = value
        return true
      },
      read: { String($0[keyPath: path]) })
  }

  private static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: WritableKeyPath<Self, Value> & Sendable
  ) -> ConfigurationKey where Value.RawValue == String {
    let names = Value.allCases.map(\.rawValue)
    return ConfigurationKey(
      name: name, expectation: "one of " + names.joined(separator: ", "),
      assign: { configuration, text in
        guard let value = Value(rawValue: text) else { return false }
        configuration[keyPath: path] = value
        return true
      },
      read: { $0[keyPath: path].rawValue })
  }
}
