import HeadwayTrace

// A wait is measured twice: by the times of its arrival and departure, which the synchronisation itself
// notes, and by the timers of the states that its thread is in meanwhile. The two must agree.
extension RunAnalysis {
  /// Largest disagreement between the two readings of a site's waits that passes without a warning.
  static let waitTolerance = 0.01

  /// Sites at which the waits noted in the window and the wall time booked in the site's states disagree.
  ///
  /// The times of a wait are read inside its state, so a state is longer by the price of a transition and,
  /// where a thread first polled and then slept, by another one; where the thread lost its CPU between the
  /// end of the wait and that of the state, by that, which the probe measures. This is allowed for; so is
  /// the clocks' accuracy, ``clockFloor`` of the window. A site without states, or whose waits were not kept,
  /// is not judged.
  static func waitWarnings(of accounts: RunAccounts) -> [String] {
    let cost = Double(accounts.transitionCostNs?.count ?? 0)
    var sites: [String: (noted: Double, booked: Double, entries: Double, leaving: Double)] = [:]
    var unknown: Set<String> = []
    for thread in accounts.threads {
      for (site, account) in thread.barriers { note(site, account.windowWaitNs, account.leavingNs) }
      for (site, account) in thread.waits { note(site, account.windowWaitNs, account.leavingNs) }
      for state in thread.states.values {
        guard let site = state.definition.site else { continue }
        sites[site, default: (0, 0, 0, 0)].booked += Double(state.wallNs.count)
        sites[site, default: (0, 0, 0, 0)].entries += Double(state.count)
      }
    }
    func note(_ site: String, _ wait: Nanoseconds?, _ leaving: Nanoseconds?) {
      guard let wait else {
        unknown.insert(site)
        return
      }
      sites[site, default: (0, 0, 0, 0)].noted += Double(wait.count)
      sites[site, default: (0, 0, 0, 0)].leaving += Double(leaving?.count ?? 0)
    }
    return sites.sorted { $0.key < $1.key }.compactMap { site, time in
      guard time.entries > 0, !unknown.contains(site) else { return nil }
      let slack = 2 * cost * time.entries + time.leaving + clockFloor * Double(accounts.windowNs.count)
      let gap = (time.noted - time.booked).magnitude
      guard gap - slack > waitTolerance * max(time.noted, time.booked) else { return nil }
      return
        "the waits noted at \(site) (\(Nanoseconds(Int64(time.noted)).seconds.formatted) s) and the time booked"
        + " in its states (\(Nanoseconds(Int64(time.booked)).seconds.formatted) s) disagree by"
        + " \(percent(gap / max(time.noted, time.booked)))"
    }
  }
}

extension Double {
  /// To the microsecond, without more digits than that.
  fileprivate var formatted: String {
    let micros = Int64((self * 1e6).rounded())
    let digits = String(micros % 1_000_000)
    return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
