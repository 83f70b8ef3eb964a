import Foundation

/// Draws a token from logits: temperature, the k likeliest, then an inverse-distribution draw.
package struct TokenSampler: Sendable {
  private let options: SamplingOptions
  private let candidates: Int
  private let generator: CounterGenerator

  /// A sampler of the tokens 0 ..< candidates; the model may have more rows than the tokenizer has tokens.
  package init(_ options: SamplingOptions, candidates: Int) {
    self.options = options
    self.candidates = candidates
    generator = CounterGenerator(seed: options.seed, stream: "generate")
  }

  /// The token at a position of the text, decided by the logits, the seed and the position alone. Ties go
  /// to the lower token.
  package func draw(_ logits: some RandomAccessCollection<Float>, index: Int) -> UInt16 {
    let ranked = logits.prefix(candidates).enumerated().sorted {
      $0.element != $1.element ? $0.element > $1.element : $0.offset < $1.offset
    }
    guard let best = ranked.first else { return 0 }
    if options.temperature == 0 { return UInt16(best.offset) }
    let kept = options.topK > 0 ? ranked.prefix(options.topK) : ranked[...]
    let weights = kept.map { exp((Double($0.element) - Double(best.element)) / options.temperature) }
    var left = generator.uniform(at: UInt64(index)) * weights.reduce(0, +)
    for (candidate, weight) in zip(kept, weights) {
      left -= weight
      if left <= 0 { return UInt16(candidate.offset) }
    }
    return UInt16(best.offset)
  }
}
