import Foundation
import HeadwayFiles
import HeadwayTrace

/// A built corpus: a tokenizer, its encoded text, and what is known of both.
///
///     let corpus = try Corpus.open("corpora/shakespeare")
///     print(corpus.describe())
///
/// On disk it is a directory with `corpus.json` (``CorpusFacts``), `tokenizer.json` (Hugging Face),
/// `train.bin` and `validation.bin` (nanoGPT's raw `uint16`), and, when the text was kept, `train.txt`,
/// `validation.txt` and an index for each (`train.idx`, `validation.idx`; see ``TextIndex``).
public struct Corpus: Sendable {
  /// The corpus directory.
  public let directory: String
  /// The tokenizer that encoded the text.
  public let tokenizer: Tokenizer
  /// The tokens to train on.
  public let train: TokenFile
  /// The tokens held out; without any when the validation share was 0.
  public let validation: TokenFile
  /// What is known of the corpus.
  public let facts: CorpusFacts

  /// Hash of the tokenizer and the encoded text: equal hashes give equal batches.
  public var contentHash: String { facts.contentHash }

  /// Opens a corpus directory and checks that its parts belong together.
  ///
  /// - Throws: ``InputError`` when a file is missing, truncated, corrupt, of another version, or disagrees
  ///   with `corpus.json`.
  public static func open(_ directory: String) throws(InputError) -> Corpus {
    let facts = try readFacts(directory)
    let tokenizer = try Tokenizer(path: directory + "/" + CorpusLayout.tokenizer)
    guard tokenizer.vocabularySize == facts.vocabularySize else {
      throw InputError(
        directory + "/" + CorpusLayout.tokenizer,
        problem: "it has \(tokenizer.vocabularySize) tokens, but corpus.json says \(facts.vocabularySize)",
        remedy: "the files are of different corpora; build the corpus again")
    }
    return Corpus(
      directory: directory, tokenizer: tokenizer,
      train: try openTokens(
        directory + "/" + CorpusSplit.train.tokensFile, expected: facts.trainTokens,
        vocabularySize: facts.vocabularySize),
      validation: try openTokens(
        directory + "/" + CorpusSplit.validation.tokensFile, expected: facts.validationTokens,
        vocabularySize: facts.vocabularySize),
      facts: facts)
  }

  /// Whether a path is a directory with a `corpus.json`.
  public static func isCorpus(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + CorpusLayout.facts)
  }

  /// The tokens of one part of the text.
  public func tokens(of split: CorpusSplit) -> TokenFile {
    split == .train ? train : validation
  }

  private static func readFacts(_ directory: String) throws(InputError) -> CorpusFacts {
    let path = directory + "/" + CorpusLayout.facts
    let file = try MappedFile(path: path)
    let data = file.withBytes { Data($0) }
    let version = try HeadwayJSON.decode(SchemaOnly.self, from: data, subject: path)
    guard version.schema == CorpusFacts.schemaName else {
      throw InputError(
        path, field: "schema", problem: "got \(version.schema), expected \(CorpusFacts.schemaName)",
        remedy: "the corpus is from another version of Headway; build it again")
    }
    return try HeadwayJSON.decode(CorpusFacts.self, from: data, subject: path)
  }

  private static func openTokens(
    _ path: String, expected: Int, vocabularySize: Int
  ) throws(InputError) -> TokenFile {
    let tokens = try TokenFile(
      path: path, vocabularySize: vocabularySize, allowingEmpty: expected == 0)
    guard tokens.count == expected else {
      throw InputError(
        path, problem: "it has \(tokens.count) tokens, but corpus.json says \(expected)",
        remedy: "it is truncated or of another corpus; build the corpus again")
    }
    return tokens
  }
}

/// The two parts of a corpus.
public enum CorpusSplit: String, Codable, Sendable, CaseIterable {
  /// The text to train on: the beginning.
  case train
  /// The text held out: the end.
  case validation

  package var tokensFile: String { rawValue + ".bin" }
  package var textFile: String { rawValue + ".txt" }
  package var indexFile: String { rawValue + ".idx" }
}

/// The names of the files in a corpus directory that belong to no single part.
enum CorpusLayout {
  static let facts = "corpus.json"
  static let tokenizer = "tokenizer.json"
}

/// The version of a JSON document whose other keys may be anything.
private struct SchemaOnly: Decodable {
  var schema: String
}
