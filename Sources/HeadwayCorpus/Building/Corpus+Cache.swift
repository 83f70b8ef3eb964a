import Foundation
import HeadwayFiles
import HeadwayTrace

extension Corpus {
  /// The version of what a build makes of the same sources and options; part of the cache's key.
  private static let buildVersion = 1

  /// Opens a built corpus, or builds one from text and keeps it for the next call.
  ///
  /// A path with a `corpus.json` is opened as it is (its own held-out share and sources stand). Anything
  /// else is built into a directory of `cache` whose name is a hash of the options and of every file's
  /// path, length and modification time, and opened from there when it was built before. A kept corpus
  /// that does not open any more is built again. Several processes may call this at once: whoever is done
  /// first provides the corpus for all.
  ///
  /// - Parameters:
  ///   - source: A corpus directory, a text file, or a directory of text.
  ///   - vocabularySize: V.
  ///   - validationShare: The share held out.
  ///   - cache: The directory of kept corpora; made when missing.
  ///   - limitBytes: The most bytes of text to take.
  ///   - progress: Called on this thread while building.
  /// - Throws: ``InputError``; also when a built corpus has another vocabulary than asked for.
  public static func openOrBuild(
    from source: String, vocabularySize: Int, validationShare: Double, cache: String,
    limitBytes: Int? = nil, progress: (CorpusProgress) -> Void = { _ in }
  ) throws(InputError) -> Corpus {
    try openOrBuild(
      from: [source], vocabularySize: vocabularySize, validationShare: validationShare, cache: cache,
      limitBytes: limitBytes, progress: progress)
  }

  /// As above, from several sources, of which a built corpus can only be the only one.
  public static func openOrBuild(
    from sources: [String], vocabularySize: Int, validationShare: Double, cache: String,
    limitBytes: Int? = nil, progress: (CorpusProgress) -> Void = { _ in }
  ) throws(InputError) -> Corpus {
    if let built = sources.first(where: isCorpus) {
      guard sources.count == 1 else {
        throw InputError(
          built, problem: "a built corpus cannot be joined with other sources",
          remedy: "name the corpus alone, or the texts that it was built from", isUsage: true)
      }
      let corpus = try open(built)
      guard corpus.facts.vocabularySize == vocabularySize else {
        throw InputError(
          built,
          problem: "the corpus has a vocabulary of \(corpus.facts.vocabularySize) tokens, "
            + "but vocabulary_size asks for \(vocabularySize)",
          remedy: "set vocabulary_size to \(corpus.facts.vocabularySize), or name the text instead",
          isUsage: true)
      }
      return corpus
    }
    var options = CorpusOptions()
    options.vocabularySize = vocabularySize
    options.validationShare = validationShare
    options.limitBytes = limitBytes
    let builder = try CorpusBuilder(sources: sources, options: options)
    return try builder.openOrBuild(in: cache, version: buildVersion, progress)
  }
}

extension CorpusBuilder {
  /// Opens the kept corpus of these sources and options, or builds it.
  fileprivate func openOrBuild(
    in cache: String, version: Int, _ progress: (CorpusProgress) -> Void
  ) throws(InputError) -> Corpus {
    let directory = cache + "/" + cacheKey(version)
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
  private func cacheKey(_ version: Int) -> String {
    var hash = ContentHash()
    func add(_ field: String) { hash.combine((field + "\0").utf8) }
    add("\(CorpusFacts.schemaName) \(version) \(options)")
    for source in sources { add(URL(fileURLWithPath: source).resolvingSymlinksInPath().path) }
    for file in walk.files { add("\(file.name) \(file.bytes) \(file.modified)") }
    return hash.hexadecimal
  }
}
