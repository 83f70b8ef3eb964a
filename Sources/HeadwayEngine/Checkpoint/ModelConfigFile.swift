import HeadwayTrace

/// `config.json` with the keys of Hugging Face's `GPT2Config`, and a sub-object for what GPT-2 lacks.
///
/// Any `config.json` of a GPT-2 that `transformers` saved is read: keys that it leaves out have
/// `GPT2Config`'s defaults, keys that change nothing of what the model computes are ignored, and what
/// Headway's model cannot compute is refused by name.
struct ModelConfigFile: Codable, Equatable, Sendable {
  /// Keys of Headway's own.
  struct Extension: Codable, Equatable, Sendable {
    /// Whether linear layers and norms have biases. Without them the file still holds bias tensors, of
    /// zeros, because GPT-2 has no other form.
    var bias: Bool
  }

  /// A token's number, written as `null` where there is no such token: a key left out would mean GPT-2's.
  struct TokenNumber: Codable, Equatable, Sendable {
    var value: Int?

    init(_ value: Int?) { self.value = value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = container.decodeNil() ? nil : try container.decode(Int.self)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if let value { try container.encode(value) } else { try container.encodeNil() }
    }
  }

  var architectures: [String]? = ["GPT2LMHeadModel"]
  var modelType = Self.kind
  var activationFunction: String? = Self.activation
  var layerNormEpsilon: Double? = Self.epsilon
  var tieWordEmbeddings: Bool? = true
  var scaleAttnWeights: Bool? = true
  var scaleAttnByInverseLayerIdx: Bool? = false
  var addCrossAttention: Bool? = false
  var attnPdrop: Double? = 0
  var embdPdrop: Double? = 0
  var residPdrop: Double? = 0
  var initializerRange: Double? = 0.02
  /// The element type under its name since 2025, which older versions ignore.
  var dtype: String?
  /// The element type under its older name.
  var torchDtype: String? = Self.elements
  var useCache: Bool? = true
  var vocabSize: Int
  var nPositions: Int
  var nEmbd: Int
  var nLayer: Int
  var nHead: Int
  /// Channels of the MLP; 4 · `n_embd` when absent or `null`.
  var nInner: Int?
  var bosTokenId: TokenNumber?
  var eosTokenId: TokenNumber?
  var headway: Extension?

  private static let kind = "gpt2"
  private static let activation = "gelu_new"
  private static let epsilon = 1e-5
  private static let elements = "float32"

  init(_ shape: ModelShape, endOfText: Int?) {
    vocabSize = shape.vocabulary
    nPositions = shape.positions
    nEmbd = shape.channels
    nLayer = shape.layers
    nHead = shape.heads
    nInner = 4 * shape.channels
    bosTokenId = TokenNumber(endOfText)
    eosTokenId = TokenNumber(endOfText)
    headway = Extension(bias: shape.bias)
  }

  /// The model that the file describes.
  ///
  /// - Throws: ``InputError`` naming the key, when a size is absurd or the model is none of Headway's.
  func shape(_ subject: String) throws(InputError) -> ModelShape {
    func refuse(
      _ field: String, _ found: String, _ expected: String,
      _ remedy: String = "name a checkpoint that headway train saved, or a GPT-2 saved by transformers"
    ) -> InputError {
      InputError(subject, field: field, problem: "got \(found), expected \(expected)", remedy: remedy)
    }
    let sizes: [(String, Int, ClosedRange<Int>)] = [
      ("vocab_size", vocabSize, 1...65_536), ("n_positions", nPositions, 1...65_536),
      ("n_embd", nEmbd, 1...16_384), ("n_layer", nLayer, 1...256), ("n_head", nHead, 1...256),
    ]
    for (field, value, range) in sizes where !range.contains(value) {
      throw refuse(field, "\(value)", "\(range.lowerBound) to \(range.upperBound)")
    }
    guard nEmbd % nHead == 0 else { throw refuse("n_head", "\(nHead)", "a divisor of n_embd \(nEmbd)") }
    let inner = nInner ?? 4 * nEmbd
    guard inner == 4 * nEmbd else { throw refuse("n_inner", "\(inner)", "4 · n_embd = \(4 * nEmbd)") }
    guard modelType == Self.kind else { throw refuse("model_type", modelType, Self.kind) }
    let activation = activationFunction ?? Self.activation
    guard activation == Self.activation else {
      throw refuse("activation_function", activation, Self.activation)
    }
    let epsilon = layerNormEpsilon ?? Self.epsilon
    guard epsilon == Self.epsilon else { throw refuse("layer_norm_epsilon", "\(epsilon)", "1e-05") }
    for (field, value, expected) in [
      ("tie_word_embeddings", tieWordEmbeddings, true), ("scale_attn_weights", scaleAttnWeights, true),
      ("scale_attn_by_inverse_layer_idx", scaleAttnByInverseLayerIdx, false),
      ("add_cross_attention", addCrossAttention, false),
    ] where (value ?? expected) != expected {
      throw refuse(field, "\(!expected)", "\(expected)")
    }
    for (field, value) in [("dtype", dtype), ("torch_dtype", torchDtype)] {
      guard let value, value != Self.elements else { continue }
      throw refuse(
        field, value, Self.elements, "convert it in Python: model.float().save_pretrained(DIRECTORY)")
    }
    return ModelShape(
      vocabulary: vocabSize, positions: nPositions, channels: nEmbd, layers: nLayer, heads: nHead,
      bias: headway?.bias ?? true)
  }
}
