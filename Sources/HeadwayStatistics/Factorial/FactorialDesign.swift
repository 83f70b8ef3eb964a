/// Which combinations of on/off factors are measured: all 2ᵏ of them, or a fraction in which no main effect
/// and no interaction of two factors is confounded with another of them (resolution V).
///
///     let design = FactorialDesign(factors: 5)   // 16 runs instead of 32
///     design.runs[3]                             // [true, true, false, false, true]
///
/// In a fraction the last factors are products of the first ones, by the generators that Box, Hunter and
/// Hunter tabulate ("Statistics for Experimenters", 2005, table 6.22); up to four factors nothing is left out.
public struct FactorialDesign: Equatable, Sendable {
  /// Factors that a design can have.
  public static let factorLimit = 1...8
  /// The levels of every factor, run by run; the first factor changes fastest.
  public let runs: [[Bool]]
  /// Factors.
  public let factorCount: Int
  /// The factors that are products of others, each as a set of positions.
  private let generators: [[Int]]

  /// A design for some factors, 1 … 8. A full one has 2ᵏ runs.
  public init?(factors count: Int, isFull: Bool = false) {
    guard Self.factorLimit.contains(count) else { return nil }
    let generators = isFull ? [] : Self.generators(for: count)
    let free = count - generators.count
    factorCount = count
    self.generators = generators
    runs = (0..<(1 << free)).map { number in
      var levels = (0..<free).map { number >> $0 & 1 == 1 }
      for generator in generators {
        // A product of signs: an even number of offs among the factors is an on.
        levels.append(generator.count { !levels[$0] } % 2 == 0)
      }
      return levels
    }
  }

  /// Whether every combination is there.
  public var isFull: Bool { generators.isEmpty }

  /// The length of the shortest product of factors that is constant over the runs; `nil` for a full design,
  /// which has none. A fraction of resolution V confounds no two effects of one or two factors.
  public var resolution: Int? {
    if isFull { return nil }
    let free = factorCount - generators.count
    // Each generator says: factor · its product = 1. All products of these words are constant too.
    let words = generators.enumerated().map { index, generator in
      generator.reduce(1 << (free + index)) { $0 | 1 << $1 }
    }
    return (1..<(1 << words.count)).map { subset in
      words.indices.filter { subset >> $0 & 1 == 1 }.reduce(0) { $0 ^ words[$1] }.nonzeroBitCount
    }.min()
  }

  private static func generators(for count: Int) -> [[Int]] {
    switch count {
    case 5: [[0, 1, 2, 3]]
    case 6: [[0, 1, 2, 3, 4]]
    case 7: [[0, 1, 2, 3, 4, 5]]
    case 8: [[0, 1, 2, 3], [0, 1, 4, 5]]
    default: []
    }
  }
}
