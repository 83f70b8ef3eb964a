import Foundation
import HeadwayFiles
import HeadwayProbes
import HeadwayStore
import HeadwayTrace
import Synchronization

/// The recording of a run of any engine: what a program that is not Headway's own links to be measured.
///
///     let run = try EngineRun(recordingInto: "runs/first", program: ["engine": "k-means"])
///     let assign = run.state("assign")
///     let stepEnd = run.barrier("step_end", participants: 4)
///     let me = run.register("worker-0", role: .worker)       // on each thread
///     run.openWindow()                                       // while the others wait, or before they start
///     me.within(assign) { … }
///     stepEnd.cross(me) { barrier.wait() }
///     me.retire()
///     try run.finish()                                       // then: headway report runs/first
///
/// It writes `manifest.json` at once, the events into `trace.hwtrace` as they happen, and `accounts.json` at
/// the end. It makes no summary: `headway report` does, so that a program that is measured links no analysis
/// and an old recording profits from a newer one. Of a program that is killed the trace is left, and the
/// report is made from that.
///
/// Threads: register states and sites before the window opens, from any thread. ``openWindow()``,
/// ``closeWindow()`` and ``finish()`` are one thread's, while every other registered thread has retired or
/// waits. A ``RunThread`` belongs to the thread that registered it.
public final class EngineRun: Sendable {
  /// Bytes of events that are kept unless the caller says otherwise.
  public static let defaultTraceBytes = 256 << 20

  /// Where the run is recorded.
  public let directory: RunDirectory
  let probe: RecordingProbe
  /// Takes the states and the steps of a run that experiments instead of recording.
  private let experiments: RunExperiments?
  private let live: LiveFile?
  // Only touched by the thread that opens and closes the window, as its type demands.
  private let memorySampler: MemorySampler<RecordingProbe>?
  private let stackSampler: StackSampler?
  private let watchdog: Watchdog?
  private let progress = Mutex(Progress())
  private let isOver = Atomic<Bool>(false)

  private struct Progress {
    var program: [String: String]
    var startedAt: String
    var steps: [Nanoseconds] = []
    var window = Window.unopened
    var warnings: [String] = []
    var memory: MemorySamples?
    /// As they were when the recording began; its activity is filled in at the end.
    var surroundings = Surroundings.read()
    let before = SystemActivity.read()

    init() {
      program = [:]
      startedAt = Date.now.formatted(.iso8601)
    }
  }

  private enum Window {
    case unopened, open, closed
  }

  /// Starts a recording.
  ///
  /// - Parameters:
  ///   - path: A directory that does not exist yet or is empty.
  ///   - program: What the run is, by names of the caller's: they stand in the report's header.
  ///   - traceBytes: Bytes of events after which further ones are only counted; 0 records none, and a run
  ///     that is killed then leaves nothing to report on.
  ///   - samplesMemory: Whether a thread of the tool's own reads the process's memory ten times a second while
  ///     the window is open.
  ///   - counters: Whether to count the kernel's performance events for every thread that registers.
  ///   - operations: Whether to time the operations that threads say to have ended.
  ///   - stackSamplingHz: Samples of each registered thread's stack in a second, up to 4000; 0 samples none. The
  ///     timers' signals make system calls of the program that are not restarted return early, see signal(7).
  ///   - stackSamplingMode: What the sampler's timers count.
  ///   - watchdogSeconds: How long nothing may be completed in the window before that is recorded as a stall, with
  ///     what every thread was doing; 0 watches nothing. The program goes on.
  /// - Throws: ``InputError`` when the directory cannot be made or written, or a thread of the tool's own cannot be
  ///   started.
  public init(
    recordingInto path: String, program: [String: String] = [:], traceBytes: Int = defaultTraceBytes,
    samplesMemory: Bool = true, counters: Bool = false, operations: Bool = false, stackSamplingHz: Int = 0,
    stackSamplingMode: StackSamplingMode = .cpu, watchdogSeconds: Int = 0
  ) throws(InputError) {
    stackSampler =
      stackSamplingHz == 0
      ? nil : try StackSampler(.init(mode: stackSamplingMode, frequencyHz: stackSamplingHz))
    let directory = try RunDirectory(creating: path)
    self.directory = directory
    experiments = nil
    var refusal: InputError?
    do throws(InputError) {
      let file = try LiveFile(path: directory.livePath)
      try file.startCopying()
      live = file
    } catch {
      live = nil
      refusal = error
    }
    probe = try RecordingProbe(
      level: traceBytes > 0 ? .events : .counters, traceURL: traceBytes > 0 ? directory.tracePath : nil,
      budgetBytes: traceBytes, stacks: stackSampler, counters: counters, operations: operations, live: live)
    memorySampler = samplesMemory ? MemorySampler(probe: probe) : nil
    let stacks = ThreadStacks()
    watchdog =
      watchdogSeconds > 0
      ? Watchdog(
        over: probe, period: Nanoseconds(Int64(min(watchdogSeconds, 1_000_000_000)) * 1_000_000_000),
        stacks: { stacks.frames(of: $0) },
        // A stall that cannot be written stands in the accounts, if the program comes to their end.
        onStall: { stall in _ = try? directory.write(stall) }) : nil
    progress.withLock { $0.program = program }
    if let refusal { warn(LiveFile.warning(of: "\(refusal)")) }
    try writeManifest()
    try stackSampler?.start(probe: probe)
    try watchdog?.start()
  }

  /// Starts a run that experiments instead of recording: what would a faster region bring (method 12)? The engine
  /// stays as it is; `causal.json` is all that is written of it, and `headway report` reads it.
  ///
  /// A *region* is a state by its name. In each experiment one of them is treated for some steps as if it took less
  /// time, by making the other threads wait. The engine's own waits must be barriers, wait sites or locks of this run
  /// or states of the category `blocked`, and one thread notes the steps with ``RunThread/step(_:_:)``.
  ///
  /// - Parameters:
  ///   - path: A directory that does not exist yet or is empty.
  ///   - program: As of a recording.
  ///   - plan: The experiments and how long each is.
  /// - Throws: ``InputError`` when the directory cannot be made or written, or the plan is empty.
  public init(
    experimentingInto path: String, program: [String: String] = [:], plan: RunExperiments.Plan
  ) throws(InputError) {
    experiments = try RunExperiments(plan)
    directory = try RunDirectory(creating: path)
    probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    live = nil
    memorySampler = nil
    stackSampler = nil
    watchdog = nil
    progress.withLock { $0.program = program }
    try writeManifest()
  }

  /// Adds a fact to what the run is; the later one of a name counts.
  ///
  /// - Throws: ``InputError`` when the manifest cannot be written.
  public func describe(_ name: String, as value: String) throws(InputError) {
    progress.withLock { $0.program[name] = value }
    try writeManifest()
  }

  /// Registers a state of threads; the same name gives the same state.
  public func state(_ name: String, category: StateCategory = .useful) -> StateID {
    state(StateDefinition(name: name, category: category))
  }

  func state(_ definition: StateDefinition) -> StateID {
    experiments?.probe.state(definition) ?? probe.state(definition)
  }

  /// Registers an operation, a short part of a state, before the window opens; the same name gives the same one.
  /// Without `operations` its ends are not noted.
  public func operation(_ name: String) -> OperationID { probe.operation(name) }

  /// Registers the calling thread. A name that was retired is taken up again.
  public func register(_ name: String, role: ThreadRole = .worker) -> RunThread {
    RunThread(
      probe.register(name: name, role: role), experiment: experiments?.probe.register(name: name, role: role),
      of: self)
  }

  /// Opens the measured window: what lies before it is in no figure. Does nothing when it has been opened.
  public func openWindow() {
    let isFirst = progress.withLock { progress in
      defer { if progress.window == .unopened { progress.window = .open } }
      return progress.window == .unopened
    }
    // Experiments are their own window.
    guard isFirst, experiments == nil else { return }
    if memorySampler == nil { shareBooks() }
    probe.openWindow()
    do throws(InputError) { try memorySampler?.start() } catch { warn("no memory was sampled: \(error)") }
  }

  /// Closes the measured window. Does nothing unless it is open.
  public func closeWindow() {
    let isOpen = progress.withLock { progress in
      defer { if progress.window == .open { progress.window = .closed } }
      return progress.window == .open
    }
    guard isOpen, experiments == nil else { return }
    let samples = memorySampler?.stop()
    if memorySampler == nil { live?.leaveBooks() }
    progress.withLock { $0.memory = samples }
    probe.closeWindow()
  }

  /// Brings what others see of the run up to date now instead of within a tenth of a second. It may wait for the disk.
  public func showStatus() { live?.copy() }

  /// Lets the thread that copies the status stand in the books: there is no sampler that would do it in passing.
  private func shareBooks() {
    do throws(InputError) { try live?.startCopying(in: probe) } catch { warn("\(error)") }
  }

  /// Whether the recording has ended.
  public var isFinished: Bool { isOver.load(ordering: .relaxed) }

  /// Ends the recording: closes the window if it is open, ends the trace and writes the accounts. What is
  /// recorded afterwards is lost; a second call does nothing.
  ///
  /// - Throws: ``InputError`` when a file cannot be written.
  public func finish() throws(InputError) {
    // Relaxed: it decides who finishes and publishes nothing.
    if isOver.exchange(true, ordering: .relaxed) { return }
    closeWindow()
    if let experiments { return try finish(experiments) }
    // First, because the accounts are read from the rows, and the tool's own threads have then retired.
    let stalls = watchdog?.stop()
    let profile = stackSampler?.stop(states: probe.stateNames, window: probe.windowTicks)
    var accounts = probe.accounts()
    let (steps, warnings, samples) = progress.withLock { ($0.steps, $0.warnings, $0.memory) }
    accounts.warnings += warnings + (profile?.warnings ?? [])
    if let trouble = live?.trouble { accounts.warnings.append(LiveFile.warning(of: trouble)) }
    try probe.finish()
    if let profile { try directory.write(profile) }
    try directory.write(
      RecordedAccounts(
        accounts: accounts, stepsNs: steps,
        memory: MemorySummary(
          peakRssBytes: peakResidentBytes(),
          components: probe.level == .events ? ["trace": probe.traceBytes] : [:], samples: samples),
        stalls: stalls))
    progress.withLock { $0.surroundings.note(activityFrom: $0.before, to: SystemActivity.read()) }
    try writeManifest()
    live?.finish()
  }

  private func finish(_ experiments: RunExperiments) throws(InputError) {
    let (program, warnings) = progress.withLock { ($0.program, $0.warnings) }
    try probe.finish()
    try directory.write(experiments.record(program: program, warnings: warnings))
    progress.withLock { $0.surroundings.note(activityFrom: $0.before, to: SystemActivity.read()) }
    try writeManifest()
  }

  func note(step length: Nanoseconds) { progress.withLock { $0.steps.append(length) } }

  func warn(_ sentence: String) {
    progress.withLock { progress in
      if !progress.warnings.contains(sentence) { progress.warnings.append(sentence) }
    }
  }

  private func writeManifest() throws(InputError) {
    let (program, startedAt, surroundings) = progress.withLock {
      ($0.program, $0.startedAt, $0.surroundings)
    }
    try directory.write(
      Manifest(
        configuration: nil, command: CommandLine.arguments, startedAt: startedAt,
        toolVersion: Manifest.currentToolVersion, gitCommit: GitCheckout.commit(),
        binaryHash: try? ContentHash(ofFiles: ["/proc/self/exe"]).hexadecimal, corpusHash: nil,
        machine: MachineFacts.read(), environment: performanceEnvironment(), program: program,
        surroundings: surroundings))
  }
}
