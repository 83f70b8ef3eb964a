import HeadwayKernels
import Synchronization

/// A `Double` that counts the arithmetic done with it: what the reference operators really compute.
///
/// The count is of the process; only one test may run with these numbers at a time.
struct CountedNumber: BinaryFloatingPoint, KernelScalar {
  var value: Double

  private static let operations = Atomic<Int>(0)

  /// The number of additions, subtractions, multiplications, divisions, roots and transcendental functions
  /// that `body` does. Relaxed: the work is on the calling thread.
  static func count(_ body: () throws -> Void) rethrows -> Int {
    let before = operations.load(ordering: .relaxed)
    try body()
    return operations.load(ordering: .relaxed) - before
  }

  private static func counting(_ value: Double) -> Self {
    operations.add(1, ordering: .relaxed)
    return Self(value)
  }

  static func + (a: Self, b: Self) -> Self { counting(a.value + b.value) }
  static func - (a: Self, b: Self) -> Self { counting(a.value - b.value) }
  static func * (a: Self, b: Self) -> Self { counting(a.value * b.value) }
  static func / (a: Self, b: Self) -> Self { counting(a.value / b.value) }
  static func += (a: inout Self, b: Self) { a = a + b }
  static func -= (a: inout Self, b: Self) { a = a - b }
  static func *= (a: inout Self, b: Self) { a = a * b }
  static func /= (a: inout Self, b: Self) { a = a / b }
  mutating func formSquareRoot() { self = Self.counting(value.squareRoot()) }
  static func exponential(_ x: Self) -> Self { counting(.exponential(x.value)) }
  static func hyperbolicTangent(_ x: Self) -> Self { counting(.hyperbolicTangent(x.value)) }
  static func naturalLogarithm(_ x: Self) -> Self { counting(.naturalLogarithm(x.value)) }
  mutating func addProduct(_ a: Self, _ b: Self) {
    self = Self.counting(Self.counting(value.addingProduct(a.value, b.value)).value)
  }
}

// The rest of the protocols, passed on without counting.
extension CountedNumber {
  init(_ value: Double) { self.value = value }
  init(_ value: Float) { self.init(Double(value)) }
  init(_ value: Float80) { self.init(Double(value)) }
  init(floatLiteral value: Double) { self.init(value) }
  init(integerLiteral value: Int) { self.init(Double(value)) }
  init<Source: BinaryInteger>(_ value: Source) { self.init(Double(value)) }
  init?<Source: BinaryInteger>(exactly value: Source) {
    guard let exact = Double(exactly: value) else { return nil }
    self.init(exact)
  }
  init(sign: FloatingPointSign, exponent: Int, significand: Self) {
    self.init(Double(sign: sign, exponent: exponent, significand: significand.value))
  }
  init(signOf source: Self, magnitudeOf other: Self) {
    self.init(Double(signOf: source.value, magnitudeOf: other.value))
  }
  init(sign: FloatingPointSign, exponentBitPattern: UInt, significandBitPattern: UInt64) {
    self.init(
      Double(
        sign: sign, exponentBitPattern: exponentBitPattern, significandBitPattern: significandBitPattern))
  }

  static var exponentBitCount: Int { Double.exponentBitCount }
  static var significandBitCount: Int { Double.significandBitCount }
  static var nan: Self { Self(Double.nan) }
  static var signalingNaN: Self { Self(Double.signalingNaN) }
  static var infinity: Self { Self(Double.infinity) }
  static var greatestFiniteMagnitude: Self { Self(Double.greatestFiniteMagnitude) }
  static var pi: Self { Self(Double.pi) }
  static var leastNormalMagnitude: Self { Self(Double.leastNormalMagnitude) }
  static var leastNonzeroMagnitude: Self { Self(Double.leastNonzeroMagnitude) }
  var ulp: Self { Self(value.ulp) }
  var sign: FloatingPointSign { value.sign }
  var exponent: Int { value.exponent }
  var significand: Self { Self(value.significand) }
  var exponentBitPattern: UInt { value.exponentBitPattern }
  var significandBitPattern: UInt64 { value.significandBitPattern }
  var binade: Self { Self(value.binade) }
  var significandWidth: Int { value.significandWidth }
  var magnitude: Self { Self(value.magnitude) }
  var nextUp: Self { Self(value.nextUp) }
  var isNormal: Bool { value.isNormal }
  var isFinite: Bool { value.isFinite }
  var isZero: Bool { value.isZero }
  var isSubnormal: Bool { value.isSubnormal }
  var isInfinite: Bool { value.isInfinite }
  var isNaN: Bool { value.isNaN }
  var isSignalingNaN: Bool { value.isSignalingNaN }
  var isCanonical: Bool { value.isCanonical }

  mutating func negate() { value.negate() }
  static prefix func - (x: Self) -> Self { Self(-x.value) }
  mutating func formRemainder(dividingBy other: Self) { value.formRemainder(dividingBy: other.value) }
  mutating func formTruncatingRemainder(dividingBy other: Self) {
    value.formTruncatingRemainder(dividingBy: other.value)
  }
  mutating func round(_ rule: FloatingPointRoundingRule) { value.round(rule) }
  func isEqual(to other: Self) -> Bool { value.isEqual(to: other.value) }
  func isLess(than other: Self) -> Bool { value.isLess(than: other.value) }
  func isLessThanOrEqualTo(_ other: Self) -> Bool { value.isLessThanOrEqualTo(other.value) }
  func distance(to other: Self) -> Self { Self(value.distance(to: other.value)) }
  func advanced(by amount: Self) -> Self { Self(value.advanced(by: amount.value)) }
  func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
