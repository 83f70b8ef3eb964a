import HeadwayTrace

/// A window of a trace as the explainers read it: what each thread was doing at every instant, and what each of
/// its waits was for.
///
///     let timeline = try Timeline(trace, steps: 10...20)
///     for interval in timeline.threads[0].intervals { … }  // They tile begin ..< end.
///
/// The tool's own threads (role `sampler`) are left out, as in the books. The *team* are the threads whose idle
/// time is a loss: the workers, or all threads where nobody is called a worker. The main thread's wait for its
/// workers is none: it has nothing else to do.
///
/// A pure value: it keeps no reference to the trace. Its memory is proportional to the trace's spans.
package struct Timeline: Sendable {
  /// Where the window begins.
  package let begin: Instant
  /// Where it ends; not part of it.
  package let end: Instant
  /// What a thread can be doing; the trace's states and three more.
  package let contexts: [TimelineContext]
  /// The trace's waiting sites.
  package let sites: [SiteDefinition]
  /// The program's threads.
  package let threads: [TimelineThread]
  /// The crossings that reach into the window, put together by episode, in the order of their opening.
  package let episodes: [BarrierEpisode]
  /// The steps that begin and end in the window, in their order.
  package let steps: [StepMark]
  /// Whether the spans carry CPU times. Without them working time is wall time, which a warning says.
  package let hasCPUTimes: Bool

  /// The window's length.
  package var wallNs: Nanoseconds { end - begin }

  /// Assembles a timeline from its parts; ``init(_:steps:file:)`` makes them.
  init(
    begin: Instant, end: Instant, contexts: [TimelineContext], sites: [SiteDefinition],
    threads: [TimelineThread], episodes: [BarrierEpisode], steps: [StepMark], hasCPUTimes: Bool
  ) {
    self.begin = begin
    self.end = end
    self.contexts = contexts
    self.sites = sites
    self.threads = threads
    self.episodes = episodes
    self.steps = steps
    self.hasCPUTimes = hasCPUTimes
  }

  /// The positions of the team's threads.
  package var team: [Int] { threads.indices.filter { threads[$0].isTeam } }
}

/// Something that a thread can be doing: a state of the trace, or one of the three that follow them.
package struct TimelineContext: Equatable, Sendable {
  /// Its name, its category and, for a wait, its site.
  package var definition: StateDefinition
  /// Whether waits lie directly inside it: the thread then hands out work and collects it, and what it works
  /// on by itself lies in other contexts.
  package var enclosesWaits = false

  /// A registered thread in no state.
  static let unattributed = StateDefinition(name: ThreadAccounts.unattributedState, category: .unknown)
  /// A thread before its first registration.
  static let notStarted = StateDefinition(name: "not started", category: .lifecycle)
  /// A thread after its end, or between two of its lives.
  static let exited = StateDefinition(name: "exited", category: .lifecycle)

  /// Its name.
  package var name: String { definition.name }
  /// Whether a thread in it works.
  package var isUseful: Bool { definition.category == .useful }
  /// Whether a thread in it waits, asleep or polling.
  package var isWaiting: Bool { definition.category == .blocked || definition.category == .spin }
  /// Whether it is work and not the handing out of it.
  var isWork: Bool { isUseful && !enclosesWaits }
}

/// One thread of a timeline.
package struct TimelineThread: Sendable {
  /// The row's name.
  package var name: String
  /// What the thread is for.
  package var role: ThreadRole
  /// Whether its idle time counts as loss.
  package var isTeam: Bool
  /// What it was doing: intervals that tile the window, in order, none empty.
  package var intervals: [StateInterval]
  /// Its waits in the window, in order and apart from each other.
  package var waits: [TimelineWait]
  /// Its completed tasks, by time.
  package var completions: [Instant]
}

/// A stretch of one thread in one context.
package struct StateInterval: Equatable, Sendable {
  /// The position in ``Timeline/contexts``.
  package var context: Int
  /// The beginning.
  package var start: Instant
  /// The end, not part of it.
  package var end: Instant
  /// How long the thread was on a CPU, by its span's CPU time; never more than the interval.
  package var onCpuNs: Nanoseconds

  /// The interval's length.
  package var wallNs: Nanoseconds { end - start }
}

/// A wait of one thread, cut to the window.
package struct TimelineWait: Equatable, Sendable {
  /// What the thread waited for.
  package enum Cause: Equatable, Sendable {
    /// The last arriver of an episode: the position in ``Timeline/episodes``, and the thread's own one among
    /// its participants.
    case barrier(episode: Int, participant: Int)
    /// Something at a site that is no barrier, or at one that did not open in the window.
    case site(Int)
    /// A waiting state of which the trace has no record of its own.
    case unrecorded
    /// Its own creation: the thread did not exist yet.
    case creation
  }

  /// What was waited for.
  package var cause: Cause
  /// The beginning.
  package var start: Instant
  /// The end, not part of it.
  package var end: Instant
  /// When what was waited for had happened: the barrier's opening, or the blocker's act as far as it can be
  /// told. From there to the end the thread was waking up.
  package var opened: Instant
  /// The thread that was waited for; absent where nothing shows it, and for the last arriver itself.
  package var blocker: Int?
}

/// One crossing of one barrier by all its participants (method 3).
package struct BarrierEpisode: Equatable, Sendable {
  /// One participant's crossing.
  package struct Participant: Equatable, Sendable {
    /// The thread's position in ``Timeline/threads``.
    package var thread: Int
    /// When it came.
    package var arrival: Instant
    /// When it went on.
    package var departure: Instant
    /// When it last went through a barrier before: the opening of that episode, or the window's beginning.
    package var previousRelease: Instant
    /// When it went on from there.
    package var previousDeparture: Instant
  }

  /// The barrier's site.
  package var site: Int
  /// The barrier's generation.
  package var generation: UInt32
  /// When it opened.
  package var release: Instant
  /// The last arriver, as a position in ``participants``; absent where its crossing is not in the trace.
  package var last: Int?
  /// Everybody whose crossing is in the trace, by arrival.
  package var participants: [Participant]
}
