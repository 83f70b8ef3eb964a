import Foundation
import HeadwayProbes
import HeadwayTrace

/// What makes measured ceilings doubtful.
enum CeilingWarnings {
  /// A share of the CPUs' time above which others disturbed.
  static let disturbingShare = 0.02

  static func list(
    machine: MachineFacts, threads: [Int], caches: CacheSizes, shares: ActivityShares?
  ) -> [String] {
    var warnings: [String] = []
    func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
    if let shares {
      if shares.foreignShare > disturbingShare {
        warnings.append(
          "other processes used \(percent(shares.foreignShare)) of the CPUs' time: the figures are too low")
      }
      if let steal = shares.stealShare, steal > disturbingShare {
        warnings.append("the host took \(percent(steal)) of the CPUs' time: the figures are too low")
      }
      if let throttled = shares.throttledPeriods, throttled > 0 {
        warnings.append("the CPU quota stopped this process \(throttled) times: the figures are too low")
      }
    } else {
      warnings.append("what else used the CPUs is unknown: /proc/stat can't be read")
    }
    for count in threads where Double(count) > machine.usableCpus {
      warnings.append("\(count) threads share \(fraction(machine.usableCpus)) usable CPUs")
    }
    if caches.lastLevelBytes == nil {
      warnings.append("the size of the caches is unknown: the memory triad used 256 MiB")
    }
    return warnings
  }

  private static func fraction(_ cpus: Double) -> String {
    cpus == cpus.rounded() ? String(Int(cpus)) : String(format: "%.2f", cpus)
  }
}
