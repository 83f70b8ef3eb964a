extension VectorKernels {
  /// y = (x − mean) · rstd · gain + bias per row; mean first, then the variance around it.
  public static func layerNormForward(
    _ y: UnsafeMutablePointer<Float>, mean: UnsafeMutablePointer<Float>,
    rstd: UnsafeMutablePointer<Float>, x: UnsafePointer<Float>, gain: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, rows n: Int, channels c: Int
  ) {
    let count = Float(c)
    for row in 0..<n {
      let input = x + row &* c
      let out = y + row &* c
      let average = Lanes.sum(c) { input.vector(at: $0, lanes: $1) } / count
      @inline(__always) func square(_ offset: Int, _ lanes: Int) -> Vector {
        let centred = input.vector(at: offset, lanes: lanes, filler: average) - average
        return centred * centred
      }
      let squares = Lanes.sum(c, square)
      let scale = 1 / (squares / count + 1e-5).squareRoot()
      @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
        let norm = (input.vector(at: offset, lanes: lanes) - average) * scale
        let shift = bias?.vector(at: offset, lanes: lanes) ?? .zero
        out.store(
          shift.plus(norm, times: gain.vector(at: offset, lanes: lanes)), at: offset, lanes: lanes)
      }
      Lanes.walk(c, visit)
      mean[row] = average
      rstd[row] = scale
    }
  }

  /// Inverts `y = norm · gain + bias` with `norm = (x − mean) · rstd`: dbias += dy; dgain += dy · norm; with
  /// dnorm = dy · gain, dx += rstd · (dnorm − mean(dnorm) − norm · mean(dnorm · norm)).
  public static func layerNormBackward(
    dx: UnsafeMutablePointer<Float>, dgain: UnsafeMutablePointer<Float>,
    dbias: UnsafeMutablePointer<Float>?, dy: UnsafePointer<Float>, x: UnsafePointer<Float>,
    mean: UnsafePointer<Float>, rstd: UnsafePointer<Float>, gain: UnsafePointer<Float>,
    rows n: Int, channels c: Int
  ) {
    let count = Float(c)
    for row in 0..<n {
      let input = x + row &* c
      let slope = dy + row &* c
      let out = dx + row &* c
      let average = mean[row]
      let scale = rstd[row]
      @inline(__always) func normSlope(_ offset: Int, _ lanes: Int) -> Vector {
        slope.vector(at: offset, lanes: lanes) * gain.vector(at: offset, lanes: lanes)
      }
      let slopeMean = Lanes.sum(c, normSlope) / count
      @inline(__always) func projection(_ offset: Int, _ lanes: Int) -> Vector {
        let norm = (input.vector(at: offset, lanes: lanes, filler: average) - average) * scale
        return norm * normSlope(offset, lanes)
      }
      let projectionMean = Lanes.sum(c, projection) / count
      @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
        let norm = (input.vector(at: offset, lanes: lanes) - average) * scale
        let outer = slope.vector(at: offset, lanes: lanes)
        let inner = outer * gain.vector(at: offset, lanes: lanes) - slopeMean - norm * projectionMean
        dgain.store(
          dgain.vector(at: offset, lanes: lanes).plus(outer, times: norm), at: offset, lanes: lanes)
        if let dbias {
          dbias.store(dbias.vector(at: offset, lanes: lanes) + outer, at: offset, lanes: lanes)
        }
        out.store(
          out.vector(at: offset, lanes: lanes).plus(inner, times: Vector(repeating: scale)), at: offset,
          lanes: lanes)
      }
      Lanes.walk(c, visit)
    }
  }
}
