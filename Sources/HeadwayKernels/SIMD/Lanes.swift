/// Walks over arrays eight elements at a time; the rest, if any, comes last with fewer lanes.
///
/// Callers pass nested functions marked `@inline(__always)`: a closure that is called in two places becomes a
/// function of its own, called for every eight elements.
///
/// The way depends on the count alone, never on an address, so that equal inputs give bitwise equal results.
enum Lanes {
  /// Calls `body(offset, lanes)` for each group of eight and then for the rest.
  @inline(__always)
  static func walk(_ count: Int, _ body: (_ offset: Int, _ lanes: Int) -> Void) {
    var offset = 0
    while offset &+ 8 <= count {
      body(offset, 8)
      offset &+= 8
    }
    if offset < count { body(offset, count &- offset) }
  }

  /// The sum of `term(offset, lanes)` over the groups; lanes beyond `lanes` must be zero.
  /// Four partial sums keep four additions in flight.
  @inline(__always)
  static func sum(_ count: Int, _ term: (_ offset: Int, _ lanes: Int) -> Vector) -> Float {
    var sum0 = Vector.zero
    var sum1 = Vector.zero
    var sum2 = Vector.zero
    var sum3 = Vector.zero
    var offset = 0
    while offset &+ 32 <= count {
      sum0 += term(offset, 8)
      sum1 += term(offset &+ 8, 8)
      sum2 += term(offset &+ 16, 8)
      sum3 += term(offset &+ 24, 8)
      offset &+= 32
    }
    while offset &+ 8 <= count {
      sum0 += term(offset, 8)
      offset &+= 8
    }
    if offset < count { sum1 += term(offset, count &- offset) }
    return ((sum0 + sum1) + (sum2 + sum3)).laneSum
  }

  /// The largest of `count` elements; NaNs are passed over, −∞ if there is nothing else.
  @inline(__always)
  static func maximum(_ values: UnsafePointer<Float>, count: Int) -> Float {
    var largest0 = Vector(repeating: -.infinity)
    var largest1 = largest0
    var offset = 0
    while offset &+ 16 <= count {
      largest0 = largest0.larger(values.vector(at: offset))
      largest1 = largest1.larger(values.vector(at: offset &+ 8))
      offset &+= 16
    }
    while offset < count {
      let lanes = min(8, count &- offset)
      largest0 = largest0.larger(values.vector(at: offset, lanes: lanes, filler: -.infinity))
      offset &+= 8
    }
    return largest0.larger(largest1).laneMaximum
  }
}
