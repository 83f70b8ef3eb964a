import Dispatch
import HeadwayKernels
import Synchronization
import Testing

/// Equal inputs give bitwise equal outputs, wherever the arrays lie and whichever thread computes.
@Suite(.serialized) struct DeterminismTests {
  /// 17 rows and 37 columns leave rests of every loop; 40 × 300 crosses the packing depth.
  private static let cases = OperatorCase.all(rows: 17, width: 37) + OperatorCase.all(rows: 40, width: 300)

  /// OpenBLAS promises nothing about alignment; it is held to what the engine relies on.
  @Test(arguments: FastSet.allCases) func alignmentDoesNotMatter(_ set: FastSet) {
    for operation in Self.cases {
      let expected = operation.run(set.kernels, MisalignedMemory(offset: 0)).map(\.bitPattern)
      for offset in [1, 2, 3, 5, 8, 11] {
        let actual = operation.run(set.kernels, MisalignedMemory(offset: offset)).map(\.bitPattern)
        #expect(actual == expected, "\(operation.name) at offset \(offset)")
      }
    }
  }

  /// Threads at the same time, each in its own memory: a buffer shared between them would show.
  @Test(arguments: FastSet.allCases) func threadsDoNotMatter(_ set: FastSet) {
    for operation in Self.cases {
      let expected = operation.run(set.kernels, MisalignedMemory(offset: 0)).map(\.bitPattern)
      let unequal = UnequalCount()
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        for _ in 0..<5 {
          let actual = operation.run(set.kernels, MisalignedMemory(offset: 0)).map(\.bitPattern)
          if actual != expected { unequal.add() }
        }
      }
      #expect(unequal.total == 0, "\(operation.name) on several threads")
    }
  }

  /// The promise of ``SIMDKernels``: a row's bits do not depend on its neighbours.
  @Test func rowsOfTheForwardPassAreIndependent() {
    let (n, k, m) = (23, 300, 41)
    var generator = SeededGenerator(seed: 31)
    let x: [Float] = generator.values(n * k)
    let w: [Float] = generator.values(k * m)
    let bias: [Float] = generator.values(m)
    var together = [Float](repeating: .nan, count: n * m)
    SIMDKernels.linearForward(&together, x: x, w: w, bias: bias, rows: n, inputs: k, outputs: m)
    for row in 0..<n {
      var alone = [Float](repeating: .nan, count: m)
      SIMDKernels.linearForward(
        &alone, x: Array(x[row * k..<(row + 1) * k]), w: w, bias: bias, rows: 1, inputs: k, outputs: m)
      #expect(alone[...] == together[row * m..<(row + 1) * m])
    }
  }
}

/// Counts from several threads.
private final class UnequalCount: Sendable {
  private let count = Mutex(0)

  func add() { count.withLock { $0 += 1 } }

  var total: Int { count.withLock { $0 } }
}
