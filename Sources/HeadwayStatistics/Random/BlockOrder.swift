/// The order of arms in randomised complete blocks (method 14): each arm once in every block, seeded, and
/// balanced so that neither the position in a block nor the arm run just before favours anybody.
///
///     let order = BlockOrder(arms: 13, seed: 7)
///     for arm in order.arms(inBlock: 0) { … }
///
/// The rows are those of a Williams design, handed out in pairs of a row and its mirror image, with the
/// arms relabelled at random. Hence
/// - after every second block each arm has had the same mean position;
/// - after ``period`` blocks each arm has stood at every position equally often (a Latin square, or two
///   of them when the number of arms is odd) and has followed every other arm equally often.
///
/// Any block can be asked for without the ones before it. Source: E. J. Williams, "Experimental designs
/// balanced for the estimation of residual effects of treatments", 1949.
public struct BlockOrder: Equatable, Sendable {
  /// How many arms each block has.
  public let armCount: Int
  /// The seed that everything follows from.
  public let seed: UInt64

  /// Plans blocks of `arms` arms.
  public init(arms: Int, seed: UInt64) {
    precondition(arms > 0, "a block needs an arm")
    armCount = arms
    self.seed = seed
  }

  /// Blocks after which every arm has stood at every position equally often.
  public var period: Int { armCount == 1 ? 1 : (armCount.isMultiple(of: 2) ? armCount : 2 * armCount) }

  /// The arms of one block, counted from 0, in the order in which they run.
  ///
  /// Complexity: O(arms).
  public func arms(inBlock block: Int) -> [Int] {
    precondition(block >= 0, "blocks count from 0")
    guard armCount > 1 else { return [0] }
    let (cycle, place) = block.quotientAndRemainder(dividingBy: period)
    var generator = SplitMix64(seed: seed &+ UInt64(cycle) &* 0xD1B5_4A32_D192_ED03)
    let labels = generator.permutation(armCount)
    let pairs = generator.permutation(period / 2)
    let mirrorFirst = pairs.map { _ in generator.below(2) == 1 }
    let pair = place / 2
    let isMirror = (place % 2 == 1) != mirrorFirst[pair]
    let row = williamsRow(pairs[pair])
    return (isMirror ? row.reversed() : row).map { labels[$0] }
  }

  /// Row `shift` of the cyclic design: 0, n−1, 1, n−2, 2, … shifted. Each difference between neighbours
  /// occurs once in it, which is what balances who follows whom.
  private func williamsRow(_ shift: Int) -> [Int] {
    (0..<armCount).map { position in
      let zigzag = position.isMultiple(of: 2) ? position / 2 : armCount - 1 - position / 2
      return (zigzag + shift) % armCount
    }
  }
}
