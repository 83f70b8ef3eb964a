import Foundation

/// A share as a person reads it: `0.4 %`, `12 %`.
func percent(_ share: Double) -> String {
  guard share.isFinite else { return "an unknown share" }
  let value = share * 100
  return abs(value) < 9.95 ? String(format: "%.1f %%", value) : String(format: "%.0f %%", value)
}

/// A ratio as a person reads it: `1.08×`.
func times(_ ratio: Double) -> String {
  ratio.isFinite ? String(format: "%.2f×", ratio) : "an unknown ratio"
}

/// A number of CPUs, which may be fractional under a quota.
func cpuCount(_ count: Double) -> String {
  let number = count == count.rounded() ? String(format: "%.0f", count) : String(format: "%.1f", count)
  return number + (count == 1 ? " CPU" : " CPUs")
}

/// A length of time as a person reads it: `12 ms`, `41 s`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "an unknown time" }
  return seconds < 1
    ? String(format: "%.0f ms", seconds * 1_000)
    : String(format: seconds < 9.95 ? "%.1f s" : "%.0f s", seconds)
}

/// Words joined by commas and a final "and".
func list(_ words: [String]) -> String {
  guard let last = words.last else { return "" }
  return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
}

/// `The worker`, `The 4 workers`.
func team(_ count: Int) -> String { count == 1 ? "The worker" : "The \(count) workers" }
