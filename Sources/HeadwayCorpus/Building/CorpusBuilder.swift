import Foundation
import HeadwayFiles
import HeadwayTrace

/// Builds a corpus directory from text files and directories.
///
///     let builder = try CorpusBuilder(sources: ["poems", "notes.txt"])
///     let corpus = try builder.build(to: "corpora/mine") { progress in … }
///
/// Documents are files, joined by `<|endoftext|>`, or by nothing where the tokens are characters; which
/// files are taken is decided by their content (see ``SkippedFiles``). The end of the text is held out (see
/// ``CorpusOptions/validationShare``), cut between two pieces, so that each part encodes by itself to its own
/// token file; the tokenizer is made of the text (see ``CorpusOptions/tokenizer``) or given. The directory
/// appears whole or not at all. Text is never repeated to reach a size.
public struct CorpusBuilder: Sendable {
  /// The files and directories to take text from.
  public let sources: [String]
  /// How the corpus is built.
  public let options: CorpusOptions

  let walk: SourceWalk

  /// Finds the files of the sources.
  ///
  /// - Throws: ``InputError`` when an option is out of range, or a source is missing, unreadable, or
  ///   neither a file nor a directory.
  public init(sources: [String], options: CorpusOptions = CorpusOptions()) throws(InputError) {
    try options.validate()
    guard !sources.isEmpty else {
      throw InputError(
        "corpus", problem: "no source was named", remedy: "name a text file or a directory", isUsage: true)
    }
    self.sources = sources
    self.options = options
    walk = try SourceWalk(sources)
  }

  /// Builds the corpus.
  ///
  /// - Parameters:
  ///   - directory: Where the corpus will appear; missing or empty.
  ///   - progress: Called on this thread, now and then and at the end of every phase.
  /// - Throws: ``InputError`` when there is no text, too little for the vocabulary, or nothing can be
  ///   written; nothing is left behind then.
  public func build(
    to directory: String, progress: (CorpusProgress) -> Void = { _ in }
  ) throws(InputError) -> Corpus {
    let staged = try StagedDirectory(for: directory, replacing: .nothing)
    try fill(staged.place, progress)
    guard try staged.commit() else {
      throw InputError(
        directory, problem: "another process put a directory there meanwhile", remedy: "choose another output"
      )
    }
    return try Corpus.open(directory)
  }

  /// What errors about the text as a whole name.
  var subject: String { sources.joined(separator: ", ") }

  /// Writes every file of the corpus into a staged directory.
  func fill(_ place: StagedPlace, _ progress: (CorpusProgress) -> Void) throws(InputError) {
    let parts = CorpusParts(place: place)
    var reader = DocumentReader(walk, options: options, subject: subject)
    let cut = try parts.writeText(from: &reader, validationShare: options.validationShare, progress)
    let texts = try CorpusSplit.allCases.map { (split) throws(InputError) in
      try MappedFile(path: place.path(split.textFile))
    }

    let tokenizer = try learn(texts, textBytes: reader.textBytes, progress)
    try place.write(CorpusLayout.tokenizer) { try tokenizer.json() }

    var encoder = TokenEncoder(tokenizer)
    var counts: [Int] = []
    for (split, text) in zip(CorpusSplit.allCases, texts) {
      let offset = split == .train ? 0 : cut
      counts.append(
        try parts.writeTokens(of: text, split, with: &encoder, keepsText: options.keepsText) { done in
          progress(CorpusProgress(phase: .encoding, done: offset + done, total: reader.textBytes))
        })
    }
    let tokens = counts[0] + counts[1]
    let facts = CorpusFacts(
      sources: sources, filesTaken: reader.taken, filesSkipped: reader.skipped,
      limitBytes: options.limitBytes, textBytes: reader.textBytes, trainTokens: counts[0],
      validationTokens: counts[1], tokenizer: tokenizer.kind, vocabularySize: tokenizer.vocabularySize,
      validationShare: options.validationShare, bytesPerToken: Double(reader.textBytes) / Double(tokens),
      contentHash: try CorpusHash.content(place.path),
      textHashes: options.keepsText ? try CorpusHash.texts(place.path) : nil)
    try place.write(CorpusLayout.facts) { try HeadwayJSON.document(facts) }
  }

  /// The tokenizer that encodes the texts: the one given, or one that is made of them.
  private func learn(
    _ texts: [MappedFile], textBytes: Int, _ progress: (CorpusProgress) -> Void
  ) throws(InputError) -> Tokenizer {
    if let given = options.existingTokenizer { return given }
    func counted(_ bytes: Int) { progress(CorpusProgress(phase: .counting, done: bytes, total: textBytes)) }
    switch options.tokenizer {
    case .bpe:
      var trainer = try TokenizerTrainer(vocabularySize: options.vocabularySize)
      texts[0].withText { trainer.add($0, progress: counted) }
      counted(textBytes)
      return try trainer.train(subject: subject) { done, total in
        progress(CorpusProgress(phase: .training, done: done, total: total))
      }
    case .characters:
      var census = CharacterCensus()
      for text in texts {
        text.withText { census.add($0) }
        counted(text.count)
      }
      counted(textBytes)
      return try census.tokenizer(limit: options.vocabularySize, subject: subject)
    }
  }
}

/// The hashes that `corpus.json` holds.
enum CorpusHash {
  /// Of what decides the batches: the tokenizer and both token files.
  static func content(_ directory: String) throws(InputError) -> String {
    try of([CorpusLayout.tokenizer] + CorpusSplit.allCases.map(\.tokensFile), in: directory)
  }

  /// Of each text and its index, by part.
  static func texts(_ directory: String) throws(InputError) -> [String: String] {
    var hashes: [String: String] = [:]
    for split in CorpusSplit.allCases { hashes[split.rawValue] = try text(directory, split) }
    return hashes
  }

  /// Of one text and its index.
  static func text(_ directory: String, _ split: CorpusSplit) throws(InputError) -> String {
    try of([split.textFile, split.indexFile], in: directory)
  }

  private static func of(_ names: [String], in directory: String) throws(InputError) -> String {
    try ContentHash(ofFiles: names.map { directory + "/" + $0 }).hexadecimal
  }
}
