import HeadwayThreads
import Testing

/// A pure value, so these need no serialisation.
@Suite struct CoordinationTreeTests {
  private static let arity = 12

  @Test("Flat, the main thread coordinates all workers itself", arguments: [1, 12, 13, 63, 2000])
  func flat(workers: Int) {
    let tree = CoordinationTree(workers: workers, topology: .flat)
    #expect(tree.controls == [])
    #expect(tree.groups == [Array(0..<workers)])
  }

  @Test("Every worker is in exactly one group, and every node has one parent and at most twelve children")
  func isATree() {
    for workers in 1...2000 {
      let tree = CoordinationTree(workers: workers, topology: .kissing)
      #expect(tree.groups.flatMap(\.self).sorted() == Array(0..<workers))
      #expect(tree.groups.allSatisfy { (1...Self.arity).contains($0.count) && $0 == $0.sorted() })
      #expect(tree.controls.flatMap(\.groups).sorted() == Array(tree.groups.indices))
      #expect(tree.controls.flatMap(\.children).sorted() == Array(tree.controls.indices.dropFirst()))
      for (number, control) in tree.controls.enumerated() {
        let isLowest = control.children.isEmpty
        #expect(control.groups.isEmpty != isLowest)
        #expect((1...Self.arity).contains(control.children.count + control.groups.count))
        #expect(control.children.allSatisfy { $0 > number && tree.controls[$0].parent == number })
        #expect((control.parent == nil) == (number == 0))
        let below =
          control.children.reduce(0) { $0 + tree.controls[$1].workers }
          + control.groups.reduce(0) { $0 + tree.groups[$1].count }
        #expect(control.workers == below)
      }
      #expect(tree.controls[0].workers == workers)
    }
  }

  @Test("Siblings are alike: they differ by one group member, one block of workers, or one child")
  func isBalanced() {
    for workers in 1...2000 {
      let tree = CoordinationTree(workers: workers, topology: .kissing)
      for control in tree.controls {
        let groups = control.groups.map { tree.groups[$0].count }
        #expect((groups.max() ?? 0) - (groups.min() ?? 0) <= 1)
        let children = control.children.map { tree.controls[$0].children.count }
        #expect((children.max() ?? 0) - (children.min() ?? 0) <= 1)
      }
      let lowest = tree.controls.filter { $0.children.isEmpty }.map(\.workers)
      #expect((lowest.max() ?? 0) - (lowest.min() ?? 0) <= Self.arity)
    }
  }

  @Test("Worker i belongs to symmetry group i mod 12: beyond twelve workers a group holds no other")
  func symmetryGroups() {
    for workers in 13...2000 {
      let tree = CoordinationTree(workers: workers, topology: .kissing)
      #expect(tree.groups.allSatisfy { Set($0.map { $0 % Self.arity }).count == 1 })
    }
    for workers in 13...144 {
      let tree = CoordinationTree(workers: workers, topology: .kissing)
      #expect(
        tree.groups
          == (0..<Self.arity).map { group in (0..<workers).filter { $0 % Self.arity == group } })
    }
    for workers in 1...12 {
      #expect(
        CoordinationTree(workers: workers, topology: .kissing).groups == [Array(0..<workers)])
    }
  }

  @Test(
    "The number of control threads follows from the number of workers",
    arguments: [
      (1, 1), (12, 1), (13, 1), (63, 1), (144, 1), (145, 3), (288, 3), (289, 4), (1728, 13), (1729, 16),
    ])
  func controlThreads(workers: Int, controls: Int) {
    #expect(CoordinationTree(workers: workers, topology: .kissing).controls.count == controls)
  }
}
