extension ReferenceKernels {
  /// y (N, C) = (x − mean) · rstd · gain + bias, with rstd = 1/√(variance + ε) and the biased variance.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func layerNormForward(
    _ y: UnsafeMutablePointer<Scalar>, mean: UnsafeMutablePointer<Scalar>,
    rstd: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, gain: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, rows n: Int, channels c: Int
  ) {
    let count = Scalar(c)
    for row in 0..<n {
      let input = x + row * c
      var sum: Scalar = 0
      for i in 0..<c { sum += input[i] }
      let average = sum / count
      var squares: Scalar = 0
      for i in 0..<c {
        let centred = input[i] - average
        squares += centred * centred
      }
      let scale = 1 / (squares / count + layerNormEpsilon).squareRoot()
      for i in 0..<c {
        y[row * c + i] = (input[i] - average) * scale * gain[i] + (bias?[i] ?? 0)
      }
      mean[row] = average
      rstd[row] = scale
    }
  }

  /// Inverts `y = norm · gain + bias` with `norm = (x − mean) · rstd`, mean and rstd depending on x:
  /// dbias += dy; dgain += dy · norm; with dnorm = dy · gain,
  /// dx += rstd · (dnorm − mean(dnorm) − norm · mean(dnorm · norm)).
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func layerNormBackward(
    dx: UnsafeMutablePointer<Scalar>, dgain: UnsafeMutablePointer<Scalar>,
    dbias: UnsafeMutablePointer<Scalar>?, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>,
    mean: UnsafePointer<Scalar>, rstd: UnsafePointer<Scalar>, gain: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int
  ) {
    let count = Scalar(c)
    for row in 0..<n {
      let input = x + row * c
      let slope = dy + row * c
      var slopeSum: Scalar = 0
      var projectionSum: Scalar = 0
      for i in 0..<c {
        let norm = (input[i] - mean[row]) * rstd[row]
        let normSlope = slope[i] * gain[i]
        slopeSum += normSlope
        projectionSum += normSlope * norm
      }
      let slopeMean = slopeSum / count
      let projectionMean = projectionSum / count
      for i in 0..<c {
        let norm = (input[i] - mean[row]) * rstd[row]
        let normSlope = slope[i] * gain[i]
        dgain[i] += slope[i] * norm
        if let dbias { dbias[i] += slope[i] }
        dx[row * c + i] += rstd[row] * (normSlope - slopeMean - norm * projectionMean)
      }
    }
  }
}
