import HeadwayTrace

/// Who coordinates whom in a team of a number of workers and a topology, as the engine builds it.
///
/// `flat`: the main thread has one group of all workers. `kissing`: a control thread for each 144 workers,
/// under levels of further ones with up to twelve children each, up to one root; beyond twelve workers a
/// lowest control thread has twelve groups.
package struct TeamShape: Equatable, Sendable {
  /// The most children of a control thread.
  package static let arity = 12

  /// A control thread.
  package struct Control: Equatable, Sendable {
    /// The control thread above; `nil` for the root.
    package var parent: Int?
    /// The control threads below.
    package var children: [Int] = []
    /// The groups of workers that it coordinates.
    package var groups: [[Int]] = []
    /// All workers below, however deep.
    package var workers = 0
  }

  /// How many workers there are.
  package let workers: Int
  /// The control threads, each after the one above it; none when flat.
  package private(set) var controls: [Control] = []

  /// The shape of a team of at least one worker.
  package init(workers: Int, topology: Topology) {
    self.workers = max(workers, 1)
    if topology == .kissing { addControls() }
  }

  private mutating func addControls() {
    var sizes = [Self.quotient(workers, Self.arity * Self.arity)]
    while let top = sizes.last, top > 1 { sizes.append(Self.quotient(top, Self.arity)) }
    var above = 0..<0
    for size in sizes.reversed() {
      let level = controls.count..<(controls.count + size)
      for (position, number) in level.enumerated() {
        let parent = above.isEmpty ? nil : above.lowerBound + position % above.count
        controls.append(Control(parent: parent))
        if let parent { controls[parent].children.append(number) }
      }
      above = level
    }
    for (position, number) in above.enumerated() {
      controls[number].groups = groups(position, of: above.count)
      controls[number].workers = controls[number].groups.reduce(0) { $0 + $1.count }
    }
    for number in controls.indices.reversed() {
      if let parent = controls[number].parent { controls[parent].workers += controls[number].workers }
    }
  }

  /// The groups of one of `count` lowest control threads.
  private func groups(_ position: Int, of count: Int) -> [[Int]] {
    if workers <= Self.arity { return [Array(0..<workers)] }
    return (0..<Self.arity).map { symmetryGroup in
      Array(stride(from: position * Self.arity + symmetryGroup, to: workers, by: count * Self.arity))
    }.filter { !$0.isEmpty }
  }

  private static func quotient(_ dividend: Int, _ divisor: Int) -> Int {
    (dividend + divisor - 1) / divisor
  }
}
