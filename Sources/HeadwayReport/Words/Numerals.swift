import Foundation
import HeadwayTrace

/// Numbers as the reports print them. What is absent or no number is a dash, never a zero and never `nan`.
enum Numerals {
  /// What stands for a value that is not there.
  static let absent = "–"

  /// A whole number with thousands separators: `12,345`.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number rounded to significant digits: `12,300`, `98.7`.
  static func rounded(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return absent }
    guard value != 0 else { return "0" }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    let decimals = digits - 1 - exponent
    if decimals > 0 { return String(format: "%.\(min(decimals, 6))f", value) }
    let unit = pow(10, Double(-decimals))
    return count(Int((value / unit).rounded() * unit))
  }

  /// A fixed number of decimals.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", value) : absent
  }

  /// A share: `0.4 %`, `12 %`.
  static func share(_ value: Double?) -> String {
    guard let value, value.isFinite else { return absent }
    let percent = value * 100
    if percent == 0 { return "0 %" }
    if percent.magnitude < 0.05 { return "<0.1 %" }
    return fixed(percent, percent.magnitude < 9.95 ? 1 : 0) + " %"
  }

  /// A ratio: `1.82×`.
  static func ratio(_ value: Double?) -> String {
    guard let value, value.isFinite else { return absent }
    return fixed(value, 2) + "×"
  }

  /// A number per second: `12,300`, `0.51`.
  static func perSecond(_ value: Double?) -> String { value.map { rounded($0) } ?? absent }

  /// A throughput with as many digits as its interval carries.
  static func rate(_ estimate: Estimate?) -> String {
    guard let estimate else { return absent }
    return rounded(estimate.value, digits: rateDigits(estimate))
  }

  /// A throughput and its interval: `12,300 [12,100, 12,500]`.
  static func rateWithInterval(_ estimate: Estimate?) -> String {
    guard let estimate else { return absent }
    let digits = rateDigits(estimate)
    return interval(estimate, rounded(estimate.value, digits: digits)) { rounded($0, digits: digits) }
  }

  /// A throughput in thousands and its interval: `12.3 [12.1, 12.5]`.
  static func thousandsWithInterval(_ estimate: Estimate?) -> String {
    guard let estimate else { return absent }
    let digits = rateDigits(estimate)
    return interval(estimate, rounded(estimate.value / 1_000, digits: digits)) {
      rounded($0 / 1_000, digits: digits)
    }
  }

  /// A ratio and its interval: `1.82× [1.79, 1.85]`.
  static func ratioWithInterval(_ estimate: Estimate?) -> String {
    guard let estimate else { return absent }
    return interval(estimate, ratio(estimate.value)) { fixed($0, 2) }
  }

  /// A share and its interval: `91 % [88, 93]`.
  static func shareWithInterval(_ estimate: Estimate?) -> String {
    guard let estimate else { return absent }
    return interval(estimate, share(estimate.value)) { fixed($0 * 100, 0) }
  }

  /// A duration in the unit that suits it: `12.3 µs`, `4.56 s`, `2 min 13 s`.
  static func duration(_ interval: Nanoseconds) -> String {
    let value = Double(interval.count)
    switch value.magnitude {
    case 0: return "0 s"
    case ..<1e3: return "\(interval.count) ns"
    case ..<1e6: return rounded(value / 1e3) + " µs"
    case ..<1e9: return rounded(value / 1e6) + " ms"
    case ..<120e9: return rounded(value / 1e9) + " s"
    default:
      let seconds = Int((value / 1e9).rounded())
      return seconds < 7_200
        ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
    }
  }

  /// A number of bytes in decimal units: `83 MB`.
  static func bytes(_ count: Int?) -> String {
    guard let count else { return absent }
    let value = Double(count)
    switch value {
    case ..<1e3: return "\(count) B"
    case ..<1e6: return rounded(value / 1e3) + " kB"
    case ..<1e9: return rounded(value / 1e6) + " MB"
    default: return rounded(value / 1e9) + " GB"
    }
  }

  /// A number of CPUs, which a quota can make fractional.
  static func cpus(_ count: Double) -> String {
    guard count.isFinite else { return "an unknown number of CPUs" }
    let number = count == count.rounded() ? fixed(count, 0) : fixed(count, 1)
    return number + (count == 1 ? " CPU" : " CPUs")
  }

  /// `1 block`, `6 blocks`.
  static func plural(_ number: Int, _ noun: String) -> String {
    count(number) + " " + noun + (number == 1 ? "" : "s")
  }

  private static func rateDigits(_ estimate: Estimate) -> Int {
    guard let lower = estimate.lower, let upper = estimate.upper, estimate.value > 0 else { return 3 }
    return (upper - lower) / (2 * estimate.value) < 0.004 ? 4 : 3
  }

  private static func interval(
    _ estimate: Estimate, _ value: String, _ format: (Double) -> String
  ) -> String {
    guard let lower = estimate.lower, let upper = estimate.upper, lower.isFinite, upper.isFinite,
      value != absent
    else { return value }
    return "\(value) [\(format(lower)), \(format(upper))]"
  }
}
