import Foundation

/// Shows how far a long piece of work has come: a bar with the time left on a terminal, a plain line
/// every 30 seconds elsewhere. Owned by the thread that does the work.
final class ProgressDisplay {
  private let label: String
  private let isQuiet: Bool
  private let started = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private var hasOpenLine = false

  init(_ label: String, isQuiet: Bool = false) {
    self.label = label
    self.isQuiet = isQuiet
  }

  /// Draws the state, at most ten times a second on a terminal.
  ///
  /// - Parameters:
  ///   - fraction: How much is done, 0 … 1.
  ///   - detail: What a person wants to know now: the step, the loss, the speed.
  ///   - remaining: Seconds left where the caller knows better than linear extrapolation.
  func update(_ fraction: Double, detail: @autoclosure () -> String, remaining: Double? = nil) {
    if isQuiet { return }
    let now = ContinuousClock.now
    let redraws = Terminal.redraws
    let interval: Duration = redraws ? .milliseconds(100) : .seconds(30)
    if let lastDrawn, now - lastDrawn < interval, fraction < 1 || !redraws { return }
    if lastDrawn == nil, !redraws {
      lastDrawn = now
      return
    }
    lastDrawn = now
    let share = min(max(fraction, 0), 1)
    let elapsed = Self.seconds(now - started)
    let left = remaining ?? (share > 0 ? elapsed * (1 - share) / share : nil)
    let time = left.map { "ETA " + Self.clock($0) } ?? "ETA --:--"
    let percent = "\(Int(share * 100))%"
    if redraws {
      let text = "\(label) \(Self.bar(share, width: 24)) \(percent)  \(detail())  \(time)"
      let width = max(20, Terminal.columns(of: STDERR_FILENO) - 1)
      Terminal.complainPartially("\r\u{1B}[2K" + text.prefix(width))
      hasOpenLine = true
    } else {
      Terminal.complain("\(label): \(percent), \(detail()), \(time)")
    }
  }

  /// Prints a line above the bar.
  func note(_ text: String) {
    if isQuiet { return }
    clear()
    Terminal.complain(text)
  }

  /// Removes the bar.
  func clear() {
    if hasOpenLine { Terminal.complainPartially("\r\u{1B}[2K") }
    hasOpenLine = false
  }

  /// `1:05` or `2:03:04`.
  static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "--:--" }
    let whole = Int(seconds.rounded(.up))
    let tail = String(format: "%02d", whole % 60)
    return whole < 3600
      ? "\(whole / 60):\(tail)" : "\(whole / 3600):\(String(format: "%02d", whole / 60 % 60)):\(tail)"
  }

  static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int(share * Double(width * 8))
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let full = String(repeating: "█", count: eighths / 8) + partial
    return "│" + full + String(repeating: " ", count: width - full.count) + "│"
  }
}
