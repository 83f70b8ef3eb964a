import HeadwayKernels
import HeadwayTrace

/// A flat gradient per task of a step, and their sum in a fixed order.
///
/// Slot i belongs to task i, not to a worker: whoever computes the task and whoever adds, the sum and the
/// squares of its norm are the same bits. The order is that of a binary tree over the slots: at level l,
/// slot i with i a multiple of 2ˡ⁺¹ receives slot i + 2ˡ, if there is one. The sum ends in slot 0.
///
/// A tree rather than a chain: its rounding error grows with the logarithm of the number of slots (Higham,
/// The accuracy of floating point summation, 1993), and its additions at one level may run side by side.
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

  /// Levels of the tree: ⌈log₂ slots⌉.
  package var levels: Int {
    slots.count < 2 ? 0 : Int.bitWidth - (slots.count - 1).leadingZeroBitCount
  }

  /// Additions at a level.
  package func pairs(at level: Int) -> Int {
    let stride = 1 << level
    return max(0, (slots.count - stride + 2 * stride - 1) / (2 * stride))
  }

  /// Makes one addition of a level, over all parameters. All of the level before must have been made;
  /// those of one level may run on different threads.
  package func climb(level: Int, pair: Int) {
    let target = pair << (level + 1)
    K.add(slots[target].base, slots[target + (1 << level)].base, count: slots[target].count)
  }

  /// Notes the squares of some chunks of the sum, once it is there.
  package func square(_ chunks: Range<Int>) {
    let size = ParameterLayout.chunk
    for chunk in chunks {
      squares.base[chunk] = K.sumOfSquares(slots[0].base + chunk * size, count: size)
    }
  }

  /// Makes every addition of the tree over some chunks and notes each sum's squares. Callers on different
  /// threads give disjoint chunks, which stay in the core's cache from level to level.
  package func reduce(_ chunks: Range<Int>) {
    let size = ParameterLayout.chunk
    for chunk in chunks {
      let start = chunk * size
      var stride = 1
      while stride < slots.count {
        var target = 0
        while target + stride < slots.count {
          K.add(slots[target].base + start, slots[target + stride].base + start, count: size)
          target += 2 * stride
        }
        stride *= 2
      }
      squares.base[chunk] = K.sumOfSquares(slots[0].base + start, count: size)
    }
  }

  /// The global norm of the sum: chunks added in order, once all have been reduced.
  package func norm() -> Double {
    var total = 0.0
    for chunk in 0..<squares.count { total += squares.base[chunk] }
    return total.squareRoot()
  }
}
