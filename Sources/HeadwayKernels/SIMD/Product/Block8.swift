/// An 8 × 8 block in eight registers.
struct Block8 {
  var v0, v1, v2, v3, v4, v5, v6, v7: Vector

  /// A block of eight rows.
  @inline(__always)
  init(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, _ v4: Vector, _ v5: Vector, _ v6: Vector,
    _ v7: Vector
  ) {
    self.v0 = v0
    self.v1 = v1
    self.v2 = v2
    self.v3 = v3
    self.v4 = v4
    self.v5 = v5
    self.v6 = v6
    self.v7 = v7
  }

  /// The rows as columns: singles are interleaved, then pairs, then halves (eight shuffles each).
  @inline(__always)
  var transposed: Block8 {
    let a0 = lowSingles(v0, v1)
    let a1 = highSingles(v0, v1)
    let a2 = lowSingles(v2, v3)
    let a3 = highSingles(v2, v3)
    let a4 = lowSingles(v4, v5)
    let a5 = highSingles(v4, v5)
    let a6 = lowSingles(v6, v7)
    let a7 = highSingles(v6, v7)
    let b0 = lowPairs(a0, a2)
    let b1 = highPairs(a0, a2)
    let b2 = lowPairs(a1, a3)
    let b3 = highPairs(a1, a3)
    let b4 = lowPairs(a4, a6)
    let b5 = highPairs(a4, a6)
    let b6 = lowPairs(a5, a7)
    let b7 = highPairs(a5, a7)
    return Block8(
      Vector(lowHalf: b0.lowHalf, highHalf: b4.lowHalf), Vector(lowHalf: b1.lowHalf, highHalf: b5.lowHalf),
      Vector(lowHalf: b2.lowHalf, highHalf: b6.lowHalf), Vector(lowHalf: b3.lowHalf, highHalf: b7.lowHalf),
      Vector(lowHalf: b0.highHalf, highHalf: b4.highHalf),
      Vector(lowHalf: b1.highHalf, highHalf: b5.highHalf),
      Vector(lowHalf: b2.highHalf, highHalf: b6.highHalf),
      Vector(lowHalf: b3.highHalf, highHalf: b7.highHalf))
  }

  @inline(__always)
  private func lowSingles(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5])
  }

  @inline(__always)
  private func highSingles(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
  }

  @inline(__always)
  private func lowPairs(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5])
  }

  @inline(__always)
  private func highPairs(_ a: Vector, _ b: Vector) -> Vector {
    Vector(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
  }
}
