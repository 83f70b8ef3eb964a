import HeadwayTrace

/// Who coordinates whom in a team: its control threads and the groups of its workers.
///
/// Flat, the main thread coordinates one group of all workers. With `kissing`, after the twelve spheres
/// that can touch one sphere of their size, a node coordinates at most ``arity`` children:
///
/// | workers | below the main thread |
/// |---|---|
/// | 1 … 12 | one control thread, whose children are the workers |
/// | 13 … 144 | one control thread, whose children are twelve groups of up to twelve workers |
/// | more | ⌈n / 144⌉ such control threads, under levels of further control threads up to a single root |
///
/// The workers' *symmetry group* is i mod 12: beyond 12 workers, each group holds workers of one symmetry
/// group only. Blocks of twelve workers are dealt to the lowest control threads in turn, and control
/// threads to those above them likewise, so siblings differ by at most one block or child.
///
/// A group is not a thread: its barriers are where the members meet the thread that coordinates them. One
/// thread for each group would be twelve more to wake, on CPUs that the workers need.
public struct CoordinationTree: Hashable, Sendable {
  /// The most children of a node.
  public static let arity = 12

  /// A control thread.
  public struct Control: Hashable, Sendable {
    /// The control thread that coordinates this one; `nil` for the root, which the main thread does.
    public let parent: Int?
    /// The control threads that it coordinates; empty for a lowest one.
    public fileprivate(set) var children: [Int] = []
    /// The groups that it coordinates; empty unless it is a lowest one.
    public fileprivate(set) var groups: [Int] = []
    /// How many workers there are below it.
    public fileprivate(set) var workers = 0
  }

  /// How many workers there are.
  public let workers: Int
  /// The control threads by number, each after the one that coordinates it.
  public private(set) var controls: [Control] = []
  /// The workers of each group, in ascending order; every worker is in exactly one.
  public private(set) var groups: [[Int]] = []

  /// The tree of a team of at least one worker.
  public init(workers: Int, topology: Topology) {
    precondition(workers > 0, "a team has a worker")
    self.workers = workers
    switch topology {
    case .flat: groups = [Array(0..<workers)]
    case .kissing: addLevels()
    }
  }

  private mutating func addLevels() {
    // How many control threads each level has, from the lowest up to the root's.
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
    for (position, number) in above.enumerated() { addGroups(of: number, position, of: above.count) }
    for number in controls.indices.reversed() {
      if let parent = controls[number].parent { controls[parent].workers += controls[number].workers }
    }
  }

  /// Adds the groups of the lowest control thread `number`, which takes each `count`-th block of workers.
  private mutating func addGroups(of number: Int, _ position: Int, of count: Int) {
    var members: [[Int]] =
      workers <= Self.arity
      ? [Array(0..<workers)]
      : (0..<Self.arity).map { symmetryGroup in
        Array(
          stride(from: position * Self.arity + symmetryGroup, to: workers, by: count * Self.arity))
      }
    members.removeAll(where: \.isEmpty)
    controls[number].groups = Array(groups.count..<(groups.count + members.count))
    controls[number].workers = members.reduce(0) { $0 + $1.count }
    groups += members
  }

  private static func quotient(_ dividend: Int, _ divisor: Int) -> Int {
    (dividend + divisor - 1) / divisor
  }
}
