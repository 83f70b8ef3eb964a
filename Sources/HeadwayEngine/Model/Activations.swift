import HeadwayTrace

/// Everything that one thread's forward and backward pass writes besides gradients: an arena for up to
/// `sequences` sequences of up to `length` tokens, allocated once.
///
/// Owned by one worker at a time. Shapes in the comments use the actual number of sequences b and length t
/// of a call, packed from the start of each region; N = b·t.
package final class Activations<Scalar: BinaryFloatingPoint & BitwiseCopyable & Sendable>:
  @unchecked Sendable
{
  // @unchecked: the pointers never change and point into `storage`, which lives as long as `self`. One
  // thread at a time computes in the arena: the team gives every worker its own.

  /// What one block keeps for its backward pass.
  package struct Block {
    /// (N, C): the residual stream that enters the block.
    package let input: UnsafeMutablePointer<Scalar>
    /// (N, C): the first norm's output.
    package let normed1: UnsafeMutablePointer<Scalar>
    /// (N): the first norm's mean.
    package let mean1: UnsafeMutablePointer<Scalar>
    /// (N): the first norm's reciprocal deviation.
    package let rstd1: UnsafeMutablePointer<Scalar>
    /// (N, 3C): query, key and value.
    package let qkv: UnsafeMutablePointer<Scalar>
    /// (b, H, t, t): attention probabilities.
    package let probabilities: UnsafeMutablePointer<Scalar>
    /// (N, C): attention's output before its projection.
    package let attended: UnsafeMutablePointer<Scalar>
    /// (N, C): the residual stream between attention and MLP.
    package let middle: UnsafeMutablePointer<Scalar>
    /// (N, C): the second norm's output.
    package let normed2: UnsafeMutablePointer<Scalar>
    /// (N): the second norm's mean.
    package let mean2: UnsafeMutablePointer<Scalar>
    /// (N): the second norm's reciprocal deviation.
    package let rstd2: UnsafeMutablePointer<Scalar>
    /// (N, 4C): the MLP before its activation.
    package let expanded: UnsafeMutablePointer<Scalar>
    /// (N, 4C): the MLP after its activation.
    package let activated: UnsafeMutablePointer<Scalar>
  }

  /// The most sequences of a call.
  package let sequences: Int
  /// The most tokens of a sequence.
  package let length: Int
  /// One per block, in order.
  package let blocks: [Block]
  /// (N, C): the residual stream that leaves the last block.
  package let output: UnsafeMutablePointer<Scalar>
  /// (N, C): the final norm's output.
  package let normedOutput: UnsafeMutablePointer<Scalar>
  /// (N): the final norm's mean.
  package let finalMean: UnsafeMutablePointer<Scalar>
  /// (N): the final norm's reciprocal deviation.
  package let finalRstd: UnsafeMutablePointer<Scalar>
  /// (N, V): logits, replaced by their gradient when the loss is taken.
  package let logits: UnsafeMutablePointer<Scalar>

  // Backward only.
  /// (N, C): gradient of the residual stream.
  package let residualGradient: UnsafeMutablePointer<Scalar>
  /// (N, C): gradient of a norm's output or of attention's output.
  package let narrowGradient: UnsafeMutablePointer<Scalar>
  /// (N, 4C): gradient of the MLP's inside or, in its first 3C columns' worth, of qkv.
  package let wideGradient: UnsafeMutablePointer<Scalar>
  /// 2·t·t elements for attention's backward pass.
  package let scratch: UnsafeMutablePointer<Scalar>

  private let storage: AlignedBuffer<Scalar>

  /// Bytes of the arena.
  package var byteCount: Int { storage.byteCount }

  /// Allocates an arena.
  ///
  /// - Parameter gradients: Whether a backward pass will run in it.
  /// - Throws: ``InputError`` when the memory cannot be had.
  package init(_ shape: ModelShape, sequences: Int, length: Int, gradients: Bool) throws(InputError) {
    let sizes = ActivationSizes(shape, sequences: sequences, length: length, gradients: gradients)
    storage = try AlignedBuffer(count: sizes.total, purpose: "activations")
    self.sequences = sequences
    self.length = length
    var next = storage.base
    func take(_ count: Int) -> UnsafeMutablePointer<Scalar> {
      defer { next += ActivationSizes.padded(count) }
      return next
    }
    var blocks: [Block] = []
    for _ in 0..<shape.layers {
      blocks.append(
        Block(
          input: take(sizes.narrow), normed1: take(sizes.narrow), mean1: take(sizes.rows),
          rstd1: take(sizes.rows), qkv: take(3 * sizes.narrow), probabilities: take(sizes.scores),
          attended: take(sizes.narrow), middle: take(sizes.narrow), normed2: take(sizes.narrow),
          mean2: take(sizes.rows), rstd2: take(sizes.rows), expanded: take(4 * sizes.narrow),
          activated: take(4 * sizes.narrow)))
    }
    self.blocks = blocks
    output = take(sizes.narrow)
    normedOutput = take(sizes.narrow)
    finalMean = take(sizes.rows)
    finalRstd = take(sizes.rows)
    logits = take(sizes.logits)
    residualGradient = take(gradients ? sizes.narrow : 0)
    narrowGradient = take(gradients ? sizes.narrow : 0)
    wideGradient = take(gradients ? 4 * sizes.narrow : 0)
    scratch = take(gradients ? sizes.scratch : 0)
    precondition(next - storage.base == sizes.total, "the arena's sizes and its regions disagree")
  }
}

/// Element counts of an arena's regions. The regions are padded to 64 bytes.
struct ActivationSizes {
  let rows: Int
  let narrow: Int
  let scores: Int
  let logits: Int
  let scratch: Int
  let total: Int

  init(_ shape: ModelShape, sequences: Int, length: Int, gradients: Bool) {
    rows = sequences * length
    narrow = rows * shape.channels
    scores = sequences * shape.heads * length * length
    logits = rows * shape.vocabulary
    scratch = 2 * length * length
    let p = Self.padded
    let block =
      5 * p(narrow) + 4 * p(rows) + p(3 * narrow) + p(scores) + 2 * p(4 * narrow)
    let backward = gradients ? 2 * p(narrow) + p(4 * narrow) + p(scratch) : 0
    total = shape.layers * block + 2 * p(narrow) + 2 * p(rows) + p(logits) + backward
  }

  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
