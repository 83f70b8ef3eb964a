/// Holm's step-down correction for making several claims in one table: the chance that any of them is
/// false stays below the level, whatever their dependence.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.
public enum Holm {
  /// The corrected p-values, in the order of the given ones. Complexity: O(n log n).
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var corrected = pValues
    var floor = 0.0
    let ascending = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (rank, index) in ascending.enumerated() {
      floor = max(floor, min(1, Double(pValues.count - rank) * pValues[index]))
      corrected[index] = floor
    }
    return corrected
  }

  /// The fewest paired blocks with which `rows` claims can all be made at `level`: below it even a
  /// perfect result, every block pointing the same way, does not reach the corrected level.
  public static func fewestBlocks(rows: Int, level: Double = 0.05) -> Int {
    var blocks = 1
    var smallest = 1.0
    while smallest * Double(max(rows, 1)) > level {
      blocks += 1
      smallest /= 2
    }
    return blocks
  }
}
