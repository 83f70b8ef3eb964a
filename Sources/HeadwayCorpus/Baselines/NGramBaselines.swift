import Foundation

/// What counting alone predicts of the held-out tokens: the losses that a model has to beat.
///
/// In nats per token, averaged over the held-out tokens that have a predecessor (all but the first), so
/// that both figures are of the same tokens. With N training tokens, c(·) their counts, c(v, w) the counts
/// of neighbours, f(v) = Σ_w c(v, w) and d(v) the number of different tokens seen after v:
///
///     unigram   p(w)     = (c(w) + 1) / (N + V)
///     bigram    p(w | v) = (c(v, w) + d(v) · p(w)) / (f(v) + d(v)),   p(w) where v was never followed
///
/// The first is add-one smoothing; the second Witten–Bell's interpolation with it (Witten and Bell, "The
/// Zero-Frequency Problem", 1991). Every probability is above zero, so the losses are finite.
public struct NGramBaselines: Codable, Equatable, Sendable {
  /// Mean of −ln p(w).
  public var unigramLoss: Double
  /// Mean of −ln p(w | v).
  public var bigramLoss: Double
  /// Held-out tokens that the means are over.
  public var tokens: Int

  /// Counts the training tokens and scores the held-out ones.
  ///
  /// - Returns: `nil` when fewer than two tokens are held out, or there are none to train on.
  /// - Complexity: One pass over each file; memory grows with the different pairs of neighbours.
  public init?(train: TokenFile, validation: TokenFile) {
    guard train.count > 0, validation.count > 1 else { return nil }
    let counts = NGramCounts(train)
    var unigram = 0.0
    var bigram = 0.0
    validation.withTokens { tokens in
      var previous = UInt16(littleEndian: tokens[0])
      for token in tokens.dropFirst() {
        let token = UInt16(littleEndian: token)
        unigram -= log(counts.probability(of: token))
        bigram -= log(counts.probability(of: token, after: previous))
        previous = token
      }
    }
    tokens = validation.count - 1
    unigramLoss = unigram / Double(tokens)
    bigramLoss = bigram / Double(tokens)
  }
}

/// Counts of tokens and of neighbours in a text.
private struct NGramCounts {
  private let tokenCount: Int
  private let vocabularySize: Int
  private var ofToken: [Int]
  private var ofPair = PairMap<Int>(filler: 0)
  // f(v) and d(v) of the formulas.
  private var followers: [Int]
  private var differentFollowers: [Int]

  init(_ tokens: TokenFile) {
    tokenCount = tokens.count
    vocabularySize = tokens.vocabularySize
    ofToken = Array(repeating: 0, count: tokens.vocabularySize)
    followers = ofToken
    differentFollowers = ofToken
    for place in 0..<tokens.count {
      let token = tokens[place]
      ofToken[Int(token)] += 1
      guard place > 0 else { continue }
      let previous = tokens[place - 1]
      followers[Int(previous)] += 1
      var isNew = false
      ofPair.update(TokenPair(previous, token), from: 0) { count in
        isNew = count == 0
        count += 1
      }
      if isNew { differentFollowers[Int(previous)] += 1 }
    }
  }

  func probability(of token: UInt16) -> Double {
    (Double(token < ofToken.count ? ofToken[Int(token)] : 0) + 1) / Double(tokenCount + vocabularySize)
  }

  func probability(of token: UInt16, after previous: UInt16) -> Double {
    let lower = probability(of: token)
    guard previous < followers.count, followers[Int(previous)] > 0 else { return lower }
    let different = Double(differentFollowers[Int(previous)])
    let together = Double(ofPair[TokenPair(previous, token)] ?? 0)
    return (together + different * lower) / (Double(followers[Int(previous)]) + different)
  }
}
