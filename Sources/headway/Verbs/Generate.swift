import ArgumentParser
import Foundation
import HeadwayEngine
import HeadwayTrace

/// Writes text with a trained model.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write text with a trained model.",
    discussion: """
      headway generate --checkpoint out --prompt Once --tokens 100

      The checkpoint is one that headway train --checkpoint saved, or a GPT-2 of the library transformers.
      """)

  @Option(help: "The checkpoint, a directory.", completion: .directory)
  var checkpoint: String

  @Option(help: "The text to go on from.")
  var prompt = ""

  @Option(help: "Tokens to write.")
  var tokens = 200

  @Option(help: "Below 1 sharpens, above 1 flattens, 0 takes the likeliest token.")
  var temperature = 0.8

  @Option(help: "Draws among this many likeliest tokens; 0 draws among all.")
  var topK = 40

  @Option(help: "The same seed, prompt and options give the same text.")
  var seed: UInt64 = 1

  func run() throws {
    let generator = Generator(try Checkpoint.load(checkpoint, for: .inference))
    var options = SamplingOptions()
    options.count = tokens
    options.temperature = temperature
    options.topK = topK
    options.seed = seed
    Interruption.listen()
    var isFirst = true
    try generator.write(prompt: prompt, options: options) { piece in
      Terminal.write(isFirst ? prompt + piece : piece)
      isFirst = false
      return !Interruption.isRequested
    }
    Terminal.write("\n")
    if Interruption.isRequested { throw ExitCode(130) }
  }
}
