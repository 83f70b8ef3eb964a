/// Rearranges blocks of the factors in the order in which the micro-kernel reads them.
enum Packing {
  /// A (rows × depth) as strips of six rows: strip s holds, for each k, its six elements side by side.
  /// Absent rows of the last strip are zero.
  static func left(_ out: UnsafeMutablePointer<Float>, _ a: Operand, rows: Int, depth: Int) {
    if a.rowStride == 1 {
      leftFromColumns(out, a, rows: rows, depth: depth)
      return
    }
    var row = 0
    while row < rows {
      let strip = out + row &* depth
      let count = min(6, rows &- row)
      let source = a.from(row: row, column: 0)
      let whole = count == 6 && a.columnStride == 1 ? depth & ~7 : 0
      var k = 0
      while k < whole {
        transposeStrip(strip + k &* 6, source.base + k, stride: a.rowStride)
        k &+= 8
      }
      while k < depth {
        for lane in 0..<6 {
          strip[k &* 6 &+ lane] =
            lane < count ? source.base[lane &* a.rowStride &+ k &* a.columnStride] : 0
        }
        k &+= 1
      }
      row &+= 6
    }
  }

  /// ``left(_:_:rows:depth:)`` of a transposed matrix, whose memory runs along the rows of the strip.
  private static func leftFromColumns(
    _ out: UnsafeMutablePointer<Float>, _ a: Operand, rows: Int, depth: Int
  ) {
    for k in 0..<depth {
      let source = a.base + k &* a.columnStride
      var row = 0
      while row &+ 6 <= rows {
        copySix(source + row, out + (row &* depth &+ k &* 6))
        row &+= 6
      }
      while row < rows {
        let strip = out + (row &* depth &+ k &* 6)
        for lane in 0..<6 { strip[lane] = row &+ lane < rows ? source[row &+ lane] : 0 }
        row &+= 6
      }
    }
  }

  /// Eight elements of each of six rows, turned into eight groups of six.
  @inline(__always)
  private static func transposeStrip(
    _ out: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, stride: Int
  ) {
    let columns = Block8(
      source.vector(at: 0), source.vector(at: stride), source.vector(at: 2 &* stride),
      source.vector(at: 3 &* stride), source.vector(at: 4 &* stride), source.vector(at: 5 &* stride),
      .zero, .zero
    ).transposed
    storeSix(columns.v0, out)
    storeSix(columns.v1, out + 6)
    storeSix(columns.v2, out + 12)
    storeSix(columns.v3, out + 18)
    storeSix(columns.v4, out + 24)
    storeSix(columns.v5, out + 30)
    storeSix(columns.v6, out + 36)
    storeSix(columns.v7, out + 42)
  }

  /// Copies six elements.
  @inline(__always)
  private static func copySix(_ source: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) {
    let from = UnsafeRawPointer(source)
    let to = UnsafeMutableRawPointer(out)
    to.storeBytes(of: from.loadUnaligned(as: SIMD4<Float>.self), as: SIMD4<Float>.self)
    (to + 16).storeBytes(of: (from + 16).loadUnaligned(as: SIMD2<Float>.self), as: SIMD2<Float>.self)
  }

  /// Writes the first six lanes.
  @inline(__always)
  private static func storeSix(_ value: Vector, _ out: UnsafeMutablePointer<Float>) {
    let memory = UnsafeMutableRawPointer(out)
    memory.storeBytes(of: value.lowHalf, as: SIMD4<Float>.self)
    (memory + 16).storeBytes(of: value.highHalf.lowHalf, as: SIMD2<Float>.self)
  }

  /// B (depth × columns) as panels of sixteen columns: panel p holds, for each k, its sixteen elements side by
  /// side. Absent columns of the last panel are zero.
  static func right(_ out: UnsafeMutablePointer<Float>, _ b: Operand, depth: Int, columns: Int) {
    var column = 0
    while column < columns {
      let panel = out + column &* depth
      let count = min(16, columns &- column)
      let source = b.from(row: 0, column: column)
      if count == 16 && b.columnStride == 1 {
        for k in 0..<depth {
          let row = source.base + k &* b.rowStride
          (panel + k &* 16).store(row.vector(at: 0), at: 0)
          (panel + k &* 16).store(row.vector(at: 8), at: 8)
        }
      } else {
        rightElements(panel, source, depth: depth, columns: count)
      }
      column &+= 16
    }
  }

  /// One panel of a transposed matrix, or of fewer than sixteen columns.
  private static func rightElements(
    _ panel: UnsafeMutablePointer<Float>, _ b: Operand, depth: Int, columns: Int
  ) {
    let whole = columns == 16 && b.rowStride == 1 ? depth & ~7 : 0
    var k = 0
    while k < whole {
      transposePanel(panel + k &* 16, b.base + k, stride: b.columnStride)
      transposePanel(panel + (k &* 16 &+ 8), b.base + (8 &* b.columnStride &+ k), stride: b.columnStride)
      k &+= 8
    }
    while k < depth {
      for lane in 0..<16 {
        panel[k &* 16 &+ lane] =
          lane < columns ? b.base[k &* b.rowStride &+ lane &* b.columnStride] : 0
      }
      k &+= 1
    }
  }

  /// Eight elements of each of eight columns, turned into eight half rows of a panel.
  @inline(__always)
  private static func transposePanel(
    _ out: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, stride: Int
  ) {
    let rows = Block8(
      source.vector(at: 0), source.vector(at: stride), source.vector(at: 2 &* stride),
      source.vector(at: 3 &* stride), source.vector(at: 4 &* stride), source.vector(at: 5 &* stride),
      source.vector(at: 6 &* stride), source.vector(at: 7 &* stride)
    ).transposed
    out.store(rows.v0, at: 0)
    out.store(rows.v1, at: 16)
    out.store(rows.v2, at: 32)
    out.store(rows.v3, at: 48)
    out.store(rows.v4, at: 64)
    out.store(rows.v5, at: 80)
    out.store(rows.v6, at: 96)
    out.store(rows.v7, at: 112)
  }
}
