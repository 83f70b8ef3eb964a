import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayTrace

/// Works on corpora.
struct CorpusVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus", abstract: "Turn text into tokens once, for many runs.",
    discussion: "headway corpus build my-text/ --output corpus", subcommands: [Build.self])

  /// Builds a corpus directory from text.
  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Learn a vocabulary from text and encode the text with it.",
      discussion: """
        headway corpus build my-text/ --output corpus --vocabulary-size 4000

        Directories are walked; hidden, binary, empty and very large files are skipped, and counted. The \
        directory that is written can be given to --corpus. Documents are joined by <|endoftext|>, or as they \
        are with --tokenizer characters, which has no such token.
        """)

    @Argument(help: "Text files and directories of text.", completion: .file())
    var sources: [String]

    @Option(help: "The directory to write; whole or not at all.")
    var output: String

    @Option(help: "bpe (byte pairs, learned from the text) or characters (those of the text).")
    var tokenizer = TokenizerKind.bpe

    @Option(
      help: "Tokens in the vocabulary: 257 to 65536 of bpe; the most that there may be of characters.")
    var vocabularySize = 1000

    @Option(help: "The share of the text that is held out, from its end.")
    var validationShare = 0.1

    @Option(help: "The most bytes of text to take.")
    var limitBytes: Int?

    @Flag(help: "Print what was built as JSON.")
    var json = false

    func run() throws {
      var options = CorpusOptions()
      options.tokenizer = tokenizer
      options.vocabularySize = vocabularySize
      options.validationShare = validationShare
      options.limitBytes = limitBytes
      let display = CorpusDisplay(isQuiet: json)
      let corpus = try CorpusBuilder(sources: sources, options: options)
        .build(to: output, progress: display.show)
      display.clear()
      if let missing = corpus.facts.describeMissing() { Terminal.complain("warning: \(missing)") }
      if json {
        try Terminal.writeJSON(corpus.facts)
        return
      }
      Terminal.writeLine("\(output): \(corpus.describe())")
      if let skipped = corpus.facts.describeSkipped() { Terminal.writeLine(skipped) }
    }
  }
}

extension TokenizerKind: ExpressibleByArgument {}
