/// What an enter or a leave takes a thread, in ticks: much more where it asks the CPU clock.
struct TransitionCost {
  let askedTicks: UInt64
  let plainTicks: UInt64

  /// The mean of some transitions, of which so many asked the CPU clock.
  func mean(of transitions: UInt64, asked: UInt64) -> UInt64 {
    guard transitions > 0 else { return askedTicks }
    let asked = min(asked, transitions)
    return (asked * askedTicks + (transitions - asked) * plainTicks) / transitions
  }
}

extension Registry {
  /// The mean over all threads' transitions so far.
  func mean(_ cost: TransitionCost) -> UInt64 {
    var (transitions, asked) = (UInt64(0), UInt64(0))
    for entry in entries {
      transitions &+= entry.row.pointee.timer.transitions
      asked &+= entry.row.pointee.clockReadings
    }
    return cost.mean(of: transitions, asked: asked)
  }
}
