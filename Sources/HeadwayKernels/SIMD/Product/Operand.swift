/// A matrix read in place: element (i, j) is `base[i · rowStride + j · columnStride]`.
///
/// Borrows its memory for the duration of one product; whoever calls the product keeps it alive.
package struct Operand {
  /// Element (0, 0).
  let base: UnsafePointer<Float>
  /// Elements from a row to the next.
  let rowStride: Int
  /// Elements from a column to the next.
  let columnStride: Int

  /// A row-major matrix whose rows lie `stride` apart.
  @inline(__always)
  package static func rows(_ base: UnsafePointer<Float>, stride: Int) -> Operand {
    Operand(base: base, rowStride: stride, columnStride: 1)
  }

  /// The transpose of a row-major matrix whose rows lie `stride` apart.
  @inline(__always)
  package static func transposed(_ base: UnsafePointer<Float>, stride: Int) -> Operand {
    Operand(base: base, rowStride: 1, columnStride: stride)
  }

  /// The part that starts at (row, column).
  @inline(__always)
  func from(row: Int, column: Int) -> Operand {
    Operand(
      base: base + (row &* rowStride &+ column &* columnStride), rowStride: rowStride,
      columnStride: columnStride)
  }
}

/// What is added to each sum of a product before it is stored: element (i, j) of it is `base[i · rowStride + j]`.
/// A stride of 0 repeats one row: a bias.
package struct Addend {
  /// Element (0, 0).
  let base: UnsafePointer<Float>
  /// Elements from a row to the next.
  let rowStride: Int

  /// An addend whose rows lie `rowStride` apart.
  @inline(__always)
  package init(_ base: UnsafePointer<Float>, rowStride: Int) {
    self.base = base
    self.rowStride = rowStride
  }

  /// The part that starts at (row, column).
  @inline(__always)
  func from(row: Int, column: Int) -> Addend {
    Addend(base + (row &* rowStride &+ column), rowStride: rowStride)
  }
}
