extension VectorKernels {
  /// One AdamW update in one pass: four streams read, three written. The scalars are rounded to `Float` once.
  public static func adamW(
    weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>,
    count: Int, step: AdamWStep
  ) {
    let rate = Vector(repeating: Float(step.rate / step.correction1))
    let kept = Vector(repeating: Float(1 - step.rate * step.decay))
    let gradientScale = Float(step.gradientScale)
    let beta1 = Vector(repeating: Float(step.beta1))
    let beta2 = Vector(repeating: Float(step.beta2))
    let fresh1 = Vector(repeating: Float(1 - step.beta1))
    let fresh2 = Vector(repeating: Float(1 - step.beta2))
    let inverse2 = Float(1 / step.correction2)
    @inline(__always) func visit(_ offset: Int, _ lanes: Int) {
      let gradient = gradients.vector(at: offset, lanes: lanes) * gradientScale
      let first = (fresh1 * gradient)
        .plus(firstMoment.vector(at: offset, lanes: lanes), times: beta1)
      let second = (fresh2 * gradient * gradient)
        .plus(secondMoment.vector(at: offset, lanes: lanes), times: beta2)
      firstMoment.store(first, at: offset, lanes: lanes)
      secondMoment.store(second, at: offset, lanes: lanes)
      let direction = first / ((second * inverse2).root + 1e-8)
      let weight = kept * weights.vector(at: offset, lanes: lanes) - rate * direction
      weights.store(weight, at: offset, lanes: lanes)
    }
    Lanes.walk(count, visit)
  }
}
