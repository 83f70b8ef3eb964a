import Foundation
import HeadwayFiles
import HeadwayTrace

extension Corpus {
  /// The version of what a build makes of the same sources and options; part of the cache's key.
  private static let buildVersion = 2

  /// Opens a built corpus, or builds one from text and keeps it for the next call.
  ///
  /// A path with a `corpus.json` is opened as it is (its own held-out share and sources stand). Anything
  /// else is built into a directory of `cache` whose name is a hash of the options and of every file's
  /// path, length and modification time, and opened from there when it was built before. A kept corpus
  /// that does not open any more is built again. Several processes may call this at once: whoever is done
  /// first provides the corpus for all.
  ///
  /// - Parameters:
  ///   - sources: Text files and directories of text, or one corpus directory.
  ///   - options: How to build. A corpus that is built already must have this kind of tokenizer and this
  ///     vocabulary (for characters, no more than it); with an existing tokenizer it may be of any other.
  ///   - cache: The directory of kept corpora; made when missing.
  ///   - progress: Called on this thread while building.
  /// - Throws: ``InputError``; also when a built corpus has another vocabulary than asked for.
  public static func openOrBuild(
    from sources: [String], options: CorpusOptions, cache: String,
    progress: (CorpusProgress) -> Void = { _ in }
  ) throws(InputError) -> Corpus {
    if let built = sources.first(where: isCorpus) {
      guard sources.count == 1 else {
        throw InputError(
          built, problem: "a built corpus cannot be joined with other sources",
          remedy: "name the corpus alone, or the texts that it was built from", isUsage: true)
      }
      let corpus = try open(built)
      if options.existingTokenizer == nil { try corpus.requireVocabulary(options) }
      return corpus
    }
    let builder = try CorpusBuilder(sources: sources, options: options)
    return try builder.openOrBuild(in: cache, version: buildVersion, progress)
  }
}

extension Corpus {
  /// Refuses a built corpus whose vocabulary is not the one asked for.
  private func requireVocabulary(_ options: CorpusOptions) throws(InputError) {
    func refuse(_ problem: String, _ remedy: String) -> InputError {
      InputError(
        directory, problem: problem, remedy: remedy + ", or name the text instead", isUsage: true)
    }
    let size = tokenizer.vocabularySize
    guard tokenizer.kind == options.tokenizer else {
      throw refuse(
        "the corpus was built with tokenizer \(tokenizer.kind.rawValue), but \(options.tokenizer.rawValue) is "
          + "asked for", "set tokenizer to \(tokenizer.kind.rawValue)")
    }
    if tokenizer.kind == .characters && size > options.vocabularySize {
      throw refuse(
        "the corpus has \(size) different characters, and vocabulary_size is \(options.vocabularySize)",
        "set vocabulary_size to \(size) or more")
    }
    if tokenizer.kind == .bpe && size != options.vocabularySize {
      throw refuse(
        "the corpus has a vocabulary of \(size) tokens, but vocabulary_size asks for "
          + "\(options.vocabularySize)", "set vocabulary_size to \(size)")
    }
  }
}

extension CorpusBuilder {
  /// Opens the kept corpus of these sources and options, or builds it.
  fileprivate func openOrBuild(
    in cache: String, version: Int, _ progress: (CorpusProgress) -> Void
  ) throws(InputError) -> Corpus {
    let directory = cache + "/" + (try cacheKey(version))
    if Corpus.isCorpus(directory) {
      if let corpus = try? Corpus.open(directory) { return corpus }
      // Moved away first, so that no other process opens a directory that is half removed.
      let stale = TemporaryName.beside(directory)
      if rename(directory, stale) == 0 { try? FileManager.default.removeItem(atPath: stale) }
    }
    let staged: StagedDirectory
    do {
      staged = try StagedDirectory(for: directory, replacing: .nothing)
    } catch {
      // Somebody else finished between the check above and this one.
      if Corpus.isCorpus(directory) { return try Corpus.open(directory) }
      throw error
    }
    try fill(staged.place, progress)
    // When another process was first its corpus is as good: the key covers all that this one was built of.
    try staged.commit()
    return try Corpus.open(directory)
  }

  /// A name that changes with the sources' files and with every option.
  private func cacheKey(_ version: Int) throws(InputError) -> String {
    var hash = ContentHash()
    func add(_ field: String) { hash.combine((field + "\0").utf8) }
    var described = options
    described.existingTokenizer = nil
    add("\(CorpusFacts.schemaName) \(version) \(described)")
    if let tokenizer = options.existingTokenizer {
      do {
        hash.combine(try tokenizer.json())
      } catch {
        throw InputError(
          subject, problem: "the tokenizer cannot be written as JSON (\(error))", remedy: "report this")
      }
    }
    for source in sources { add(URL(fileURLWithPath: source).resolvingSymlinksInPath().path) }
    for file in walk.files { add("\(file.name) \(file.bytes) \(file.modified)") }
    return hash.hexadecimal
  }
}
