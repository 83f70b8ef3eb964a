import Glibc
import HeadwayProbes
import HeadwayTrace

/// What one thread of an ``EngineRun`` records through.
///
/// Owned by the thread that registered it and used by no other, which its being a class that is not
/// `Sendable` lets the compiler check. It keeps the run alive.
public final class RunThread {
  let handle: RecordingHandle
  /// Takes the states and the steps where the run experiments.
  private let experiment: CausalProbe.Handle?
  let run: EngineRun

  init(_ handle: RecordingHandle, experiment: CausalProbe.Handle?, of run: EngineRun) {
    self.handle = handle
    self.experiment = experiment
    self.run = run
  }

  /// Enters a state: the state around it stops counting until ``leave()``.
  public func enter(_ state: StateID) {
    if let experiment { experiment.enter(state) } else { handle.enter(state) }
  }

  /// Leaves the innermost state.
  public func leave() {
    if let experiment { experiment.leave() } else { handle.leave() }
  }

  /// Does something in a state.
  public func within<Outcome, Failure: Error>(
    _ state: StateID, _ body: () throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    enter(state)
    defer { leave() }
    return try body()
  }

  /// Notes that an operation has ended: it gets the time since the one before it in the same state, or since the
  /// state was entered. Cheap enough for what takes a microsecond.
  public func ended(_ operation: OperationID) { handle.ended(operation) }

  /// Counts completed work: the progress beside the activity. Tokens are whatever unit of work a throughput
  /// should be given in; leave them out where there is none.
  public func complete(tasks: Int, tokens: Int = 0) {
    handle.complete(tasks: max(tasks, 0), tokens: max(tokens, 0))
  }

  /// Notes how many items a queue held when this thread used it, for `headway top`.
  public func queued(_ site: RunWaitSite, items: Int) { handle.queued(site.site, items: items) }

  /// Does one step of the engine and notes how long it took; one thread's work, usually the main one's.
  public func step<Outcome, Failure: Error>(
    _ index: Int, _ body: () throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    let start = beginStep()
    let outcome = try body()
    endStep(index, from: start)
    return outcome
  }

  package func beginStep() -> StepStart { StepStart(ticks: handle.now(), time: Self.monotonic()) }

  package func endStep(_ index: Int, from start: StepStart) {
    if let experiment {
      experiment.step(index, from: start.ticks)
    } else {
      handle.step(index, from: start.ticks)
    }
    run.note(step: Self.monotonic() - start.time)
  }

  /// Ends the thread's part in the run; its states must have been left. Call before the thread ends.
  public func retire() { run.probe.retire(handle) }

  /// The beginning of a step, on both clocks.
  package struct StepStart {
    let ticks: Ticks
    let time: Nanoseconds
  }

  private static func monotonic() -> Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
