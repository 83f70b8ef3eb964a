import HeadwayProbes
import HeadwayTrace

/// The states that the engine's own code enters, registered once before the window opens.
struct EngineStates: Sendable {
  let setup: StateID
  /// The main thread's own part of a step: what lies between the states inside it.
  let step: StateID
  let assemble: StateID
  let forward: StateID
  let backward: StateID
  let reduce: StateID
  let optimize: StateID
  let evaluate: StateID
  /// The observer's calls: progress bars and the like.
  let observe: StateID
  /// The operations that are timed inside some of them.
  let operations: EngineOperations

  init(_ probe: some Probe) {
    func useful(_ name: String) -> StateID { probe.state(StateDefinition(name: name, category: .useful)) }
    setup = useful("setup")
    step = useful("step")
    assemble = useful("batch.assemble")
    forward = useful("forward")
    backward = useful("backward")
    reduce = useful("reduce")
    optimize = useful("optimize")
    evaluate = useful("evaluate")
    operations = EngineOperations(probe)
    observe = probe.state(StateDefinition(name: "observe", category: .selfCost))
  }
}
