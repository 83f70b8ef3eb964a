import Foundation
import Synchronization

/// The signals with which a person, or a system that shuts down, ends a command.
enum StopSignals {
  static let all = [SIGINT, SIGTERM]

  /// Receives them even where the parent process started this one with them blocked. Call before any
  /// thread is started, which inherits the mask.
  static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in all { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

/// Turns the first SIGINT or SIGTERM into a flag that long work reads; the second one ends the process.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// Whether the person asked to stop. Relaxed: nothing else is published with it.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Starts listening. Call once, before long work.
  static func listen() {
    // Touched here so that the lazy initialisation of the static does not run inside the handler.
    flag.store(false, ordering: .relaxed)
    StopSignals.unblock()
    for number in StopSignals.all {
      signal(number) { received in
        // Async-signal-safe: one atomic store, and the default action for the next signal.
        Interruption.flag.store(true, ordering: .relaxed)
        signal(received, SIG_DFL)
      }
    }
  }
}
