import HeadwayCorpus
import HeadwaySweep
import HeadwayTrace

/// Opening the text that a person named, building its corpus first where that has not been done yet.
enum CorpusSource {
  /// Where corpora that were built on the way are kept.
  static let cache = ".headway/corpus"

  /// The text that was named or, without a name, that of the profile.
  static func open(
    _ path: String?, profile: String?, configuration: RunConfiguration, isQuiet: Bool
  ) throws -> Corpus {
    if let path { return try open(path, configuration: configuration, isQuiet: isQuiet) }
    guard let profile else {
      throw InputError(
        "--corpus", problem: "no text was named", remedy: "name a text file, a directory or a profile",
        isUsage: true)
    }
    return try open(Profile.load(profile), isQuiet: isQuiet)
  }

  /// The corpus at a path: a built one, or one that is built from text and cached.
  static func open(_ path: String, configuration: RunConfiguration, isQuiet: Bool) throws -> Corpus {
    let progress = CorpusDisplay(isQuiet: isQuiet)
    defer { progress.clear() }
    return try Corpus.openOrBuild(
      from: path, vocabularySize: configuration.vocabularySize,
      validationShare: configuration.validationShare, cache: cache, progress: progress.show)
  }

  /// The corpus of a profile.
  static func open(_ profile: Profile, isQuiet: Bool) throws -> Corpus {
    let request = profile.corpus
    let progress = CorpusDisplay(isQuiet: isQuiet)
    defer { progress.clear() }
    return try Corpus.openOrBuild(
      from: request.sources, vocabularySize: request.vocabularySize,
      validationShare: profile.base.validationShare, cache: request.cache,
      limitBytes: request.limitBytes, progress: progress.show)
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
    case .training: "corpus: learning the vocabulary"
    case .encoding: "corpus: encoding"
    }
  }

  private static func unit(_ phase: CorpusProgress.Phase) -> String {
    switch phase {
    case .reading: "files"
    case .training: "tokens"
    case .encoding: "bytes"
    }
  }
}
