import HeadwayTrace

/// `config.json` with the keys of Hugging Face's `GPT2Config`, and a sub-object for what GPT-2 lacks.
struct ModelConfigFile: Codable, Equatable, Sendable {
  /// Keys of Headway's own.
  struct Extension: Codable, Equatable, Sendable {
    /// Whether linear layers and norms have biases.
    var bias: Bool
  }

  var architectures = ["GPT2LMHeadModel"]
  var modelType = "gpt2"
  var activationFunction = "gelu_new"
  var layerNormEpsilon = 1e-5
  var tieWordEmbeddings = true
  var scaleAttnWeights = true
  var attnPdrop = 0.0
  var embdPdrop = 0.0
  var residPdrop = 0.0
  var initializerRange = 0.02
  var torchDtype = "float32"
  var useCache = true
  var vocabSize: Int
  var nPositions: Int
  var nCtx: Int
  var nEmbd: Int
  var nLayer: Int
  var nHead: Int
  var nInner: Int
  var bosTokenId: Int
  var eosTokenId: Int
  var headway: Extension

  init(_ shape: ModelShape, endOfText: Int) {
    vocabSize = shape.vocabulary
    nPositions = shape.positions
    nCtx = shape.positions
    nEmbd = shape.channels
    nLayer = shape.layers
    nHead = shape.heads
    nInner = 4 * shape.channels
    bosTokenId = endOfText
    eosTokenId = endOfText
    headway = Extension(bias: shape.bias)
  }

  /// The model that the file describes.
  ///
  /// - Throws: ``InputError`` naming the key, when a size is absurd or the model is none of Headway's.
  func shape(_ subject: String) throws(InputError) -> ModelShape {
    func refuse(_ field: String, _ found: String, _ expected: String) -> InputError {
      InputError(
        subject, field: field, problem: "got \(found), expected \(expected)",
        remedy: "name a checkpoint that headway train saved")
    }
    let sizes: [(String, Int, ClosedRange<Int>)] = [
      ("vocab_size", vocabSize, 257...65_536), ("n_positions", nPositions, 1...65_536),
      ("n_embd", nEmbd, 1...16_384), ("n_layer", nLayer, 1...256), ("n_head", nHead, 1...256),
    ]
    for (field, value, range) in sizes where !range.contains(value) {
      throw refuse(field, "\(value)", "\(range.lowerBound) to \(range.upperBound)")
    }
    guard nEmbd % nHead == 0 else { throw refuse("n_head", "\(nHead)", "a divisor of n_embd \(nEmbd)") }
    guard nInner == 4 * nEmbd else { throw refuse("n_inner", "\(nInner)", "4 · n_embd = \(4 * nEmbd)") }
    guard modelType == "gpt2" else { throw refuse("model_type", modelType, "gpt2") }
    guard activationFunction == "gelu_new" else {
      throw refuse("activation_function", activationFunction, "gelu_new")
    }
    guard layerNormEpsilon == 1e-5 else {
      throw refuse("layer_norm_epsilon", "\(layerNormEpsilon)", "1e-05")
    }
    guard tieWordEmbeddings else { throw refuse("tie_word_embeddings", "false", "true") }
    return ModelShape(
      vocabulary: vocabSize, positions: nPositions, channels: nEmbd, layers: nLayer, heads: nHead,
      bias: headway.bias)
  }
}
