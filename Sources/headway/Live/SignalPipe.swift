import Foundation
import HeadwayTrace
import Synchronization

/// Signals as bytes of a pipe, so that one call waits for them, for keys and for a time.
final class SignalPipe {
  /// What was waited for.
  enum Event {
    case signal(Int32)
    case key(UInt8)
    /// The keyboard is gone.
    case keysEnded
  }

  // Relaxed: set before the handlers that read it are installed.
  private static let entrance = Atomic<Int32>(-1)
  private let exit: Int32

  /// Starts to receive signals; once in a process.
  ///
  /// - Throws: ``InputError`` when the kernel refuses the pipe.
  init(_ signals: [Int32]) throws(InputError) {
    var ends: [Int32] = [-1, -1]
    let isMade = pipe(&ends) == 0
    for end in ends where isMade {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    guard isMade else {
      throw InputError(
        "signals", problem: "they cannot be received (\(String(cString: strerror(errno))))",
        remedy: "raise the limit on open files (ulimit -n)")
    }
    exit = ends[0]
    Self.entrance.store(ends[1], ordering: .relaxed)
    StopSignals.unblock()
    for number in signals {
      signal(number) { received in
        // Async-signal-safe: one write, which fails at once where the pipe is full.
        let code = errno
        var byte = UInt8(truncatingIfNeeded: received)
        _ = write(SignalPipe.entrance.load(ordering: .relaxed), &byte, 1)
        errno = code
      }
    }
  }

  /// Sleeps until something comes; `nil` when the time has come first.
  func wait(until deadline: ContinuousClock.Instant, keys: Int32?) -> Event? {
    while true {
      var byte: UInt8 = 0
      if read(exit, &byte, 1) == 1 { return .signal(Int32(byte)) }
      let left = ProgressDisplay.seconds(deadline - ContinuousClock.now)
      guard left > 0 else { return nil }
      var watched = [pollfd(fd: exit, events: Int16(POLLIN), revents: 0)]
      if let keys { watched.append(pollfd(fd: keys, events: Int16(POLLIN), revents: 0)) }
      // Rounded up, so that a rest below a millisecond is slept and not polled.
      guard poll(&watched, nfds_t(watched.count), Int32(min(left * 1_000 + 1, 3_600_000))) > 0 else {
        continue
      }
      guard let keys, watched[1].revents != 0, watched[0].revents == 0 else { continue }
      return read(keys, &byte, 1) == 1 ? .key(byte) : .keysEnded
    }
  }
}
