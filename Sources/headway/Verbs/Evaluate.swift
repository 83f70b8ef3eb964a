import ArgumentParser
import Foundation
import HeadwayCorpus
import HeadwayEngine
import HeadwayFiles
import HeadwayTrace

/// Prints a model's loss on held-out text beside what counting words would reach.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a model's loss on held-out text beside the unigram and bigram baselines.",
    discussion: """
      headway evaluate --checkpoint out --corpus my-text/

      A model that is no better than the bigram baseline has learned nothing from attention.
      """)

  @Option(help: "The checkpoint, a directory.", completion: .directory)
  var checkpoint: String

  @Option(
    help: "The text: a file, a directory of text, or a built corpus (default: that of the profile).",
    completion: .directory)
  var corpus: String?

  @Option(help: "A profile whose text to read.", completion: .file(extensions: ["yaml"]))
  var profile: String?

  @Option(
    help: "A text file: print, as JSON, the ids of its tokens and the model's logits after each.",
    completion: .file())
  var logits: String?

  @Option(help: "The most windows of text to read; all of it when left out.")
  var windows: Int?

  @Flag(help: "Print the losses as JSON.")
  var json = false

  func validate() throws {
    guard logits == nil || (corpus == nil && profile == nil) else {
      throw ValidationError("name the text with --corpus for its loss, or with --logits for its logits")
    }
  }

  func run() throws {
    if let windows, windows < 1 {
      throw InputError(
        "--windows", problem: "got \(windows), expected a whole number from 1", remedy: "correct the value",
        isUsage: true)
    }
    let model = try Checkpoint.load(checkpoint, for: .inference)
    if let logits { return try Terminal.writeJSON(try LogitsResult(of: logits, model, windows: windows)) }
    let text = try CorpusSource.open(corpus, profile: profile, for: model, isQuiet: json)
    let display = ProgressDisplay("evaluate", isQuiet: json)
    let evaluation = try Evaluator(model).evaluate(on: text, windows: windows) { done, total in
      display.update(Double(done) / Double(total), detail: "\(done)/\(total) windows")
      return .proceed
    }
    display.clear()
    let baselines =
      evaluation.isReencoded ? nil : NGramBaselines(train: text.train, validation: text.validation)
    let result = EvaluationResult(evaluation, baselines)
    if json {
      try Terminal.writeJSON(result)
    } else {
      Terminal.write(result.text(corpus: corpus ?? text.directory))
    }
  }
}

/// Losses in nats per token: what `evaluate --json` prints.
struct EvaluationResult: Codable {
  var schema = "headway.evaluation/1"
  var validationLoss: Float
  var unigramLoss: Double?
  var bigramLoss: Double?
  var tokens: Int

  init(_ evaluation: Evaluation, _ baselines: NGramBaselines?) {
    validationLoss = evaluation.loss
    unigramLoss = baselines?.unigramLoss
    bigramLoss = baselines?.bigramLoss
    tokens = evaluation.tokens
  }

  /// One line per loss, the model's first, and what to make of them.
  func text(corpus: String) -> String {
    var lines = ["held-out text of \(corpus): \(tokens.formatted()) tokens, in nats per token", ""]
    lines.append(Self.line("model", Double(validationLoss)))
    guard let unigramLoss, let bigramLoss else {
      lines.append("")
      lines.append(
        "The text was encoded anew with the model's tokenizer, so this corpus' baselines do not compare.")
      return lines.joined(separator: "\n") + "\n"
    }
    lines.append(Self.line("bigram", bigramLoss))
    lines.append(Self.line("unigram", unigramLoss))
    lines.append("")
    let loss = Double(validationLoss)
    lines.append(
      loss < bigramLoss
        ? "The model predicts better than counting pairs of tokens does."
        : loss < unigramLoss
          ? "The model predicts better than counting tokens does, not better than counting pairs."
          : "The model predicts no better than counting tokens does: train it longer.")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ name: String, _ loss: Double) -> String {
    name.padding(toLength: 9, withPad: " ", startingAt: 0)
      + String(format: "%.4f   perplexity %.1f", loss, exp(loss))
  }
}

/// A text's tokens and what the model makes of them: what `evaluate --logits` prints.
struct LogitsResult: Codable {
  var schema = "headway.logits/1"
  /// V, the numbers in every row of ``logits``.
  var vocabularySize: Int
  /// T, the longest context: the text is read in windows of so many tokens, each by itself.
  var contextLength: Int
  /// The ids of the whole text.
  var tokens: [UInt16]
  /// For each token of the windows read, the logits of the token after it.
  var logits: [[Float]]

  /// - Throws: ``InputError`` when the file cannot be read or encoded.
  init(of path: String, _ model: Checkpoint, windows: Int?) throws {
    tokens = try model.tokenizer.encode(try StoredFile.read(path), subject: path)
    logits = try Evaluator(model).logits(of: tokens, windows: windows)
    vocabularySize = model.vocabularySize
    contextLength = model.contextLength
  }
}
