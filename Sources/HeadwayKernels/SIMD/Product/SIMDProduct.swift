/// A packed, cache-blocked, register-blocked product in Swift SIMD types.
///
/// The loops around the micro-kernel are those of Goto and van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication" (2008). An element of C is, for each block of 256 in depth, one ascending chain of fused
/// multiply-adds, and the blocks are added in order: its bits depend on its row of A, its column of B and the
/// depth, not on how many other rows or columns are computed with it.
package enum SIMDProduct: MatrixProduct {
  /// See ``MatrixProduct/multiply(_:stride:a:b:rows:columns:depth:addend:)``.
  package static func multiply(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, rows m: Int, columns n: Int,
    depth k: Int, addend: Addend?
  ) {
    if m <= inPlaceRows && b.columnStride == 1 {
      multiplyInPlace(
        c, stride: stride, a: a, b: b, rows: m, columns: n, depth: k, addend: addend)
      return
    }
    let left = PackingBuffer.ofThisThread()
    let right = left + PackingBuffer.leftCapacity
    var start = 0
    repeat {
      let depth = min(PackingBuffer.depth, k &- start)
      let extra = start == 0 ? addend : Addend(c, rowStride: stride)
      var column = 0
      while column < n {
        let columns = min(PackingBuffer.blockColumns, n &- column)
        Packing.right(right, b.from(row: start, column: column), depth: depth, columns: columns)
        var row = 0
        while row < m {
          let rows = min(PackingBuffer.blockRows, m &- row)
          Packing.left(left, a.from(row: row, column: start), rows: rows, depth: depth)
          block(
            c + (row &* stride &+ column), stride: stride, left: left, right: right, rows: rows,
            columns: columns, depth: depth, addend: extra?.from(row: row, column: column))
          row &+= rows
        }
        column &+= columns
      }
      start &+= depth
    } while start < k
  }

  /// Up to this many rows, an element of B is used too seldom to be worth packing.
  private static let inPlaceRows = 32

  /// The same sums in the same order, from factors where they lie; only a last panel of fewer than sixteen
  /// columns is packed.
  private static func multiplyInPlace(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, rows m: Int, columns n: Int,
    depth k: Int, addend: Addend?
  ) {
    let panel = PackingBuffer.ofThisThread()
    var start = 0
    repeat {
      let depth = min(PackingBuffer.depth, k &- start)
      let extra = start == 0 ? addend : Addend(c, rowStride: stride)
      var column = 0
      while column < n {
        let width = min(16, n &- column)
        let source = b.from(row: start, column: column)
        if width < 16 { Packing.right(panel, source, depth: depth, columns: width) }
        var row = 0
        while row < m {
          MicroKernel.tile(
            c + (row &* stride &+ column), stride: stride, rows: min(6, m &- row), columns: width,
            a: a.from(row: row, column: start), b: width == 16 ? source.base : UnsafePointer(panel),
            bStride: width == 16 ? b.rowStride : 16, depth: depth,
            addend: extra?.from(row: row, column: column))
          row &+= 6
        }
        column &+= 16
      }
      start &+= depth
    } while start < k
  }

  /// The product of a packed block of A and a packed block of B.
  private static func block(
    _ c: UnsafeMutablePointer<Float>, stride: Int, left: UnsafePointer<Float>,
    right: UnsafePointer<Float>, rows: Int, columns: Int, depth: Int, addend: Addend?
  ) {
    var column = 0
    while column < columns {
      let width = min(16, columns &- column)
      let panel = right + column &* depth
      var row = 0
      while row < rows {
        let strip = Operand(base: left + row &* depth, rowStride: 1, columnStride: 6)
        MicroKernel.tile(
          c + (row &* stride &+ column), stride: stride, rows: min(6, rows &- row), columns: width, a: strip,
          b: panel, bStride: 16, depth: depth, addend: addend?.from(row: row, column: column))
        row &+= 6
      }
      column &+= 16
    }
  }
}
