/// The logistic form of the tanh GELU: ½(1 + tanh u) = 1/(1 + e^(−2u)), so that one exponential and one
/// division serve, and small values keep their relative precision.
private enum Gate {
  /// 1/(1 + e^(−2u)) with u = √(2/π)(x + 0.044715x³), within 6 units in the last place.
  @inline(__always)
  static func value(_ x: Vector, square: Vector) -> Vector {
    let cubic = Vector(repeating: -2 * 0.797_884_6 * 0.044_715)
    let linear = Vector(repeating: -2 * 0.797_884_6)
    let exponent = x * linear.plus(square, times: cubic)
    return Vector(repeating: 1) / (exponent.exponential + 1)
  }

  /// d(2u)/dx = 2√(2/π)(1 + 3 · 0.044715x²).
  @inline(__always)
  static func slope(square: Vector) -> Vector {
    Vector(repeating: 2 * 0.797_884_6)
      .plus(square, times: Vector(repeating: 2 * 0.797_884_6 * 3 * 0.044_715))
  }
}

extension VectorKernels {
  /// y = x · gate, the gate being ½(1 + tanh(√(2/π)(x + 0.044715x³))).
  public static func geluForward(
    _ y: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, count: Int
  ) {
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      let value = x.vector(at: offset, lanes: lanes)
      y.store(value * Gate.value(value, square: value * value), at: offset, lanes: lanes)
    }
    Lanes.walk(count, visit)
  }

  /// Inverts `y = x · gate`: dy/dx = gate + x · gate · (1 − gate) · d(2u)/dx.
  public static func geluBackward(
    dx: UnsafeMutablePointer<Float>, dy: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int
  ) {
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      let value = x.vector(at: offset, lanes: lanes)
      let square = value * value
      let gate = Gate.value(value, square: square)
      let slope = gate.plus(value * gate * (1 - gate), times: Gate.slope(square: square))
      dx.store(dy.vector(at: offset, lanes: lanes) * slope, at: offset, lanes: lanes)
    }
    Lanes.walk(count, visit)
  }
}
