/// One row of a T × T matrix of attention: `count` elements up to the diagonal, zeros behind it.
struct CausalRow {
  /// The row's first element.
  let base: UnsafeMutablePointer<Float>
  /// Elements up to and including the diagonal.
  let count: Int
  /// T: elements of the row that exist.
  let width: Int

  /// Eight elements from `offset` on; `filler` from the diagonal on. Reads nothing beyond the row.
  @inline(__always)
  private func load(_ base: UnsafePointer<Float>, _ offset: Int, filler: Float) -> Vector {
    let present = count &- offset
    if present >= 8 { return base.vector(at: offset) }
    guard offset &+ 8 <= width else { return base.vector(at: offset, lanes: present, filler: filler) }
    return base.vector(at: offset).first(present, then: filler)
  }

  /// Writes eight elements from `offset` on, those that exist.
  @inline(__always)
  private func store(_ value: Vector, _ offset: Int) {
    base.store(value, at: offset, lanes: min(8, width &- offset))
  }

  /// Zeros from the first group of eight that lies wholly behind the diagonal.
  @inline(__always)
  private func clearRest() {
    var offset = (count &+ 7) & ~7
    while offset < width {
      store(.zero, offset)
      offset &+= 8
    }
  }

  /// Replaces scores by softmax(scale · scores).
  @inline(__always)
  func softmax(scale: Float) {
    var largest = Vector(repeating: -.infinity)
    var offset = 0
    while offset < count {
      largest = largest.larger(load(base, offset, filler: -.infinity))
      offset &+= 8
    }
    let shift = largest.laneMaximum
    var sums = Vector.zero
    offset = 0
    while offset < count {
      let power = ((load(base, offset, filler: -.infinity) - shift) * scale).exponential
      sums += power
      store(power, offset)
      offset &+= 8
    }
    let inverse = 1 / sums.laneSum
    offset = 0
    while offset < count {
      store(load(base, offset, filler: 0) * inverse, offset)
      offset &+= 8
    }
    clearRest()
  }

  /// Inverts `probabilities = softmax(scale · scores)`: replaces dprobabilities by
  /// dscores = scale · p · (dp − Σ p · dp).
  @inline(__always)
  func softmaxBackward(probabilities: UnsafePointer<Float>, scale: Float) {
    var sums = Vector.zero
    var offset = 0
    while offset < count {
      sums = sums.plus(load(probabilities, offset, filler: 0), times: load(base, offset, filler: 0))
      offset &+= 8
    }
    let projection = sums.laneSum
    offset = 0
    while offset < count {
      let slope = (load(base, offset, filler: 0) - projection) * scale
      store(load(probabilities, offset, filler: 0) * slope, offset)
      offset &+= 8
    }
    clearRest()
  }
}
