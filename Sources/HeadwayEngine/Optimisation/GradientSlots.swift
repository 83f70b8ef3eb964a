import HeadwayKernels
import HeadwayTrace

/// A flat gradient per task of a step, and their sum in a fixed order.
///
/// Slot i belongs to task i, not to a worker: whoever computes the task, the sum
/// slot 0 + slot 1 + … and the squares of its norm are the same bits. The sum replaces slot 0.
package final class GradientSlots<K: KernelSet>: Sendable where K.Scalar: BitwiseCopyable {
  private let slots: [AlignedBuffer<K.Scalar>]
  /// One Σ g² for each chunk of the summed gradient.
  private let squares: AlignedBuffer<Double>

  /// Allocates `tasks` zeroed slots.
  package init(_ layout: ParameterLayout, tasks: Int) throws(InputError) {
    var slots: [AlignedBuffer<K.Scalar>] = []
    for _ in 0..<tasks {
      slots.append(try AlignedBuffer(count: layout.count, purpose: "gradient slots"))
    }
    self.slots = slots
    squares = try AlignedBuffer(count: layout.chunkCount, purpose: "gradient norm")
  }

  /// Bytes of all slots.
  package var byteCount: Int { slots.reduce(squares.byteCount) { $0 + $1.byteCount } }

  /// The sum, once every chunk has been reduced.
  package var sum: UnsafePointer<K.Scalar> { UnsafePointer(slots[0].base) }

  /// The slot of one task; the task's worker writes to it, nobody else.
  package func slot(_ task: Int) -> AlignedBuffer<K.Scalar> { slots[task] }

  /// Adds the slots' chunks into slot 0, in the order of the slots, and notes each sum's squares.
  /// Callers on different threads give disjoint chunks.
  package func reduce(_ chunks: Range<Int>) {
    let size = ParameterLayout.chunk
    let target = slots[0].base
    for chunk in chunks {
      for slot in 1..<max(slots.count, 1) {
        K.add(target + chunk * size, slots[slot].base + chunk * size, count: size)
      }
      squares.base[chunk] = K.sumOfSquares(target + chunk * size, count: size)
    }
  }

  /// The global norm of the sum: chunks added in order, once all have been reduced.
  package func norm() -> Double {
    var total = 0.0
    for chunk in 0..<squares.count { total += squares.base[chunk] }
    return total.squareRoot()
  }
}
