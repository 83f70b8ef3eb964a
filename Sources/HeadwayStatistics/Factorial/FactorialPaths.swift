import Foundation

/// The ways from "everything off" to "everything on" through the cells of a full factorial design.
///
/// All figures are ratios of the measured values, new / old, estimated over blocks by Hodges and Lehmann's median.
public struct FactorialPaths: Equatable, Sendable {
  /// A step of a path.
  public struct Step: Equatable, Sendable {
    /// The factor that is switched on.
    public let factor: Int
    /// What that multiplies the value by.
    public let ratio: Double
    /// Its exact 95 % interval; absent below 6 blocks.
    public let interval: Interval?
  }

  private let factorCount: Int
  /// Logs of the values by block, then by cell: bit i of the cell's number is factor i.
  private let logs: [[Double]]

  /// Takes the values of a full design by block, then by run; `nil` when the design is a fraction or a block
  /// is incomplete.
  public init?(_ design: FactorialDesign, values blocks: [[Double]]) {
    guard design.isFull, !blocks.isEmpty,
      blocks.allSatisfy({ $0.count == design.runs.count && $0.allSatisfy { $0 > 0 && $0.isFinite } })
    else { return nil }
    factorCount = design.factorCount
    logs = blocks.map { $0.map { log($0) } }
  }

  /// Each factor switched on last, when all others are on: what the finished program owes to it.
  public var leaveOneOut: [Step] {
    let all = (1 << factorCount) - 1
    return (0..<factorCount).compactMap { step($0) { $0[all] - $0[all & ~(1 << $1)] } }
  }

  /// The factors switched on one after the other. What each brings depends on the order.
  public func ladder(order: [Int]) -> [Step] {
    var on = 0
    return order.compactMap { factor in
      let before = on
      on |= 1 << factor
      let after = on
      return step(factor) { row, _ in row[after] - row[before] }
    }
  }

  /// What each factor brings, averaged over all orders of switching on: Shapley's value. The steps multiply
  /// to the ratio of everything on to everything off, block by block.
  public var averageOverOrders: [Step] {
    // A set of s factors comes before the next one in s! (k − s − 1)! of the k! orders.
    var factorials = [1.0]
    for number in 1...factorCount { factorials.append(factorials[number - 1] * Double(number)) }
    return (0..<factorCount).compactMap { factor in
      step(factor) { row, _ in
        var sum = 0.0
        for set in 0..<(1 << factorCount) where set >> factor & 1 == 0 {
          let size = set.nonzeroBitCount
          let weight = factorials[size] * factorials[factorCount - size - 1] / factorials[factorCount]
          sum += weight * (row[set | 1 << factor] - row[set])
        }
        return sum
      }
    }
  }

  private func step(_ factor: Int, difference: ([Double], Int) -> Double) -> Step? {
    guard let centre = HodgesLehmann(logs.map { difference($0, factor) }) else { return nil }
    return Step(
      factor: factor, ratio: exp(centre.estimate), interval: centre.interval()?.mapped { exp($0) })
  }
}
