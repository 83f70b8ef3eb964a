import Testing

/// Row counts around the tile height of 6 and its parts.
let oddRows = [1, 2, 3, 5, 7, 8, 13, 17, 33]

/// Widths around the vector of 8 and the tile width of 16.
let oddWidths = [1, 3, 5, 7, 8, 9, 16, 17, 31, 64]

/// Every width up to two and a half of the widest tile, so that each rest of every loop occurs.
let everyWidth = Array(1...40)

/// A matrix product's shape.
struct ProductShape: CustomTestStringConvertible, Sendable {
  var rows, inputs, outputs: Int
  var testDescription: String { "\(rows)×\(inputs)×\(outputs)" }

  /// Every combination of the odd rows and widths.
  static let odd: [ProductShape] = oddRows.flatMap { rows in
    oddWidths.flatMap { inputs in
      oddWidths.map { ProductShape(rows: rows, inputs: inputs, outputs: $0) }
    }
  }

  /// Every rest of the tile in all three sizes: 6 rows, 16 columns, 8 lanes.
  static let rests: [ProductShape] = (1...7).flatMap { rows in
    (1...18).flatMap { inputs in
      (1...18).map { ProductShape(rows: rows, inputs: inputs, outputs: $0) }
    }
  }

  /// Shapes that cross the packing blocks: 96 rows, 512 columns, 256 in depth.
  static let blocked = [
    ProductShape(rows: 97, inputs: 257, outputs: 17), ProductShape(rows: 100, inputs: 64, outputs: 530),
    ProductShape(rows: 256, inputs: 96, outputs: 256), ProductShape(rows: 5, inputs: 513, outputs: 513),
    ProductShape(rows: 513, inputs: 7, outputs: 100), ProductShape(rows: 192, inputs: 512, outputs: 64),
  ]
}
