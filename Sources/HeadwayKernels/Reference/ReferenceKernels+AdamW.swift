extension ReferenceKernels {
  /// One AdamW update, element by element, every scalar rounded to `Scalar` once.
  ///
  /// Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func adamW(
    weights: UnsafeMutablePointer<Scalar>, gradients: UnsafePointer<Scalar>,
    firstMoment: UnsafeMutablePointer<Scalar>, secondMoment: UnsafeMutablePointer<Scalar>,
    count: Int, step: AdamWStep
  ) {
    let rate = Scalar(step.rate)
    let decay = Scalar(step.decay)
    let gradientScale = Scalar(step.gradientScale)
    let beta1 = Scalar(step.beta1)
    let beta2 = Scalar(step.beta2)
    let fresh1 = Scalar(1 - step.beta1)
    let fresh2 = Scalar(1 - step.beta2)
    let correction1 = Scalar(step.correction1)
    let correction2 = Scalar(step.correction2)
    for i in 0..<count {
      let gradient = gradients[i] * gradientScale
      let first = beta1 * firstMoment[i] + fresh1 * gradient
      let second = beta2 * secondMoment[i] + fresh2 * gradient * gradient
      firstMoment[i] = first
      secondMoment[i] = second
      let direction = (first / correction1) / ((second / correction2).squareRoot() + 1e-8)
      weights[i] -= rate * (direction + decay * weights[i])
    }
  }
}
