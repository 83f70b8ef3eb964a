import HeadwayTrace

/// What a counter says of the whole time in which it could have counted.
///
/// A CPU has fewer registers than there are counters: the kernel lets them take turns and says for how long each
/// could have counted (enabled) and did (running). The count is scaled by the quotient, as perf(1) does.
package enum CountedEvents: Equatable {
  /// A count, scaled if need be.
  case counted(CounterValue)
  /// Never counted while the thread ran: not zero, unknown.
  case absent(CounterAbsence)

  /// Scales a count.
  package init(count: UInt64, enabledNs: UInt64, runningNs: UInt64) {
    if runningNs >= enabledNs {
      // Both are zero for a thread that slept all the time: then nothing happened, and that is known.
      self = .counted(CounterValue(value: Int(clamping: count)))
    } else if runningNs == 0 {
      self = .absent(
        CounterAbsence(reason: .notScheduled, detail: "other counters held the CPU's registers all the time"))
    } else {
      let share = Double(runningNs) / Double(enabledNs)
      let scaled = (Double(count) / share).rounded()
      self = .counted(CounterValue(value: Int(min(scaled, 0x1p62)), countedShare: share))
    }
  }
}
