import Foundation

/// Throughputs over threads as measured in blocks: row b, column i is block b's throughput with
/// `threads[i]` threads.
///
/// What a block and all its cells share (a slow host, a busy neighbour) is removed by centring the logs of
/// each block on the mean of all blocks; the throughput of a column is the median over blocks of what
/// remains.
public struct ScalingSample: Equatable, Sendable {
  /// The numbers of threads, ascending and different.
  public let threads: [Int]
  /// Throughputs by block, then by number of threads.
  public let blocks: [[Double]]

  /// - Returns: `nil` when there is no block, a block is incomplete, a throughput is not above zero, or the
  ///   numbers of threads do not ascend from 1 or more.
  public init?(threads: [Int], blocks: [[Double]]) {
    guard !blocks.isEmpty, let first = threads.first, first >= 1,
      zip(threads, threads.dropFirst()).allSatisfy({ $0 < $1 }),
      blocks.allSatisfy({ $0.count == threads.count && $0.allSatisfy { $0 > 0 && $0.isFinite } })
    else { return nil }
    self.threads = threads
    self.blocks = blocks
  }

  /// The throughputs with each block's own level removed.
  var centred: [[Double]] {
    let logs = blocks.map { $0.map { log($0) } }
    let levels = logs.map { $0.reduce(0, +) / Double($0.count) }
    let middle = levels.reduce(0, +) / Double(levels.count)
    return zip(logs, levels).map { row, level in row.map { exp($0 - level + middle) } }
  }

  /// The centred median throughput of each number of threads.
  public var medians: [Double] {
    let rows = centred
    return threads.indices.map { column in Quantiles.median(of: rows.map { $0[column] }) ?? .nan }
  }

  /// The sample without the numbers of threads above `limit`; `nil` when none is left.
  public func upTo(threads limit: Int) -> ScalingSample? {
    let kept = threads.indices.filter { threads[$0] <= limit }
    return kept.isEmpty
      ? nil
      : ScalingSample(threads: kept.map { threads[$0] }, blocks: blocks.map { row in kept.map { row[$0] } })
  }
}
