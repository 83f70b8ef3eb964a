/// Products with a lower-triangular T × T matrix, straight on the micro-kernel: tiles that lie wholly above the
/// diagonal are skipped, which saves nearly half of the work.
///
/// A diagonal tile is computed whole. What it adds above the diagonal is overwritten by the caller (`lower`) or
/// multiplies stored zeros (`timesLower`, `timesLowerTransposed`): only a NaN or an infinity in a later token can
/// reach the rows of its own tile.
enum CausalProduct {
  /// C (T, T) = A (T, D) · B (D, T) where row ≥ column; some elements above the diagonal are overwritten, too.
  static func lower(
    _ c: UnsafeMutablePointer<Float>, a: Operand, b: Operand, time t: Int, depth: Int
  ) {
    let panel = PackingBuffer.ofThisThread()
    var column = 0
    while column < t {
      let columns = min(16, t &- column)
      var start = 0
      repeat {
        let block = min(PackingBuffer.depth, depth &- start)
        Packing.right(panel, b.from(row: start, column: column), depth: block, columns: columns)
        var row = column
        while row < t {
          let out = c + (row &* t &+ column)
          MicroKernel.tile(
            out, stride: t, rows: min(6, t &- row), columns: columns, a: a.from(row: row, column: start),
            b: panel, bStride: 16, depth: block, addend: start == 0 ? nil : Addend(out, rowStride: t))
          row &+= 6
        }
        start &+= block
      } while start < depth
      column &+= 16
    }
  }

  /// C (T, D) = L (T, T) · B (T, D): for each strip of rows the depth ends at the diagonal.
  static func timesLower(
    _ c: UnsafeMutablePointer<Float>, stride: Int, lower: UnsafePointer<Float>, b: Operand, time t: Int,
    columns: Int
  ) {
    multiply(c, stride: stride, a: .rows(lower, stride: t), b: b, time: t, columns: columns) { row in
      0..<min(row &+ 6, t)
    }
  }

  /// C (T, D) = Lᵀ (T, T) · B (T, D): for each strip of rows the depth starts at the diagonal.
  static func timesLowerTransposed(
    _ c: UnsafeMutablePointer<Float>, stride: Int, lower: UnsafePointer<Float>, b: Operand, time t: Int,
    columns: Int
  ) {
    multiply(c, stride: stride, a: .transposed(lower, stride: t), b: b, time: t, columns: columns) { row in
      row..<t
    }
  }

  /// C (T, D) = A (T, T) · B (T, D) with the depth of the strip that starts at `row` confined to `span(row)`.
  ///
  /// Sixteen columns of B are read in place; fewer are first packed, a block of the depth at a time.
  @inline(__always)
  private static func multiply(
    _ c: UnsafeMutablePointer<Float>, stride: Int, a: Operand, b: Operand, time t: Int, columns: Int,
    span: (_ row: Int) -> Range<Int>
  ) {
    var column = 0
    while column < columns {
      let width = min(16, columns &- column)
      let panel = PackingBuffer.ofThisThread()
      let blockDepth = width == 16 ? t : PackingBuffer.depth
      var start = 0
      while start < t {
        let end = min(start &+ blockDepth, t)
        let source = b.from(row: start, column: column)
        if width < 16 { Packing.right(panel, source, depth: end &- start, columns: width) }
        let right = width == 16 ? source.base : UnsafePointer(panel)
        let rightStride = width == 16 ? b.rowStride : 16
        var row = 0
        while row < t {
          let range = span(row)
          let first = max(range.lowerBound, start)
          let last = min(range.upperBound, end)
          if first < last {
            let out = c + (row &* stride &+ column)
            MicroKernel.tile(
              out, stride: stride, rows: min(6, t &- row), columns: width,
              a: a.from(row: row, column: first), b: right + (first &- start) &* rightStride,
              bStride: rightStride, depth: last &- first,
              addend: first == range.lowerBound ? nil : Addend(out, rowStride: stride))
          }
          row &+= 6
        }
        start = end
      }
      column &+= 16
    }
  }
}
