/// A function of time that changes in steps, and its integral: how many threads work at each moment.
///
/// Times are nanoseconds on the trace's clock. The function is zero before its first step and after its
/// last one, and defined from `begin` on: what lies before that counts nothing.
///
/// Representation: the moments of the steps in order, the level from each on, and the integral up to it.
struct StepFunction {
  /// Something that raises the function by `height` for a while.
  typealias Piece = (from: Int64, to: Int64, height: Double)

  private var times: [Int64]
  private var levels: [Double]
  private var sums: [Double] = []

  /// Adds pieces up. Complexity: O(n log n).
  init(_ pieces: some Sequence<Piece>, from begin: Int64) {
    var edges: [(at: Int64, change: Double)] = []
    for piece in pieces where piece.to > piece.from && piece.to > begin {
      edges.append((max(piece.from, begin), piece.height))
      edges.append((piece.to, -piece.height))
    }
    edges.sort { $0.at < $1.at }
    (times, levels) = ([begin], [0])
    var level = 0.0
    for edge in edges {
      level += edge.change
      if edge.at > times[times.count - 1] {
        times.append(edge.at)
        levels.append(level)
      } else {
        levels[levels.count - 1] = level
      }
    }
    sums = Self.sums(of: levels, at: times)
  }

  /// The function of its levels, the zero before and after its steps included.
  func mapped(_ transform: (Double) -> Double) -> StepFunction {
    var result = self
    result.levels = levels.map(transform)
    result.sums = Self.sums(of: result.levels, at: times)
    return result
  }

  /// ∫ over `from ..< to`, in the height's unit times nanoseconds. Complexity: O(log n).
  func integral(from: Int64, to: Int64) -> Double { to > from ? upTo(to) - upTo(from) : 0 }

  private func upTo(_ moment: Int64) -> Double {
    guard moment > times[0] else { return 0 }
    var (low, high) = (0, times.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if times[middle] <= moment { low = middle } else { high = middle }
    }
    return sums[low] + levels[low] * Double(moment - times[low])
  }

  private static func sums(of levels: [Double], at times: [Int64]) -> [Double] {
    var sums = [0.0]
    for index in times.indices.dropFirst() {
      sums.append(sums[index - 1] + levels[index - 1] * Double(times[index] - times[index - 1]))
    }
    return sums
  }
}
