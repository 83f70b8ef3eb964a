import Testing

/// A named choice with its values, as a person writes them.
struct Axis {
  let name: String
  let values: [String]

  init(_ name: String, _ values: String...) {
    self.name = name
    self.values = values
  }
}

/// Rows of axis values in which every pair of values of any two axes occurs at least once: a covering array
/// of strength two, after the greedy method of Cohen, Dalal, Fredman and Patton (The AETG system, 1997).
/// Seeded: the same axes give the same rows.
struct CoveringArray {
  let axes: [Axis]
  /// One value for each axis, by the axis' name.
  var rows: [[String: String]] {
    choices.map { row in
      var keys: [String: String] = [:]
      for (axis, value) in row.enumerated() { keys[axes[axis].name] = axes[axis].values[value] }
      return keys
    }
  }

  /// Each row's value numbers, in the axes' order.
  private(set) var choices: [[Int]] = []

  /// Two values of two different axes, the earlier axis first.
  struct Pair: Hashable {
    var first, firstValue, second, secondValue: Int

    init(_ axis: Int, _ value: Int, _ other: Int, _ otherValue: Int) {
      (first, firstValue, second, secondValue) =
        axis < other ? (axis, value, other, otherValue) : (other, otherValue, axis, value)
    }
  }

  init(_ axes: [Axis], seed: UInt64 = 1) {
    self.axes = axes
    var generator = Draw(state: seed)
    var open = Set(Self.pairs(of: axes))
    while let next = open.min(by: { Self.order($0) < Self.order($1) }) {
      // The best of a few candidates, each grown from a pair that is still open.
      var best: (row: [Int], gain: Int) = ([], -1)
      for _ in 0..<8 {
        let row = Self.candidate(axes, start: next, open: open, &generator)
        let gain = Self.pairs(in: row).count { open.contains($0) }
        if gain > best.gain { best = (row, gain) }
      }
      choices.append(best.row)
      open.subtract(Self.pairs(in: best.row))
    }
  }

  /// The pairs that no row holds, found without the generator's own books.
  func uncovered() -> [String] {
    var missing: [String] = []
    for (place, axis) in axes.enumerated() {
      for other in axes.dropFirst(place + 1) {
        for value in axis.values {
          for otherValue in other.values
          where !rows.contains(where: { $0[axis.name] == value && $0[other.name] == otherValue }) {
            missing.append("\(axis.name)=\(value) \(other.name)=\(otherValue)")
          }
        }
      }
    }
    return missing
  }

  /// Gives every axis, in a drawn order, the value that covers the most open pairs with those given before.
  private static func candidate(
    _ axes: [Axis], start: Pair, open: Set<Pair>, _ generator: inout Draw
  ) -> [Int] {
    var row = [Int](repeating: -1, count: axes.count)
    row[start.first] = start.firstValue
    row[start.second] = start.secondValue
    for axis in axes.indices.shuffled(using: &generator) where row[axis] < 0 {
      let given = axes.indices.filter { row[$0] >= 0 }
      var best = (value: 0, gain: -1)
      for value in axes[axis].values.indices.shuffled(using: &generator) {
        let gain = given.count { open.contains(Pair(axis, value, $0, row[$0])) }
        if gain > best.gain { best = (value, gain) }
      }
      row[axis] = best.value
    }
    return row
  }

  private static func pairs(of axes: [Axis]) -> [Pair] {
    axes.indices.flatMap { first in
      axes.indices.dropFirst(first + 1).flatMap { second in
        axes[first].values.indices.flatMap { value in
          axes[second].values.indices.map { Pair(first, value, second, $0) }
        }
      }
    }
  }

  private static func pairs(in row: [Int]) -> [Pair] {
    row.indices.flatMap { first in
      row.indices.dropFirst(first + 1).map { Pair(first, row[first], $0, row[$0]) }
    }
  }

  private static func order(_ pair: Pair) -> (Int, Int, Int, Int) {
    (pair.first, pair.second, pair.firstValue, pair.secondValue)
  }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  private struct Draw: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}

@Suite struct CoveringArrayTests {
  @Test func everyPairOccursAndLeavingOutARowShows() {
    let axes = [
      Axis("a", "1", "2", "3"), Axis("b", "x", "y"), Axis("c", "p", "q", "r", "s"), Axis("d", "on", "off"),
    ]
    let array = CoveringArray(axes)
    #expect(array.uncovered().isEmpty)
    // At least the product of the two longest axes, and far from the whole product of 48.
    #expect((12...20).contains(array.rows.count))
    #expect(array.rows == CoveringArray(axes).rows)
    #expect(array.rows.allSatisfy { $0.count == 4 })
    // Each row was worth its place when it was added; the last one still is.
    var shorter = array
    shorter.removeLast()
    #expect(!shorter.uncovered().isEmpty)
  }
}

extension CoveringArray {
  fileprivate mutating func removeLast() { choices.removeLast() }
}
