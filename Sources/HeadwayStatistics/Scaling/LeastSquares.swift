/// Weighted linear least squares with coefficients that may not be negative.
///
/// Minimises Σ wᵢ (yᵢ − Σⱼ xᵢⱼ βⱼ)² over β ≥ 0. The minimum lies where some set of coefficients is zero and
/// the others solve the normal equations of theirs; with the few columns of a scaling model every set is
/// tried, which is exact. (Lawson and Hanson, "Solving Least Squares Problems", 1974, search the sets.)
enum LeastSquares {
  /// The coefficients; `nil` when no set of columns is independent.
  ///
  /// - Parameters:
  ///   - rows: One row of `columns` numbers for each observation.
  ///   - targets: The observations.
  ///   - weights: Their weights, above zero.
  /// - Complexity: O(2ᶜ · (n c² + c³)) for n rows of c columns.
  static func nonNegative(_ rows: [[Double]], targets: [Double], weights: [Double]) -> [Double]? {
    guard let width = rows.first?.count, width > 0 else { return nil }
    precondition(width <= 8, "every subset of the columns is tried: that is for a few columns")
    var best: (error: Double, coefficients: [Double])?
    for subset in 1..<(1 << width) {
      let columns = (0..<width).filter { subset >> $0 & 1 == 1 }
      guard let solved = solve(rows, targets, weights, columns), solved.allSatisfy({ $0 >= 0 }) else {
        continue
      }
      var coefficients = Array(repeating: 0.0, count: width)
      for (column, value) in zip(columns, solved) { coefficients[column] = value }
      let error = sumOfSquares(rows, targets, weights, coefficients)
      if error < best?.error ?? .infinity { best = (error, coefficients) }
    }
    return best?.coefficients
  }

  private static func sumOfSquares(
    _ rows: [[Double]], _ targets: [Double], _ weights: [Double], _ coefficients: [Double]
  ) -> Double {
    var sum = 0.0
    for (row, (target, weight)) in zip(rows, zip(targets, weights)) {
      let residual = target - zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      sum += weight * residual * residual
    }
    return sum
  }

  /// The normal equations of some columns, by elimination with the largest pivot; `nil` when singular.
  private static func solve(
    _ rows: [[Double]], _ targets: [Double], _ weights: [Double], _ columns: [Int]
  ) -> [Double]? {
    let size = columns.count
    // Columns are scaled to one length, so that the pivots of counts and of their squares can be compared.
    let lengths = columns.map { column in
      zip(rows, weights).reduce(0) { $0 + $1.1 * $1.0[column] * $1.0[column] }.squareRoot()
    }
    guard lengths.allSatisfy({ $0 > 0 }) else { return nil }
    var system = Array(repeating: Array(repeating: 0.0, count: size + 1), count: size)
    for (row, (target, weight)) in zip(rows, zip(targets, weights)) {
      for i in 0..<size {
        let left = weight * row[columns[i]] / lengths[i]
        for j in 0..<size { system[i][j] += left * row[columns[j]] / lengths[j] }
        system[i][size] += left * target
      }
    }
    for step in 0..<size {
      guard let pivot = (step..<size).max(by: { system[$0][step].magnitude < system[$1][step].magnitude }),
        system[pivot][step].magnitude > 1e-12
      else { return nil }
      system.swapAt(step, pivot)
      for i in (step + 1)..<max(size, step + 1) {
        let factor = system[i][step] / system[step][step]
        for j in step...size { system[i][j] -= factor * system[step][j] }
      }
    }
    var solution = Array(repeating: 0.0, count: size)
    for i in (0..<size).reversed() {
      var value = system[i][size]
      for j in (i + 1)..<max(size, i + 1) { value -= system[i][j] * solution[j] }
      solution[i] = value / system[i][i]
    }
    return zip(solution, lengths).map { $0 / $1 }
  }
}
