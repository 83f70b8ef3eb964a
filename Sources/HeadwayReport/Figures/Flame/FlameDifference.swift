import HeadwayTrace

/// Two runs' sampled stacks in one tree: each function with its share of the samples of either run.
///
/// Shares are of a run's own samples of the kind, so runs of different lengths and sampling rates compare.
public struct FlameDifference: Equatable, Sendable {
  /// A function called in one way, in both runs.
  public struct Node: Equatable, Sendable {
    /// The function's name, without its parameters.
    public var name: String
    /// The name of its module; absent for code that belongs to none, and for roles.
    public var module: String?
    /// Timer periods of the base's stacks that go through it.
    public var basePeriods: Int
    /// Timer periods of the candidate's stacks that go through it.
    public var candidatePeriods: Int
    /// The functions that it called, those with the largest shares first.
    public var callees: [Node]
  }

  /// Why two runs' stacks are not compared.
  public enum Refusal: Error, Equatable, Sendable {
    /// A run has no sampled stacks at all.
    case notSampled(String)
    /// A run has no samples of the kind.
    case noSamples(String)
    /// The timers of the two runs counted different times.
    case modes(base: StackSamplingMode, candidate: StackSamplingMode)
  }

  /// The roles of the threads, each the root of its stacks.
  public var roots: [Node]
  /// Timer periods of all of the base's samples.
  public var basePeriods: Int
  /// Timer periods of all of the candidate's samples.
  public var candidatePeriods: Int

  /// Puts the stacks of two profiles side by side.
  ///
  /// - Parameters:
  ///   - base: The base's profile and what the run is called; no profile where it was not sampled.
  ///   - candidate: The same of the candidate.
  /// - Throws: ``Refusal`` where there is nothing to compare.
  public init(
    base: (name: String, profile: StackProfile?), candidate: (name: String, profile: StackProfile?),
    kind: FlameTree.Kind
  ) throws(Refusal) {
    guard let old = base.profile else { throw .notSampled(base.name) }
    guard let new = candidate.profile else { throw .notSampled(candidate.name) }
    // Samples of CPU time and of wall time count different things.
    if old.mode != new.mode { throw .modes(base: old.mode, candidate: new.mode) }
    guard let before = FlameTree(old, kind: kind) else { throw .noSamples(base.name) }
    guard let after = FlameTree(new, kind: kind) else { throw .noSamples(candidate.name) }
    (basePeriods, candidatePeriods) = (before.periods, after.periods)
    roots = Self.merged(
      before.roots, after.roots, basePeriods: before.periods, candidatePeriods: after.periods)
  }

  /// The share of a run's samples; the mean of both is what a function is drawn as wide as.
  func shares(_ node: Node) -> (base: Double, candidate: Double) {
    (
      Double(node.basePeriods) / Double(max(basePeriods, 1)),
      Double(node.candidatePeriods) / Double(max(candidatePeriods, 1))
    )
  }

  /// How much larger the function's share is in the candidate.
  func gain(_ node: Node) -> Double { shares(node).candidate - shares(node).base }

  /// Whether a difference of shares is more than chance gives: beyond two standard errors of two binomial
  /// shares. Samples that follow each other are more alike than that assumes, so it is the least that is asked.
  func isClear(_ node: Node) -> Bool {
    let (old, new) = shares(node)
    let variance =
      old * (1 - old) / Double(max(basePeriods, 1)) + new * (1 - new) / Double(max(candidatePeriods, 1))
    return (new - old).magnitude > 2 * variance.squareRoot() && (new - old).magnitude >= 0.001
  }

  private static func merged(
    _ old: [FlameTree.Node], _ new: [FlameTree.Node], basePeriods: Int, candidatePeriods: Int
  ) -> [Node] {
    struct Key: Hashable {
      var name: String
      var module: String?
    }
    var order: [Key] = []
    var pairs: [Key: (old: [FlameTree.Node], new: [FlameTree.Node])] = [:]
    for (nodes, isNew) in [(old, false), (new, true)] {
      for node in nodes {
        let key = Key(name: node.name, module: node.module)
        if pairs[key] == nil { order.append(key) }
        if isNew {
          pairs[key, default: ([], [])].new.append(node)
        } else {
          pairs[key, default: ([], [])].old.append(node)
        }
      }
    }
    func weight(_ node: Node) -> Double {
      Double(node.basePeriods) / Double(max(basePeriods, 1))
        + Double(node.candidatePeriods) / Double(max(candidatePeriods, 1))
    }
    let nodes = order.map { key in
      // Functions that differ in their parameters only have one name, and may stand beside each other.
      let (before, after) = pairs[key] ?? ([], [])
      return Node(
        name: key.name, module: key.module, basePeriods: before.reduce(0) { $0 + $1.periods },
        candidatePeriods: after.reduce(0) { $0 + $1.periods },
        callees: merged(
          before.flatMap(\.callees), after.flatMap(\.callees), basePeriods: basePeriods,
          candidatePeriods: candidatePeriods))
    }
    return nodes.enumerated().sorted { (weight($1.element), $0.offset) < (weight($0.element), $1.offset) }
      .map(\.element)
  }
}

extension FlameDifference.Refusal: CustomStringConvertible {
  /// Why, in a sentence.
  public var description: String {
    switch self {
    case .notSampled(let name):
      "\(name) has no sampled stacks: record it with --set stack_sampling_hz=99."
    case .noSamples(let name):
      "\(name) has no such samples. Threads that sleep are seen only with stack_sampling_mode: wall."
    case .modes(let base, let candidate):
      "The base was sampled in \(base.rawValue) time and the candidate in \(candidate.rawValue) time, which count"
        + " different things."
    }
  }
}
