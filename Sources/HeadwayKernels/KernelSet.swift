/// A set of operators that the model is built from. All arrays are row-major and contiguous.
///
/// The sets are interchangeable: `ReferenceKernels` defines each result, the others are checked against
/// it. Calls are synchronous, run on the calling thread alone, allocate nothing once warm and are
/// deterministic: equal inputs give bitwise equal outputs on every thread.
///
/// Glossary: B sequences, T tokens in a sequence, C channels, H heads, V vocabulary, N = B·T rows.
///
/// Pointers must be valid for the stated shapes; outputs do not overlap inputs unless a line says so.
public protocol KernelSet: Sendable {
  /// The element type: `Float` for training, `Double` for checking gradients. Code that is generic over the
  /// scalar and names ``ReferenceKernels`` needs the constraint ``KernelScalar``.
  associatedtype Scalar: BinaryFloatingPoint & Sendable

  /// The set's name on the `kernels` axis.
  static var name: String { get }

  /// Makes the working memory of `threads` threads, so that none of them allocates at its first call.
  static func reserve(threads: Int)

  /// Working memory of all threads so far.
  static var workingMemory: WorkingMemory { get }

  /// y (N, M) = x (N, K) · w (K, M) + bias (M), the weight as (inputs, outputs).
  static func linearForward(
    _ y: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, w: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, rows n: Int, inputs k: Int, outputs m: Int)

  /// The inverse of ``linearForward(_:x:w:bias:rows:inputs:outputs:)``:
  /// dx (N, K) = dy · wᵀ (overwritten, skipped when `nil`); dw (K, M) += xᵀ · dy; dbias (M) += Σ rows dy.
  static func linearBackward(
    dx: UnsafeMutablePointer<Scalar>?, dw: UnsafeMutablePointer<Scalar>,
    dbias: UnsafeMutablePointer<Scalar>?, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>,
    w: UnsafePointer<Scalar>, rows n: Int, inputs k: Int, outputs m: Int)

  /// logits (N, V) = h (N, C) · wteᵀ, the head tied to the embedding wte (V, C).
  static func headForward(
    _ logits: UnsafeMutablePointer<Scalar>, h: UnsafePointer<Scalar>, wte: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int, vocabulary v: Int)

  /// The inverse of the head: dh (N, C) = dlogits (N, V) · wte (overwritten); dwte (V, C) += dlogitsᵀ · h.
  static func headBackward(
    dh: UnsafeMutablePointer<Scalar>, dwte: UnsafeMutablePointer<Scalar>,
    dlogits: UnsafePointer<Scalar>, h: UnsafePointer<Scalar>, wte: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int, vocabulary v: Int)

  /// y (N, C) = (x − mean) · rstd · gain + bias per row, ε = 1e-5; keeps mean (N) and rstd (N).
  static func layerNormForward(
    _ y: UnsafeMutablePointer<Scalar>, mean: UnsafeMutablePointer<Scalar>,
    rstd: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, gain: UnsafePointer<Scalar>,
    bias: UnsafePointer<Scalar>?, rows n: Int, channels c: Int)

  /// The inverse of the norm: dx (N, C) += …; dgain (C) += …; dbias (C) += ….
  static func layerNormBackward(
    dx: UnsafeMutablePointer<Scalar>, dgain: UnsafeMutablePointer<Scalar>,
    dbias: UnsafeMutablePointer<Scalar>?, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>,
    mean: UnsafePointer<Scalar>, rstd: UnsafePointer<Scalar>, gain: UnsafePointer<Scalar>,
    rows n: Int, channels c: Int)

  /// Causal attention. qkv (B, T, 3C) holds q, k, v side by side, heads contiguous inside each;
  /// out (B, T, C); probabilities (B, H, T, T), zero above the diagonal. Scores are scaled by 1/√(C/H).
  static func attentionForward(
    _ out: UnsafeMutablePointer<Scalar>, probabilities: UnsafeMutablePointer<Scalar>,
    qkv: UnsafePointer<Scalar>, batch b: Int, time t: Int, channels c: Int, heads h: Int)

  /// The inverse of attention: dqkv (B, T, 3C) overwritten; `scratch` holds 2·T·T elements. The zeros above
  /// the diagonal of the probabilities are read.
  static func attentionBackward(
    dqkv: UnsafeMutablePointer<Scalar>, dout: UnsafePointer<Scalar>,
    probabilities: UnsafePointer<Scalar>, qkv: UnsafePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>, batch b: Int, time t: Int, channels c: Int, heads h: Int)

  /// y = ½x(1 + tanh(√(2/π)(x + 0.044715x³))), elementwise.
  static func geluForward(
    _ y: UnsafeMutablePointer<Scalar>, x: UnsafePointer<Scalar>, count: Int)

  /// dx = dy · gelu′(x), elementwise; dx may be dy.
  static func geluBackward(
    dx: UnsafeMutablePointer<Scalar>, dy: UnsafePointer<Scalar>, x: UnsafePointer<Scalar>, count: Int)

  /// y += x, elementwise: residual connections and gradient slots.
  static func add(_ y: UnsafeMutablePointer<Scalar>, _ x: UnsafePointer<Scalar>, count: Int)

  /// Softmax and cross-entropy: replaces logits (N, V) by (softmax − onehot(target)) · scale and returns
  /// Σ over rows of −log p(target), in nats, unscaled. Targets lie in 0 ..< V.
  static func crossEntropyForwardBackward(
    logits: UnsafeMutablePointer<Scalar>, targets: UnsafePointer<Int32>, scale: Scalar,
    rows n: Int, vocabulary v: Int
  ) -> Double

  /// Σ x², in a fixed order that depends on `count` only.
  static func sumOfSquares(_ x: UnsafePointer<Scalar>, count: Int) -> Double

  /// One AdamW update of a contiguous slice, in one pass:
  /// g = gradient · gradientScale; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²;
  /// w −= rate · ( (m/correction1) / (√(v/correction2) + 1e-8) + decay · w ).
  static func adamW(
    weights: UnsafeMutablePointer<Scalar>, gradients: UnsafePointer<Scalar>,
    firstMoment: UnsafeMutablePointer<Scalar>, secondMoment: UnsafeMutablePointer<Scalar>,
    count: Int, step: AdamWStep)
}

/// The scalars of one AdamW step; see ``KernelSet/adamW(weights:gradients:firstMoment:secondMoment:count:step:)``.
public struct AdamWStep: Sendable {
  /// Learning rate of this step.
  public var rate: Double
  /// β₁.
  public var beta1: Double
  /// β₂.
  public var beta2: Double
  /// 1 − β₁ᵗ.
  public var correction1: Double
  /// 1 − β₂ᵗ.
  public var correction2: Double
  /// Decoupled weight decay of this slice; 0 for vectors.
  public var decay: Double
  /// Factor applied to the gradient first: 1/slots and the clip.
  public var gradientScale: Double

  /// Gathers the scalars of a step.
  public init(
    rate: Double, beta1: Double, beta2: Double, correction1: Double, correction2: Double, decay: Double,
    gradientScale: Double
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.correction1 = correction1
    self.correction2 = correction2
    self.decay = decay
    self.gradientScale = gradientScale
  }
}

extension KernelSet {
  /// Nothing: a set without working memory.
  public static func reserve(threads: Int) {}
  /// None.
  public static var workingMemory: WorkingMemory { WorkingMemory() }
}
