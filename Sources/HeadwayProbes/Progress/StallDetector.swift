import HeadwayTrace

/// Tells from look to look whether a run stands still: a pure machine.
///
/// A stall is four looks in a row that see nothing completed. Looks are counted and not time, so that a
/// process that was stopped, or a machine that slept, is not a stall: however long it took, the late look is
/// one look. With a look every quarter of the period, a stall is seen after 1 to 1¼ periods.
package struct StallDetector: Equatable, Sendable {
  /// Quiet looks that make a stall.
  package static let looksPerPeriod = 4

  /// What a look means.
  package enum Finding: Equatable, Sendable {
    /// Something was completed, or standing still would be no stall now.
    case moving
    /// The first quiet look: what the threads are doing now is what a verdict compares with.
    case firstQuiet
    /// Another quiet look.
    case quiet
    /// The run stands still.
    case stalled
    /// It still does.
    case stillStalled
    /// It had stalled, and goes on.
    case resumed
  }

  private var units: Int?
  private var quietLooks = 0

  package init() {}

  /// Takes in one look.
  package mutating func see(_ look: ProgressLook) -> Finding {
    guard look.isArmed, units == look.units else {
      let wasStalled = quietLooks >= Self.looksPerPeriod
      // What came before an unarmed look does not count: the next armed one is compared with nothing.
      units = look.isArmed ? look.units : nil
      quietLooks = 0
      return wasStalled ? .resumed : .moving
    }
    quietLooks += 1
    if quietLooks == 1 { return .firstQuiet }
    if quietLooks < Self.looksPerPeriod { return .quiet }
    return quietLooks == Self.looksPerPeriod ? .stalled : .stillStalled
  }
}
