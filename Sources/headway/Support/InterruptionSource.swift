import Dispatch
import Foundation

/// Calls a closure, outside any signal handler, at the first SIGINT or SIGTERM; the second one ends the
/// process as it would without Headway.
final class InterruptionSource {
  private var sources: [any DispatchSourceSignal] = []

  init(_ action: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "headway.interruption")
    StopSignals.unblock()
    for number in StopSignals.all {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        signal(number, SIG_DFL)
        action()
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Gives the signals back.
  func stop() {
    for source in sources { source.cancel() }
    for number in StopSignals.all { signal(number, SIG_DFL) }
  }
}
