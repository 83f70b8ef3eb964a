/// The STREAM triad: a = b + scale · c over whole arrays.
///
/// Source: J. D. McCalpin, "Memory bandwidth and machine balance in current high performance computers",
/// 1995. Bytes are counted as there: two arrays read and one written, 12 bytes an element. A cache that
/// fetches a line before it is written moves a third more.
package enum Triad {
  /// Bytes counted for each element.
  package static let bytesPerElement = 12

  /// Runs on the calling thread. The arrays do not overlap and hold `count` elements, a multiple of 8.
  package static func run(
    _ a: UnsafeMutablePointer<Float>, b: UnsafePointer<Float>, c: UnsafePointer<Float>, scale: Float,
    count: Int
  ) {
    precondition(count.isMultiple(of: 8), "a triad takes whole vectors")
    let factor = Vector(repeating: scale)
    var index = 0
    while index < count {
      a.store(b.vector(at: index).plus(c.vector(at: index), times: factor), at: index)
      index &+= 8
    }
  }
}
