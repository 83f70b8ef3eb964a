import Testing

/// Checks the gradient of `loss` with respect to `input` against (f(x + h) − f(x − h)) / 2h in `Double`.
///
/// With h = 1e-5 and values of order 1, truncation is h² ≈ 1e-10 and rounding ε/h ≈ 2e-11 times the size of
/// the loss; 1e-6 relative to the larger of 1 and the gradient leaves both two orders of margin.
func expectGradient(
  _ gradient: [Double], of input: [Double], named name: String,
  sourceLocation: SourceLocation = #_sourceLocation, loss: ([Double]) -> Double
) {
  let h = 1e-5
  for i in input.indices {
    var shifted = input
    shifted[i] = input[i] + h
    let above = loss(shifted)
    shifted[i] = input[i] - h
    let below = loss(shifted)
    let numeric = (above - below) / (2 * h)
    let bound = 1e-6 * max(1, abs(numeric))
    #expect(
      abs(gradient[i] - numeric) <= bound, "\(name)[\(i)]: \(gradient[i]) against \(numeric)",
      sourceLocation: sourceLocation)
  }
}

/// Σ a · b: turns an operator's output into a scalar loss whose output gradient is `b`.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
