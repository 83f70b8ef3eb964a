import HeadwayKernels
import Testing

/// No operator reads or writes outside its arrays: they lie flush against forbidden pages.
@Suite struct BoundsTests {
  @Test(arguments: FastSet.allCases) func stayWithinTheArrays(_ set: FastSet) {
    for rows in oddRows {
      for width in oddWidths {
        for operation in OperatorCase.all(rows: rows, width: width) {
          let behind = operation.run(set.kernels, FencedMemory(touching: .back))
          let before = operation.run(set.kernels, FencedMemory(touching: .front))
          #expect(behind.map(\.bitPattern) == before.map(\.bitPattern), "\(operation.name)")
        }
      }
    }
  }
}
