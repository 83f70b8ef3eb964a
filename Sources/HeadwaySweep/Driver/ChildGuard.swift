import CHeadwayLinux
import Glibc
import HeadwayTrace

/// A process that ends the running child, and everything in its group, once this process is gone: killed, crashed or
/// ended with its terminal. Without it a killed sweep would leave its last run behind, and that would disturb the
/// sweep that resumes it.
///
///     let guardian = try ChildGuard()
///     let child = ChildProcess(…, guardian: guardian)
///
/// It sits in a session of its own, so that a signal to this process's group does not reach it, and reads a socket
/// whose other end only this process has: the kernel closes that however the process ends. Used by one thread at a
/// time; ends with this value.
final class ChildGuard: Sendable {
  private let process: pid_t
  /// This process's end of the socket.
  let descriptor: Int32

  /// Starts the process.
  init() throws(InputError) {
    var descriptor: Int32 = -1
    let process = headway_guard(&descriptor)
    if process < 0 {
      throw InputError(
        "sweep",
        problem:
          "the process that ends runs after a crash could not be started: \(String(cString: strerror(-process)))",
        remedy: "raise the limit on processes (ulimit -u)")
    }
    self.process = process
    self.descriptor = descriptor
  }

  deinit { headway_guard_end(process, descriptor) }

  /// The child has ended, and its number may soon be another's. Call before the child is waited for.
  func forget() { headway_guard_forget(descriptor) }
}
