import HeadwayTrace

/// Sampled stacks put together from the outermost function inwards: what a flame graph draws.
///
/// Only samples in the measured window count. A sample counts once for every timer period that it stands for.
public struct FlameTree: Equatable, Sendable {
  /// Which samples a tree is made of.
  public enum Kind: Sendable {
    /// The thread ran or was ready to run.
    case running
    /// The thread slept in a system call; only sampling in wall time sees it.
    case sleeping
  }

  /// A function called in one way.
  public struct Node: Equatable, Sendable {
    /// The function's name, without its parameters.
    public var name: String
    /// The name of its module; absent for code that belongs to none, and for roles.
    public var module: String?
    /// Timer periods of the stacks that go through it.
    public var periods: Int
    /// The functions that it called, most periods first.
    public var callees: [Node]

    /// Timer periods in which it was the innermost.
    public var ownPeriods: Int { periods - callees.reduce(0) { $0 + $1.periods } }
  }

  /// The roles of the threads, each the root of its stacks.
  public var roots: [Node]
  /// Timer periods of all.
  public var periods: Int { roots.reduce(0) { $0 + $1.periods } }

  /// Puts the stacks of a profile together; `nil` when it has none of the kind.
  ///
  /// - Parameter profile: A profile that holds together; see ``StackProfile/check(subject:)``.
  ///
  /// Complexity: O(samples + distinct stacks · their depth).
  public init?(_ profile: StackProfile, kind: Kind) {
    var builders: [ThreadRole: FlameBuilder] = [:]
    for (role, stacks) in Self.counts(of: profile, kind: kind) {
      var builder = FlameBuilder()
      for (stack, periods) in stacks.sorted(by: { $0.key < $1.key }) {
        let path = stack < 0 ? [-1] : profile.frames(of: stack).reversed().map { profile.frames.function[$0] }
        builder.add(path, periods: periods)
      }
      builders[role] = builder
    }
    var names: [Int: String] = [:]
    roots = ThreadRole.allCases.compactMap { role in
      builders[role].map { builder in
        Node(
          name: RoleWords.plural(role), module: nil, periods: builder.periods,
          callees: builder.callees(of: 0) { function in
            if function < 0 { return ("not unwound", nil) }
            let name = names[function] ?? FunctionWords.short(profile.functions.name[function])
            names[function] = name
            let module = profile.functions.module[function]
            return (name, module >= 0 ? profile.modules[module].name : nil)
          })
      }
    }
    if roots.isEmpty { return nil }
  }

  /// Timer periods by stack for each role.
  private static func counts(of profile: StackProfile, kind: Kind) -> [ThreadRole: [Int: Int]] {
    var counts: [ThreadRole: [Int: Int]] = [:]
    var ticks: [Int: UInt64] = [:]
    for index in profile.samples.indices {
      let thread = profile.samples.thread[index]
      let time =
        ticks[thread, default: profile.clock.originTicks] &+ profile.samples.ticksSincePrevious[index]
      ticks[thread] = time
      if let window = profile.window, time < window.begin || time > window.end { continue }
      if profile.samples.isSleeping[index] != (kind == .sleeping) { continue }
      counts[profile.threads[thread].role, default: [:]][profile.samples.stack[index], default: 0] +=
        profile.samples.periods[index]
    }
    return counts
  }
}

/// A tree of functions under construction; node 0 is its root.
private struct FlameBuilder {
  private var function = [-2]
  private var counts = [0]
  private var places: [[Int: Int]] = [[:]]

  var periods: Int { counts[0] }

  mutating func add(_ path: [Int], periods: Int) {
    counts[0] += periods
    var node = 0
    for name in path {
      if let known = places[node][name] {
        node = known
      } else {
        places[node][name] = function.count
        node = function.count
        function.append(name)
        counts.append(0)
        places.append([:])
      }
      counts[node] += periods
    }
  }

  func callees(of node: Int, name: (Int) -> (String, String?)) -> [FlameTree.Node] {
    places[node].values.sorted { (counts[$1], $0) < (counts[$0], $1) }.map { callee in
      let (text, module) = name(function[callee])
      return FlameTree.Node(
        name: text, module: module, periods: counts[callee], callees: callees(of: callee, name: name))
    }
  }
}
