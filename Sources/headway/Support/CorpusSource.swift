import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwaySweep
import HeadwayTrace

/// Opening the text that a person named, building its corpus first where that has not been done yet.
enum CorpusSource {
  /// Where corpora that were built on the way are kept.
  static let cache = ".headway/corpus"

  /// The text that was named or, without a name, that of the profile: a built corpus, or one that is built
  /// from text and cached.
  ///
  /// - Parameter configuration: Says which vocabulary; of characters it learns how many there are, so that
  ///   the model and every figure of it are of the vocabulary that is trained.
  static func open(
    _ path: String?, profile: String?, configuration: inout RunConfiguration, isQuiet: Bool
  ) throws -> Corpus {
    let request = try request(path, profile)
    return try open(request, configuration: &configuration, isQuiet: isQuiet)
  }

  /// The same for a trained model: text is encoded with the model's own tokenizer.
  static func open(
    _ path: String?, profile: String?, for model: Checkpoint, isQuiet: Bool
  ) throws -> Corpus {
    var options = options(model.state?.configuration ?? RunConfiguration())
    options.existingTokenizer = model.tokenizer
    return try open(try request(path, profile), options, isQuiet: isQuiet)
  }

  /// The corpus of a profile, of which it takes over the number of characters.
  static func open(_ profile: inout Profile, isQuiet: Bool) throws -> Corpus {
    let corpus = try open(try text(of: profile), configuration: &profile.base, isQuiet: isQuiet)
    profile.corpus?.vocabularySize = profile.base.vocabularySize
    return corpus
  }

  /// The text of a profile; one that runs another program has none.
  private static func text(of profile: Profile) throws(InputError) -> CorpusRequest {
    if let corpus = profile.corpus { return corpus }
    throw InputError(
      profile.path, field: "corpus", problem: "the profile runs another program and names no text",
      remedy: "name a profile of Headway's own training, or a text with --corpus", isUsage: true)
  }

  private static func open(
    _ request: CorpusRequest, configuration: inout RunConfiguration, isQuiet: Bool
  ) throws -> Corpus {
    let corpus = try open(request, options(configuration), isQuiet: isQuiet)
    configuration.adoptVocabulary(of: corpus)
    return corpus
  }

  /// What a person asked for: one text by its path, or a profile's.
  private static func request(_ path: String?, _ profile: String?) throws -> CorpusRequest {
    if let path {
      return CorpusRequest(
        sources: [path], tokenizer: .bpe, vocabularySize: 0, limitBytes: nil, cache: cache)
    }
    guard let profile else {
      throw InputError(
        "--corpus", problem: "no text was named", remedy: "name a text file, a directory or a profile",
        isUsage: true)
    }
    return try text(of: Profile.load(profile))
  }

  private static func options(_ configuration: RunConfiguration) -> CorpusOptions {
    var options = CorpusOptions()
    options.tokenizer = configuration.tokenizer
    options.vocabularySize = configuration.vocabularySize
    options.validationShare = configuration.validationShare
    return options
  }

  /// Opens or builds; says so when the sources hold less text than was asked for.
  private static func open(
    _ request: CorpusRequest, _ options: CorpusOptions, isQuiet: Bool
  ) throws -> Corpus {
    var options = options
    options.limitBytes = request.limitBytes
    let progress = CorpusDisplay(isQuiet: isQuiet)
    defer { progress.clear() }
    let more = (request.moreSources ?? []).filter { FileManager.default.fileExists(atPath: $0) }
    let corpus = try Corpus.openOrBuild(
      from: request.sources + more, options: options, cache: request.cache, progress: progress.show)
    progress.clear()
    if !isQuiet, let missing = corpus.facts.describeMissing() {
      Terminal.complain("corpus: \(corpus.describe())")
      Terminal.complain("warning: \(missing)")
    }
    return corpus
  }
}

/// Shows how far the building of a corpus is: a bar per phase.
final class CorpusDisplay {
  private let isQuiet: Bool
  private var phase: CorpusProgress.Phase?
  private var progress: ProgressDisplay?

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Shows a point in a phase.
  func show(_ state: CorpusProgress) {
    if phase != state.phase {
      progress?.clear()
      phase = state.phase
      progress = ProgressDisplay(Self.words(state.phase), isQuiet: isQuiet)
    }
    progress?.update(
      Double(state.done) / Double(max(1, state.total)),
      detail: "\(state.done.formatted()) of \(state.total.formatted()) \(Self.unit(state.phase))")
  }

  /// Removes the bar.
  func clear() { progress?.clear() }

  private static func words(_ phase: CorpusProgress.Phase) -> String {
    switch phase {
    case .reading: "corpus: reading"
    case .counting: "corpus: counting"
    case .training: "corpus: learning the vocabulary"
    case .encoding: "corpus: encoding"
    }
  }

  private static func unit(_ phase: CorpusProgress.Phase) -> String {
    switch phase {
    case .reading: "files"
    case .training: "tokens"
    case .counting, .encoding: "bytes"
    }
  }
}
