import Foundation
import Synchronization

/// Ends a system test early: the child that runs is interrupted, the parts after it are left out, and what was
/// measured is reported.
final class SystemTestInterruption: Sendable {
  // Relaxed: nothing else is published with either; the child's number is only ever a target for a signal.
  private let requested = Atomic<Bool>(false)
  private let child = Atomic<Int32>(0)

  /// Whether the person asked to stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// The child that runs now; 0 for none.
  func watch(_ process: Int32) { child.store(process, ordering: .relaxed) }

  /// Starts listening; stop the source to end it.
  func listen() -> InterruptionSource {
    InterruptionSource { [self] in
      requested.store(true, ordering: .relaxed)
      let process = child.load(ordering: .relaxed)
      // A child of our own group has had the terminal's signal already, and ends at once at a second one.
      if process > 0, getpgid(process) != getpgrp() { kill(process, SIGINT) }
    }
  }
}
