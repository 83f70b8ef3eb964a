import CHeadwayVectors

/// Eight floats: a register of AVX2, two of NEON.
typealias Vector = SIMD8<Float>

extension SIMD8 where Scalar == Float {
  /// self + a · b, rounded once.
  @inline(__always)
  func plus(_ a: Vector, times b: Vector) -> Vector { headway_multiply_add(a, b, self) }

  /// `value` where self < limit, self elsewhere; a NaN stays.
  @inline(__always)
  func below(_ limit: Vector, become value: Vector) -> Vector {
    headway_where_less(self, limit, value, self)
  }

  /// `value` where self > limit, self elsewhere; a NaN stays.
  @inline(__always)
  func above(_ limit: Vector, become value: Vector) -> Vector {
    headway_where_less(limit, self, value, self)
  }

  /// The lane-wise larger value; a NaN in `self` stays, one in `other` is passed over.
  @inline(__always)
  func larger(_ other: Vector) -> Vector { below(other, become: other) }

  /// The first `count` lanes, then those of `filler`.
  @inline(__always)
  func first(_ count: Int, then filler: Float) -> Vector {
    headway_first_lanes(self, Int32(truncatingIfNeeded: count), Vector(repeating: filler))
  }

  /// The square root of each lane; NaN for negative ones.
  @inline(__always)
  var root: Vector { headway_square_root(self) }

  /// The sum of the lanes, halves first.
  @inline(__always)
  var laneSum: Float {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The largest lane.
  @inline(__always)
  var laneMaximum: Float {
    var largest = self[0]
    for lane in 1..<8 where self[lane] > largest { largest = self[lane] }
    return largest
  }
}

extension UnsafePointer where Pointee == Float {
  /// The eight elements from `offset` on, at any alignment.
  @inline(__always)
  func vector(at offset: Int) -> Vector {
    UnsafeRawPointer(self + offset).loadUnaligned(as: Vector.self)
  }

  /// The first `lanes` elements from `offset` on, the other lanes being `filler`; nothing beyond is read.
  @inline(__always)
  func vector(at offset: Int, lanes: Int, filler: Float = 0) -> Vector {
    if lanes == 8 { return vector(at: offset) }
    var result = Vector(repeating: filler)
    for lane in 0..<lanes { result[lane] = self[offset &+ lane] }
    return result
  }
}

extension UnsafeMutablePointer where Pointee == Float {
  /// The eight elements from `offset` on, at any alignment.
  @inline(__always)
  func vector(at offset: Int) -> Vector { UnsafePointer(self).vector(at: offset) }

  /// The first `lanes` elements from `offset` on, the other lanes being `filler`; nothing beyond is read.
  @inline(__always)
  func vector(at offset: Int, lanes: Int, filler: Float = 0) -> Vector {
    UnsafePointer(self).vector(at: offset, lanes: lanes, filler: filler)
  }

  /// Writes eight elements from `offset` on, at any alignment.
  @inline(__always)
  func store(_ value: Vector, at offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: value, as: Vector.self)
  }

  /// Writes the first `lanes` elements from `offset` on; nothing beyond is touched.
  @inline(__always)
  func store(_ value: Vector, at offset: Int, lanes: Int) {
    if lanes == 8 { return store(value, at: offset) }
    for lane in 0..<lanes { self[offset &+ lane] = value[lane] }
  }
}
