import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into a flag that long work reads; the second one ends the process.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// Whether the person asked to stop. Relaxed: nothing else is published with it.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Starts listening. Call once, before long work.
  static func listen() {
    // Touched here so that the lazy initialisation of the static does not run inside the handler.
    flag.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        // Async-signal-safe: one atomic store, and the default action for the next signal.
        Interruption.flag.store(true, ordering: .relaxed)
        signal(received, SIG_DFL)
      }
    }
  }
}
