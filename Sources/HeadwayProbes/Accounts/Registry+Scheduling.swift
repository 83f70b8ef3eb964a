import CHeadwayLinux
import HeadwayTrace

// Scheduler statistics about the window.
//
// The thread that opens and closes the window reads the statistics of every registered thread just before
// the begin and just after the end, while those threads wait; a thread that comes later or goes earlier is
// read when it does. So they cover the window, plus at most the time that the reading itself took, which
// is kept as the slack.
extension Registry {
  /// Reads every active thread's statistics before the window opens.
  mutating func openScheduling() {
    isWindowOpen = true
    let start = headway_ticks()
    for index in entries.indices where entries[index].isActive { openScheduling(index) }
    let slack = headway_ticks() - start
    for index in entries.indices where entries[index].isActive {
      entries[index].schedulingSlackTicks += slack
    }
  }

  /// Reads every active thread's statistics after the window has closed.
  mutating func closeScheduling(at end: UInt64) {
    guard isWindowOpen else { return }
    for index in entries.indices where entries[index].isActive { closeScheduling(index, at: end) }
    isWindowOpen = false
  }

  /// Begins to count for one thread.
  mutating func openScheduling(_ index: Int) {
    entries[index].schedulingBase = SchedulingReading.read(entries[index].threadID)
    if entries[index].schedulingBase == nil {
      entries[index].schedulingIsKnown = false
      readingsFailed += 1
    }
  }

  /// Adds what has been counted for one thread, whose books end at `ticks`, and stops.
  mutating func closeScheduling(_ index: Int, at ticks: UInt64) {
    guard let base = entries[index].schedulingBase else { return }
    entries[index].schedulingBase = nil
    guard let now = SchedulingReading.read(entries[index].threadID) else {
      entries[index].schedulingIsKnown = false
      readingsFailed += 1
      return
    }
    entries[index].scheduled.onCpuNs += now.onCpuNs - min(now.onCpuNs, base.onCpuNs)
    entries[index].scheduled.runDelayNs += now.runDelayNs - min(now.runDelayNs, base.runDelayNs)
    let end = headway_ticks()
    entries[index].schedulingSlackTicks += end - min(ticks, end)
  }
}

// Counters about the window, likewise: read by the thread that opens and closes it.
extension Registry {
  /// Lets every active thread's counters count.
  mutating func openCounters() {
    for index in entries.indices { entries[index].counters.begin() }
  }

  /// Adds up every active thread's counters, and closes them.
  mutating func closeCounters() {
    for index in entries.indices { entries[index].counters.giveBack(isCounting: true)?.close() }
  }
}
