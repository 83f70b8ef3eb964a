import Foundation

extension VectorKernels {
  /// Per row: p = softmax(logits), loss = log Σ exp(logit − largest) − (logit(target) − largest); inverted at
  /// once: dloss/dlogit(j) = p(j) − [j = target], times `scale`. Three passes over the row: largest,
  /// exponentials and their sum, scaling.
  public static func crossEntropyForwardBackward(
    logits: UnsafeMutablePointer<Float>, targets: UnsafePointer<Int32>, scale: Float,
    rows n: Int, vocabulary v: Int
  ) -> Double {
    var loss = 0.0
    for index in 0..<n {
      let row = logits + index &* v
      let target = Int(targets[index])
      let largest = Lanes.maximum(row, count: v)
      let targetLogit = row[target] - largest
      @inline(__always) func power(_ offset: Int, _ lanes: Int) -> Vector {
        // Absent lanes become −∞, whose exponential is 0.
        let shifted = row.vector(at: offset, lanes: lanes, filler: -.infinity) - largest
        let power = shifted.exponential
        row.store(power, at: offset, lanes: lanes)
        return power
      }
      let total = Lanes.sum(v, power)
      loss += log(Double(total)) - Double(targetLogit)
      let inverse = 1 / total
      let targetSlope = (row[target] * inverse - 1) * scale
      let factor = Vector(repeating: inverse * scale)
      @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
        row.store(row.vector(at: offset, lanes: lanes) * factor, at: offset, lanes: lanes)
      }
      Lanes.walk(v, visit)
      row[target] = targetSlope
    }
    return loss
  }
}
