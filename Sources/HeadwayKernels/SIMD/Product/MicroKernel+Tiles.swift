extension MicroKernel {
  /// 6 rows × 16 columns.
  @inline(__always)
  static func tile6(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: UnsafePointer<Float>, bStride: Int,
    depth: Int, addend: Addend?
  ) {
    var sum00 = Vector.zero
    var sum01 = Vector.zero
    var sum10 = Vector.zero
    var sum11 = Vector.zero
    var sum20 = Vector.zero
    var sum21 = Vector.zero
    var sum30 = Vector.zero
    var sum31 = Vector.zero
    var sum40 = Vector.zero
    var sum41 = Vector.zero
    var sum50 = Vector.zero
    var sum51 = Vector.zero
    var left = a.base
    var right = b
    for _ in 0..<depth {
      let right0 = right.vector(at: 0)
      let right1 = right.vector(at: 8)
      let left0 = Vector(repeating: left[0])
      sum00 = sum00.plus(left0, times: right0)
      sum01 = sum01.plus(left0, times: right1)
      let left1 = Vector(repeating: left[a.rowStride])
      sum10 = sum10.plus(left1, times: right0)
      sum11 = sum11.plus(left1, times: right1)
      let left2 = Vector(repeating: left[2 &* a.rowStride])
      sum20 = sum20.plus(left2, times: right0)
      sum21 = sum21.plus(left2, times: right1)
      let left3 = Vector(repeating: left[3 &* a.rowStride])
      sum30 = sum30.plus(left3, times: right0)
      sum31 = sum31.plus(left3, times: right1)
      let left4 = Vector(repeating: left[4 &* a.rowStride])
      sum40 = sum40.plus(left4, times: right0)
      sum41 = sum41.plus(left4, times: right1)
      let left5 = Vector(repeating: left[5 &* a.rowStride])
      sum50 = sum50.plus(left5, times: right0)
      sum51 = sum51.plus(left5, times: right1)
      left += a.columnStride
      right += bStride
    }
    finish(c, stride, 0, sum00, sum01, addend)
    finish(c, stride, 1, sum10, sum11, addend)
    finish(c, stride, 2, sum20, sum21, addend)
    finish(c, stride, 3, sum30, sum31, addend)
    finish(c, stride, 4, sum40, sum41, addend)
    finish(c, stride, 5, sum50, sum51, addend)
  }

  /// 4 rows × 16 columns.
  @inline(__always)
  static func tile4(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: UnsafePointer<Float>, bStride: Int,
    depth: Int, addend: Addend?
  ) {
    var sum00 = Vector.zero
    var sum01 = Vector.zero
    var sum10 = Vector.zero
    var sum11 = Vector.zero
    var sum20 = Vector.zero
    var sum21 = Vector.zero
    var sum30 = Vector.zero
    var sum31 = Vector.zero
    var left = a.base
    var right = b
    for _ in 0..<depth {
      let right0 = right.vector(at: 0)
      let right1 = right.vector(at: 8)
      let left0 = Vector(repeating: left[0])
      sum00 = sum00.plus(left0, times: right0)
      sum01 = sum01.plus(left0, times: right1)
      let left1 = Vector(repeating: left[a.rowStride])
      sum10 = sum10.plus(left1, times: right0)
      sum11 = sum11.plus(left1, times: right1)
      let left2 = Vector(repeating: left[2 &* a.rowStride])
      sum20 = sum20.plus(left2, times: right0)
      sum21 = sum21.plus(left2, times: right1)
      let left3 = Vector(repeating: left[3 &* a.rowStride])
      sum30 = sum30.plus(left3, times: right0)
      sum31 = sum31.plus(left3, times: right1)
      left += a.columnStride
      right += bStride
    }
    finish(c, stride, 0, sum00, sum01, addend)
    finish(c, stride, 1, sum10, sum11, addend)
    finish(c, stride, 2, sum20, sum21, addend)
    finish(c, stride, 3, sum30, sum31, addend)
  }

  /// 2 rows × 16 columns.
  @inline(__always)
  static func tile2(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: UnsafePointer<Float>, bStride: Int,
    depth: Int, addend: Addend?
  ) {
    var sum00 = Vector.zero
    var sum01 = Vector.zero
    var sum10 = Vector.zero
    var sum11 = Vector.zero
    var left = a.base
    var right = b
    for _ in 0..<depth {
      let right0 = right.vector(at: 0)
      let right1 = right.vector(at: 8)
      let left0 = Vector(repeating: left[0])
      sum00 = sum00.plus(left0, times: right0)
      sum01 = sum01.plus(left0, times: right1)
      let left1 = Vector(repeating: left[a.rowStride])
      sum10 = sum10.plus(left1, times: right0)
      sum11 = sum11.plus(left1, times: right1)
      left += a.columnStride
      right += bStride
    }
    finish(c, stride, 0, sum00, sum01, addend)
    finish(c, stride, 1, sum10, sum11, addend)
  }

  /// 1 row × 16 columns.
  @inline(__always)
  static func tile1(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: UnsafePointer<Float>, bStride: Int,
    depth: Int, addend: Addend?
  ) {
    var sum00 = Vector.zero
    var sum01 = Vector.zero
    var left = a.base
    var right = b
    for _ in 0..<depth {
      let right0 = right.vector(at: 0)
      let right1 = right.vector(at: 8)
      let left0 = Vector(repeating: left[0])
      sum00 = sum00.plus(left0, times: right0)
      sum01 = sum01.plus(left0, times: right1)
      left += a.columnStride
      right += bStride
    }
    finish(c, stride, 0, sum00, sum01, addend)
  }

  /// Adds the addend to a row of sums and stores it.
  @inline(__always)
  private static func finish(
    _ c: UnsafeMutablePointer<Float>, _ stride: Int, _ row: Int, _ sum0: Vector, _ sum1: Vector,
    _ addend: Addend?
  ) {
    let out = c + row &* stride
    if let addend {
      let extra = addend.base + row &* addend.rowStride
      out.store(sum0 + extra.vector(at: 0), at: 0)
      out.store(sum1 + extra.vector(at: 8), at: 8)
    } else {
      out.store(sum0, at: 0)
      out.store(sum1, at: 8)
    }
  }
}
