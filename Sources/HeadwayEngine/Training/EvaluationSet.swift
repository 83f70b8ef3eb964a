import HeadwayCorpus
import HeadwayTrace

/// The held-out windows that every evaluation of a run uses: the same tokens in the same order, whoever
/// computes them.
///
/// Windows of T tokens do not overlap and are spread evenly over the held-out text. Read only once built.
final class EvaluationSet: Sendable {
  /// Windows.
  let sequences: Int
  /// T, tokens of a window.
  let length: Int
  private let inputs: AlignedBuffer<Int32>
  private let targets: AlignedBuffer<Int32>

  /// Cuts windows out of a text.
  ///
  /// - Parameters:
  ///   - tokenCount: Tokens of the held-out text.
  ///   - wanted: The most windows to take; a short text gives fewer, possibly none.
  ///   - token: The text's token at a position.
  init(
    tokenCount: Int, wanted: Int, length: Int, token: (Int) -> Int32
  ) throws(InputError) {
    let available = max(0, (tokenCount - 1) / length)
    let sequences = min(wanted, available)
    inputs = try AlignedBuffer(count: sequences * length, purpose: "evaluation windows")
    targets = try AlignedBuffer(count: sequences * length, purpose: "evaluation windows")
    for sequence in 0..<sequences {
      let start = sequence * available / sequences * length
      for place in 0..<length {
        inputs.base[sequence * length + place] = token(start + place)
        targets.base[sequence * length + place] = token(start + place + 1)
      }
    }
    self.sequences = sequences
    self.length = length
  }

  /// Tokens predicted by one evaluation.
  var tokens: Int { sequences * length }

  /// Bytes of the windows.
  var byteCount: Int { inputs.byteCount + targets.byteCount }

  /// Tasks when each covers up to `size` windows.
  func tasks(of size: Int) -> Int { (sequences + size - 1) / size }

  /// The tokens of one task of up to `size` windows; the last may have fewer.
  func task(
    _ index: Int, of size: Int
  ) -> (inputs: UnsafePointer<Int32>, targets: UnsafePointer<Int32>, sequences: Int) {
    let first = index * size
    return (
      UnsafePointer(inputs.base + first * length), UnsafePointer(targets.base + first * length),
      min(size, sequences - first)
    )
  }
}
