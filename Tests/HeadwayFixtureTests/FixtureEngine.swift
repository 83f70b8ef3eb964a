import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayRecording
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace

/// An engine of planted behaviour: threads with a body each, beside the main thread's.
///
/// ``record(_:)`` starts the threads, lets all begin at once when the window is open, and closes it when every
/// body has ended: whoever ends early waits for the others, so that its thread is there to the end.
struct FixtureEngine: Sendable {
  /// A thread of the engine.
  struct Member: Sendable {
    var name: String
    var role = ThreadRole.worker
    var body: @Sendable (RunThread) -> Void
  }

  var members: [Member]
  var main: @Sendable (RunThread) -> Void = { _ in }

  /// So many workers with one body.
  static func workers(_ count: Int, _ body: @escaping @Sendable (RunThread, Int) -> Void) -> [Member] {
    (0..<count).map { index in Member(name: "worker-\(index)") { body($0, index) } }
  }

  /// Runs an engine and hands back what was recorded of it, as a report reads it.
  static func record(_ prepare: (EngineRun) -> FixtureEngine) throws -> FixtureOutcome {
    let place = try TemporaryDirectory()
    let run = try EngineRun(recordingInto: place.path("run"), program: ["engine": "planted"])
    try drive(prepare(run), in: run)
    return try FixtureOutcome(of: try RunDirectory(opening: place.path("run")))
  }

  /// Runs an engine to its end.
  static func drive(_ engine: FixtureEngine, in run: EngineRun) throws {
    let (begin, finish) = (run.waitSite("begin", kind: .latch), run.waitSite("finish", kind: .latch))
    // Around all that a body does, so that no moment of it lies in no state.
    let loop = run.state("loop")
    let (go, over) = (EventGate(), EventGate())
    let stages = engine.members.map { _ in (ready: EventGate(), done: EventGate(), gone: EventGate()) }
    for (member, stage) in zip(engine.members, stages) {
      Thread.detachNewThread {
        let me = run.register(member.name, role: member.role)
        begin.wait(me) {
          stage.ready.open()
          go.wait()
        }
        me.within(loop) { member.body(me) }
        finish.wait(me) {
          stage.done.open()
          over.wait()
        }
        me.retire()
        stage.gone.open()
      }
    }
    let me = run.register("main", role: .main)
    for stage in stages { stage.ready.wait() }
    run.openWindow()
    go.open()
    engine.main(me)
    finish.wait(me) { for stage in stages { stage.done.wait() } }
    run.closeWindow()
    me.retire()
    over.open()
    for stage in stages { stage.gone.wait() }
    try run.finish()
  }
}

/// What was recorded of a planted engine, and what the analysis says of it.
struct FixtureOutcome {
  let accounts: RunAccounts
  let summary: RunSummary
  let patterns: TracePatterns

  init(of directory: RunDirectory) throws {
    let recorded = try directory.accounts()
    let manifest = try directory.manifest()
    accounts = recorded.accounts
    patterns = try TracePatterns(of: TraceFile.reader(of: directory.tracePath))
    summary = RunAnalysis.summarize(
      configuration: nil, completed: true, accounts: recorded.accounts, stepDurations: recorded.stepsNs,
      loss: nil, memory: recorded.memory, warnings: [], usableCpus: manifest.machine.usableCpus,
      program: manifest.program, patterns: patterns)
  }

  /// The causes that were found, first things first.
  var causes: [String] { summary.findings.map(\.cause) }

  /// The findings in short, for the message of a failed test.
  var findings: String {
    summary.findings.map { String(format: "%@ %.3f", $0.cause, $0.saving) }.joined(separator: ", ")
      + String(
        format: " (workers ready without a CPU %.3f, others' CPU time %.3f)", runnableShare, foreignShare)
      + (causes.contains("unknown_time") ? unknownTimes : "")
  }

  /// What is unknown of each thread, in milliseconds: in all, and in no state with the CPU time of that.
  private var unknownTimes: String {
    summary.threads.filter { $0.time(.unknown) > .zero }.map { thread in
      let noState = thread.states[ThreadAccounts.unattributedState]
      let times = [thread.time(.unknown), noState?.wallNs ?? .zero, noState?.cpuNs ?? .zero]
      return String(format: "; %@ %.2f, %.2f, %.2f", thread.name, times[0].ms, times[1].ms, times[2].ms)
    }.joined()
  }

  /// The workers, or all of the engine's threads where nobody is called so.
  private var team: [ThreadAccounts] {
    let workers = accounts.threads.filter { $0.role == .worker }
    return workers.isEmpty ? accounts.threads.filter { $0.role != .sampler } : workers
  }

  private var teamTime: Double { Double(team.count) * Double(accounts.windowNs.count) }

  /// The share of the team's time in which its threads were ready and had no CPU, by the kernel's run delay: how
  /// busy others kept the machine, without any of the analysis.
  var runnableShare: Double { team.reduce(0) { $0 + Double($1.runDelayNs?.count ?? 0) } / teamTime }

  /// What others took of the CPUs, by the kernel's accounts of these / (team · window).
  var foreignShare: Double { Double(accounts.foreign?.totalNs.count ?? 0) / teamTime }

  /// A thread's CPU time / window.
  func cpuShare(of name: String) -> Double {
    let thread = accounts.threads.first { $0.name == name }
    return Double(thread?.cpuNs.count ?? 0) / Double(accounts.windowNs.count)
  }

  /// A thread's wait at a barrier / window.
  func waitShare(of name: String, at site: String) -> Double {
    let barrier = accounts.threads.first { $0.name == name }?.barriers[site]
    return Double(barrier?.windowWaitNs?.count ?? 0) / Double(accounts.windowNs.count)
  }

  /// How the findings stand to what was planted; `nil` where nothing was.
  func verdict(_ planted: String?) -> FixtureVerdict {
    if causes.first == planted { return .named }
    // Other load on the machine is a cause of its own. It may stand first where the kernel says that the workers
    // waited for a CPU at least as long as the finding claims to save, and that others had the CPUs that long.
    guard let first = summary.findings.first, first.cause == "foreign_load", runnableShare >= 0.05,
      min(runnableShare, foreignShare) >= 0.9 * first.saving
    else { return .missed }
    // Behind it the planted cause must stand, unless the load hid most of the run; and nothing else may.
    return causes.dropFirst().first == planted || runnableShare >= 0.1 ? .busy : .missed
  }
}

extension Nanoseconds {
  fileprivate var ms: Double { Double(count) / 1e6 }
}

/// How the findings of a fixture stand to what was planted.
enum FixtureVerdict: String {
  /// The planted cause comes first.
  case named
  /// Other load on the machine comes first, and the kernel's figures prove it.
  case busy
  /// Neither.
  case missed
}
