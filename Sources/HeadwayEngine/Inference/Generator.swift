import Foundation
import HeadwayCorpus
import HeadwayKernels
import HeadwayTrace

/// How the next token is drawn.
public struct SamplingOptions: Sendable {
  /// Divides the logits: below 1 sharpens, above 1 flattens, 0 takes the likeliest token.
  public var temperature = 0.8
  /// Draws among this many likeliest tokens; 0 draws among all.
  public var topK = 40
  /// Seeds the draws: the same seed, prompt and options give the same text.
  public var seed: UInt64 = 1
  /// Tokens to write.
  public var count = 200

  /// The defaults.
  public init() {}

  /// Refuses options outside their range.
  func validate() throws(InputError) {
    func refuse(_ field: String, _ problem: String) -> InputError {
      InputError("generate", field: field, problem: problem, remedy: "correct the value", isUsage: true)
    }
    guard temperature.isFinite, temperature >= 0 else {
      throw refuse("temperature", "got \(temperature), expected a number from 0")
    }
    guard topK >= 0 else { throw refuse("top_k", "got \(topK), expected a number from 0") }
    guard count >= 1 else { throw refuse("count", "got \(count), expected a number from 1") }
  }
}

/// Writes text with a trained model.
///
///     let generator = Generator(try Checkpoint.load("out", for: .inference))
///     try generator.write(prompt: "The ", options: SamplingOptions()) { piece in … ; return true }
///
/// Each token is predicted from the last tokens that fit the model's context, computed anew: simple, and
/// fast enough for the contexts that train here.
public struct Generator: Sendable {
  private let checkpoint: Checkpoint
  private let kernels: KernelChoice

  /// A writer with a model.
  ///
  /// - Parameter kernels: Which operators compute; by default SIMD.
  public init(_ checkpoint: Checkpoint, kernels: KernelChoice? = nil) {
    self.checkpoint = checkpoint
    self.kernels = kernels ?? .simd
  }

  /// Continues a prompt; without one, starts as after the end of a text, or, where the tokens are
  /// characters and no such token exists, as after a line break.
  ///
  /// - Parameter onPiece: Gets each piece of text as soon as its characters are complete; returns whether
  ///   to go on.
  /// - Returns: The tokens written, without the prompt's.
  /// - Throws: ``InputError`` for options outside their range, a prompt with characters that the model does
  ///   not know, or kernels that this CPU cannot run.
  @discardableResult
  public func write(
    prompt: String, options: SamplingOptions, onPiece: (String) -> Bool
  ) throws(InputError) -> [UInt16] {
    try options.validate()
    try requireInstructions()
    switch kernels {
    case .reference: return try write(ReferenceKernels<Float>.self, prompt, options, onPiece)
    case .simd:
      return try write(SIMDKernels.self, prompt, options, onPiece)
    case .blas:
      return try write(BLASKernels.self, prompt, options, onPiece)
    }
  }

  /// The token that stands before a text without a prompt.
  private func start(_ tokenizer: Tokenizer) throws(InputError) -> UInt16 {
    if let token = tokenizer.endOfText { return token }
    guard let token = try? tokenizer.encode("\n").first else {
      throw InputError(
        "the prompt",
        problem: "it is empty, and the model's characters have neither an end-of-text token nor "
          + "a line break to start from", remedy: "give a prompt", isUsage: true)
    }
    return token
  }

  private func requireInstructions() throws(InputError) {
    var configuration = RunConfiguration()
    configuration.kernels = kernels
    try configuration.requireInstructions()
  }

  private func write<K: KernelSet>(
    _: K.Type, _ prompt: String, _ options: SamplingOptions, _ onPiece: (String) -> Bool
  ) throws(InputError) -> [UInt16] where K.Scalar == Float {
    let shape = checkpoint.shape
    let model = Model<K>(shape)
    let arena = try Activations<Float>(shape, sequences: 1, length: shape.positions, gradients: false)
    let tokenizer = checkpoint.tokenizer
    let sampler = TokenSampler(options, candidates: tokenizer.vocabularySize)
    var context = try tokenizer.encode(prompt, subject: "the prompt").map { Int32($0) }
    if context.isEmpty { context = [Int32(try start(tokenizer))] }
    var written: [UInt16] = []
    var pending: [UInt8] = []
    for index in 0..<options.count {
      let window = Array(context.suffix(shape.positions))
      model.forward(
        window, sequences: 1, length: window.count, weights: checkpoint.weights.base, activations: arena)
      let logits = UnsafeBufferPointer(
        start: arena.logits + (window.count - 1) * shape.vocabulary, count: shape.vocabulary)
      let token = sampler.draw(logits, index: index)
      context.append(Int32(token))
      written.append(token)
      pending += tokenizer.decodeBytes([token])
      if let piece = takeCompleteText(&pending), !onPiece(piece) { break }
    }
    if !pending.isEmpty { _ = onPiece(String(decoding: pending, as: UTF8.self)) }
    return written
  }
}

/// Removes the longest prefix of bytes that does not end inside a character, as text; a byte that can
/// start no character becomes U+FFFD.
func takeCompleteText(_ bytes: inout [UInt8]) -> String? {
  var cut = bytes.count
  // Only the last three bytes can be the start of an unfinished character of up to four.
  for back in 1...3 where back <= bytes.count {
    let byte = bytes[bytes.count - back]
    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
    if byte & 0xC0 != 0x80 {
      if length > back && byte < 0xF8 { cut = bytes.count - back }
      break
    }
  }
  guard cut > 0 else { return nil }
  let text = String(decoding: bytes[..<cut], as: UTF8.self)
  bytes.removeFirst(cut)
  return text
}
