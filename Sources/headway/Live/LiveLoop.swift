import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// Looks at a run at regular times and shows what it sees, until the run or the person has had enough.
///
/// It sleeps in `poll` between two looks; a key, a signal or another size of the terminal wakes it.
struct LiveLoop {
  /// What a look is shown as.
  enum Form {
    /// A page on a terminal, a line elsewhere.
    case page
    /// A line of JSON.
    case json
  }

  /// Why it ended.
  enum End {
    /// A key, or as many refreshes as were asked for; or nobody reads any more.
    case quit
    /// A signal.
    case interrupted
    /// The run ended in good order.
    case ended
  }

  var run: RunDirectory
  var interval: Duration
  var count: Int?
  var form: Form
  /// Whether a run that is not there yet is waited for.
  var awaitsBeginning: Bool

  /// The first look has nothing to compare with: the second follows soon.
  private static let firstInterval = Duration.milliseconds(250)
  /// How long to wait for a copy that has not come.
  private static let copyInterval = Duration.milliseconds(100)

  /// Follows the run.
  ///
  /// - Throws: ``InputError`` in words where there is no run to watch, or it was killed.
  func follow() throws -> End {
    let watch = LiveWatch(path: run.livePath)
    let steps = try? run.manifest().configuration?.steps
    let signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGWINCH])
    // A run that cannot be watched is said so on a plain terminal.
    if !awaitsBeginning { try requireRunning(try watch.look()) }
    let screen = form == .page && LiveScreen.isPossible ? LiveScreen() : nil
    defer { screen?.restore() }
    var earlier: LiveSample?
    var view: LiveView?
    var shown = 0
    var due = ContinuousClock.now
    while true {
      switch try watch.look() {
      case .running(let sample) where earlier?.snapshot.isSameCopy(as: sample.snapshot) == true:
        // Nothing new: the run copies its status ten times a second.
        due = due + min(interval, Self.copyInterval)
      case .running(let sample):
        let latest = LiveView(from: earlier, to: sample, steps: steps)
        if screen != nil || earlier != nil {
          guard try show(latest, on: screen) else { return .quit }
          shown += 1
        }
        view = latest
        due = due + (earlier == nil ? min(interval, Self.firstInterval) : interval)
        earlier = sample
      case .absent where awaitsBeginning && earlier == nil && !hasEnded: due = due + Self.firstInterval
      case .absent, .ended: return .ended
      // One that the watchdog ended has left a summary.
      case .killed where hasEnded: return .ended
      case .killed: throw killed
      }
      if let count, shown >= count { return .quit }
      // A machine that slept or was busy is not caught up with.
      due = max(due, ContinuousClock.now)
      while let event = signals.wait(until: due, keys: screen?.keyboard) {
        switch event {
        case .key(let key) where key == UInt8(ascii: "q") || key == UInt8(ascii: "Q"): return .quit
        case .key: break
        case .keysEnded: screen?.forgetKeyboard()
        case .signal(SIGWINCH): if let view { guard try show(view, on: screen) else { return .quit } }
        case .signal: return .interrupted
        }
      }
    }
  }

  /// Shows a view; `false` when nobody reads any more.
  private func show(_ view: LiveView, on screen: LiveScreen?) throws -> Bool {
    if let screen {
      let size = screen.size
      return screen.draw(
        LivePage.lines(
          view, footer: "q quits; \(run.path)", width: size.columns, height: size.rows,
          color: Terminal.colours))
    }
    switch form {
    case .page: return Terminal.reaches(LiveWords.line(view) + "\n")
    case .json: return Terminal.reaches(String(decoding: try HeadwayJSON.line(view), as: UTF8.self) + "\n")
    }
  }

  private var hasEnded: Bool {
    [run.summaryPath, run.accountsPath].contains { FileManager.default.fileExists(atPath: $0) }
  }

  /// Refuses a run that does not go on, and says why.
  private func requireRunning(_ sight: LiveWatch.Sight) throws(InputError) {
    let report = "headway report \(run.path) shows what it recorded"
    switch sight {
    case .running: return
    case .ended:
      throw InputError(run.path, problem: "the run has ended", remedy: report)
    case .killed:
      // One that the watchdog ended has left a summary.
      if hasEnded { throw InputError(run.path, problem: "the run has ended", remedy: report) }
      throw killed
    case .absent:
      if hasEnded { throw InputError(run.path, problem: "the run has ended", remedy: report) }
      if SweepDirectory.exists(at: run.path) {
        throw InputError(
          run.path, problem: "this is a sweep, and one run can be watched",
          remedy: "name a directory below \(run.path)/runs", isUsage: true)
      }
      throw InputError(
        run.path, problem: "no run that goes on is recorded here",
        remedy: "name a run's directory while it trains; \(report)")
    }
  }

  private var killed: InputError {
    InputError(
      run.path, problem: "the run was killed: its process is gone, and left no summary",
      remedy: "headway report \(run.path) shows what it recorded until then")
  }
}
