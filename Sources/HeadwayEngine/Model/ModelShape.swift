import HeadwayTrace

/// The sizes that define a model. Glossary: V vocabulary, T positions, C channels, L blocks, H heads.
package struct ModelShape: Hashable, Sendable {
  /// V, rows of the embedding and of the tied head.
  package var vocabulary: Int
  /// T, learned positions: the longest sequence.
  package var positions: Int
  /// C, channels of the residual stream.
  package var channels: Int
  /// L, transformer blocks.
  package var layers: Int
  /// H, attention heads; divides C.
  package var heads: Int
  /// Whether linear layers and norms have biases.
  package var bias: Bool

  /// Gathers the sizes.
  package init(vocabulary: Int, positions: Int, channels: Int, layers: Int, heads: Int, bias: Bool) {
    self.vocabulary = vocabulary
    self.positions = positions
    self.channels = channels
    self.layers = layers
    self.heads = heads
    self.bias = bias
  }

  /// The shape that a configuration asks for.
  package init(_ configuration: RunConfiguration) {
    self.init(
      vocabulary: configuration.vocabularySize, positions: configuration.sequenceLength,
      channels: configuration.width, layers: configuration.layers, heads: configuration.heads,
      bias: configuration.bias)
  }
}
