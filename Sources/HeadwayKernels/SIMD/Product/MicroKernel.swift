/// The innermost loops of a product: a tile of C stays in registers while A and B stream past.
///
/// 6 × 16 takes twelve registers of sums, two of B and one of A, out of AVX2's sixteen: twelve independent
/// fused multiply-adds hide the latency of four cycles at two a cycle.
///
/// Every element is Σ over k in ascending order by fused multiply-add, then plus its addend, in every tile
/// shape: an element's bits do not depend on where in a tile it falls.
enum MicroKernel {
  /// Rows of the full tile.
  static let rows = 6
  /// Columns of every tile.
  static let columns = 16

  /// C (rows × columns, rows `stride` apart) = A (rows × depth) · B (depth × 16, rows `bStride` apart) + addend.
  ///
  /// Up to 6 rows and 16 columns; all 16 columns of B are read, `columns` of C written.
  @inline(__always)
  static func tile(
    _ c: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, a: Operand,
    b: UnsafePointer<Float>, bStride: Int, depth: Int, addend: Addend?
  ) {
    if columns == 16 {
      if rows == 6 {
        full(c, stride: stride, a: a, b: b, bStride: bStride, depth: depth, addend: addend)
      } else {
        part(c, stride: stride, rows: rows, a: a, b: b, bStride: bStride, depth: depth, addend: addend)
      }
    } else {
      narrow(
        c, stride: stride, rows: rows, columns: columns, a: a, b: b, bStride: bStride, depth: depth,
        addend: addend)
    }
  }

  /// Fewer than 16 columns: through a tile on the stack, so that nothing beyond C is touched.
  @inline(never)
  private static func narrow(
    _ c: UnsafeMutablePointer<Float>, stride: Int, rows: Int, columns: Int, a: Operand,
    b: UnsafePointer<Float>, bStride: Int, depth: Int, addend: Addend?
  ) {
    // 384 bytes: within what the standard library places on the stack.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 96) { buffer in
      guard let whole = buffer.baseAddress else { return }
      part(whole, stride: 16, rows: rows, a: a, b: b, bStride: bStride, depth: depth, addend: nil)
      for row in 0..<rows {
        for column in 0..<columns {
          let sum = whole[row &* 16 &+ column]
          let extra = addend.map { $0.base[row &* $0.rowStride &+ column] }
          c[row &* stride &+ column] = extra.map { sum + $0 } ?? sum
        }
      }
    }
  }

  /// Six rows; a call of its own, so that the sums get the registers.
  @inline(never)
  private static func full(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: UnsafePointer<Float>, bStride: Int,
    depth: Int, addend: Addend?
  ) {
    if a.rowStride == 1 && a.columnStride == 6 && bStride == 16 {
      // Both packed: the constants become addressing modes.
      tile6(
        c, stride: stride, a: Operand(base: a.base, rowStride: 1, columnStride: 6), b: b, bStride: 16,
        depth: depth, addend: addend)
    } else {
      tile6(c, stride: stride, a: a, b: b, bStride: bStride, depth: depth, addend: addend)
    }
  }

  /// One to six rows as 6, 4, 2 and 1.
  @inline(never)
  private static func part(
    _ c: UnsafeMutablePointer<Float>, stride: Int, rows: Int, a: Operand, b: UnsafePointer<Float>,
    bStride: Int, depth: Int, addend: Addend?
  ) {
    var row = 0
    if rows == 6 {
      full(c, stride: stride, a: a, b: b, bStride: bStride, depth: depth, addend: addend)
      return
    }
    if rows >= 4 {
      tile4(c, stride: stride, a: a, b: b, bStride: bStride, depth: depth, addend: addend)
      row = 4
    }
    if rows &- row >= 2 {
      tile2(
        c + row &* stride, stride: stride, a: a.from(row: row, column: 0), b: b, bStride: bStride,
        depth: depth, addend: addend?.from(row: row, column: 0))
      row &+= 2
    }
    if row < rows {
      tile1(
        c + row &* stride, stride: stride, a: a.from(row: row, column: 0), b: b, bStride: bStride,
        depth: depth, addend: addend?.from(row: row, column: 0))
    }
  }
}
