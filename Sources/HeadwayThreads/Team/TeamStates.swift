import HeadwayProbes
import HeadwayTrace

/// The states that a team itself puts threads into.
@usableFromInline
struct TeamStates: Sendable {
  /// The main thread creates the team's threads, up to the moment when all of them wait for work.
  @usableFromInline let create: StateID
  /// The main thread ends and joins them.
  @usableFromInline let join: StateID
  /// Handing out and collecting work and, on a worker, taking it: what lies between waits and tasks.
  @usableFromInline let dispatch: StateID

  init(probe: some Probe) {
    create = probe.state(StateDefinition(name: "thread.create", category: .lifecycle))
    join = probe.state(StateDefinition(name: "thread.join", category: .lifecycle))
    dispatch = probe.state(StateDefinition(name: "dispatch", category: .useful))
  }
}
