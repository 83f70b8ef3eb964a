/// Holds new threads back until all of them exist, so that a refused thread leaves nothing behind: the
/// threads before it then end without having done anything.
@usableFromInline
final class LaunchGate: Sendable {
  private let lines = CacheLines(1)
  private let gate: Gate

  @usableFromInline init() { gate = Gate(lines.word(line: 0)) }

  /// Lets the threads go on (`true`) or end at once.
  @usableFromInline func open(go: Bool) { gate.open(to: go ? 1 : 2) }

  /// Waits for the decision.
  @usableFromInline func wait() -> Bool {
    gate.sleep(past: 0)
    return gate.generation == 1
  }
}
