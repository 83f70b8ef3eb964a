import HeadwayProbes
import HeadwayTrace

/// A place where threads wait, as registered with the run's probe: the site, and the states of a thread
/// that sleeps there or polls there.
public struct WaitSite: Hashable, Sendable {
  /// The site's number.
  public let site: SiteID
  /// The state of a thread asleep at the site: `barrier.work_end`.
  public let blocked: StateID
  /// The state of a thread that polls: the same name with `.spin` behind it. Equals ``blocked`` at a site
  /// where nobody polls.
  public let spinning: StateID
  /// Whether threads may poll here. A thread that waits here sleeps at once when not, however the others
  /// that it meets wait.
  public let polls: Bool
  /// Which of the barriers that share the site this is, and how many there are.
  @usableFromInline let part: UInt32
  @usableFromInline let parts: UInt32

  /// Registers the site and its states.
  ///
  /// - Parameters:
  ///   - name: The site's name, `work_end`.
  ///   - kind: What is waited for.
  ///   - state: The name of the blocked state, `barrier.work_end`.
  ///   - polls: Whether threads may poll there; otherwise no `.spin` state is registered.
  ///   - probe: The run's probe, before its window opens.
  public init(_ name: String, kind: SiteKind, state: String, polls: Bool, probe: some Probe) {
    self.polls = polls
    (part, parts) = (0, 1)
    site = probe.site(SiteDefinition(name: name, kind: kind))
    blocked = probe.state(StateDefinition(name: state, category: .blocked, site: name))
    spinning =
      polls
      ? probe.state(StateDefinition(name: state + ".spin", category: .spin, site: name)) : blocked
  }

  /// Registers a barrier's site: `NAME` with the states `barrier.NAME` and `barrier.NAME.spin`.
  public static func barrier(_ name: String, polls: Bool, probe: some Probe) -> WaitSite {
    WaitSite(name, kind: .barrier, state: "barrier." + name, polls: polls, probe: probe)
  }

  /// The same site for one of several barriers that share it.
  func part(_ part: Int, of parts: Int) -> WaitSite {
    WaitSite(self, part: UInt32(part), parts: UInt32(parts))
  }

  private init(_ whole: WaitSite, part: UInt32, parts: UInt32) {
    (site, blocked, spinning, polls) = (whole.site, whole.blocked, whole.spinning, whole.polls)
    (self.part, self.parts) = (part, parts)
  }

  /// The number of an episode among all episodes of the site: those of the barriers that share it take
  /// turns, so that no two have one number (until it wraps at 2³²).
  @inlinable func episode(_ generation: UInt32) -> UInt32 { generation &* parts &+ part }
}
