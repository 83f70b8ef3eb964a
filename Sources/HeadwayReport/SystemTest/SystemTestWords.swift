import HeadwayTrace

/// A system test in words.
enum SystemTestWords {
  static func name(_ kind: SystemTestPart.Kind) -> String {
    switch kind {
    case .build: "build"
    case .corpus: "data set"
    case .training: "training"
    case .quality: "quality"
    case .inference: "inference"
    case .phases: "phases"
    }
  }

  /// How a part ended.
  enum State {
    /// All of it was measured.
    case whole
    /// It was cut short, and what it had measured by then is there.
    case partial
    /// Nothing of it is there.
    case missing
  }

  /// How a part of a test ended.
  static func state(of part: SystemTestPart, in test: SystemTest) -> State {
    if part.reason == nil { return .whole }
    let hasResult =
      switch part.kind {
      case .build: test.build != nil
      case .corpus: test.corpus != nil
      case .training: test.training != nil
      case .quality: test.quality != nil
      case .inference: test.inference != nil
      case .phases: test.sweep != nil
      }
    return hasResult ? .partial : .missing
  }

  /// What came out, in a sentence a result; what did not is named.
  static func headline(of test: SystemTest) -> String {
    var parts: [String] = []
    if let run = test.training {
      let rate = run.throughput.tokensPerSecond.map { " at \(Numerals.rounded($0)) tokens/s" } ?? ""
      let threads = run.configuration.map { " with \(Numerals.plural($0.threads, "worker"))" } ?? ""
      let end = run.completed ? "" : ", cut short"
      parts.append("Trained \(Numerals.plural(run.throughput.steps, "step"))\(rate)\(threads)\(end)")
    }
    if let quality = test.quality {
      let baseline = quality.bigramLoss.map { " (counting pairs of tokens: \(Numerals.fixed($0, 3)))" } ?? ""
      parts.append("held-out loss \(Numerals.fixed(quality.validationLoss, 3))\(baseline)")
    }
    if let inference = test.inference, !inference.rates.isEmpty {
      parts.append("writes \(Numerals.rounded(median(inference.rates))) tokens/s")
    }
    if let whole = test.phases?.rows.last(where: { $0.against == .first }), whole.speedup != nil {
      parts.append(
        "\(whole.candidate) runs at \(Numerals.ratioWithInterval(whole.speedup)) the speed of \(whole.base)")
    }
    for (state, words) in [(State.partial, "measured in part"), (.missing, "not measured")] {
      let named = test.parts.filter { Self.state(of: $0, in: test) == state }.map { name($0.kind) }
      if !named.isEmpty { parts.append("\(words): \(named.joined(separator: ", "))") }
    }
    let text = parts.isEmpty ? "nothing was measured" : parts.joined(separator: "; ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// What a reader must know before believing the figures.
  static func cautions(_ test: SystemTest) -> [String] {
    var cautions = test.parts.compactMap { part in
      part.reason.map {
        "\(name(part.kind)) was \(state(of: part, in: test) == .partial ? "measured in part only" : "not measured"): \($0)"
      }
    }
    if let built = test.build?.binaryHash, let own = test.binaryHash, built != own {
      cautions.append(
        "the figures are of the program that ran this test (\(own)), which is not the one that the build made (\(built)): run the test with that one"
      )
    }
    if let warnings = test.build?.warnings, !warnings.isEmpty {
      cautions.append("the build gave \(Numerals.plural(warnings.count, "warning"))")
    }
    cautions += (test.training?.warnings ?? []).map { "training: \($0)" }
    cautions += (test.sweep.map(Phrases.cautions) ?? []).map { "phases: \($0)" }
    return cautions + (test.phases?.warnings ?? []).map { "phases: \($0)" }
  }

  /// Why there is nothing to say of a part.
  static func missing(_ kind: SystemTestPart.Kind, _ test: SystemTest) -> String {
    let reason = test.parts.first { $0.kind == kind }?.reason
    return "Not measured: \(reason ?? "nothing was recorded")."
  }

  /// What the compiler did.
  static func compiled(_ build: BuildResult) -> String {
    let warnings =
      build.warnings.isEmpty
      ? "the compiler gave no warning"
      : "the compiler gave \(Numerals.plural(build.warnings.count, "warning"))"
    if build.isFresh {
      return
        "Everything was compiled anew, \(Numerals.plural(build.compiledModules.count, "module")): \(warnings)."
    }
    let old = "warnings of what was up to date do not show (--fresh-build compiles everything)"
    return build.compiledModules.isEmpty
      ? "Nothing had to be compiled; \(old)."
      : "Brought up to date, \(Numerals.plural(build.compiledModules.count, "module")): \(warnings); \(old)."
  }

  /// How much of the held-out text a loss during training is of; empty where none was noted.
  static func sampled(_ run: RunSummary) -> String {
    guard run.loss?.validation.isEmpty == false, let configuration = run.configuration else { return "" }
    let tokens = configuration.evaluationBatches * configuration.batchSize * configuration.sequenceLength
    return ", over at most \(Numerals.count(tokens)) held-out tokens (Quality is over all of them)"
  }

  /// What the losses say of the model.
  static func judgement(of quality: QualityResult) -> String {
    guard let bigram = quality.bigramLoss, let unigram = quality.unigramLoss else {
      return "There is no baseline to compare the loss with: the text has another tokenizer than the model."
    }
    if quality.validationLoss < bigram {
      return "The model predicts better than counting pairs of tokens does."
    }
    return quality.validationLoss < unigram
      ? "The model predicts better than counting tokens does, not better than counting pairs."
      : "The model predicts no better than counting tokens does: train it longer."
  }

  /// The middle one of sorted values.
  static func median(_ sorted: [Double]) -> Double {
    sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
