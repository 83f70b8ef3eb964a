import Foundation
import HeadwayTrace
import Synchronization

/// What `headway train --live` shows: `headway top` of its own run, in a process of its own, so that drawing
/// takes nothing from the process that is measured.
///
/// It draws on standard error, as all progress; meanwhile whatever else would be written there is held back.
/// It may be ended from any thread.
final class LiveDisplay: Sendable {
  private let state: Mutex<pid_t?>

  /// Starts the display of a run that is about to begin.
  ///
  /// - Throws: ``InputError`` when the process cannot be started.
  init(of directory: String) throws(InputError) {
    let executable = try OwnExecutable.path()
    let arguments = [executable, "top", "--until-it-begins", "--", directory]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    // Safety: the strings are copies that live until the call has returned, and nobody writes to them.
    let words = arguments.map { strdup($0) }
    let variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") }
    defer { for copy in words + variables { free(copy) } }
    var process: pid_t = 0
    // In this process's group, so that it may use the terminal and Ctrl-C reaches both.
    let code = posix_spawn(&process, executable, &actions, nil, words + [nil], variables + [nil])
    guard code == 0 else {
      throw InputError(
        "--live", problem: "the display could not be started (\(String(cString: strerror(code))))",
        remedy: "raise the limit on processes (ulimit -u), or leave --live out")
    }
    state = Mutex(process)
    Terminal.hold()
  }

  deinit { end() }

  /// Whether it still shows: a person can leave it while the training goes on.
  var isShowing: Bool {
    let hasLeft = state.withLock { process -> Bool in
      guard let child = process, waitpid(child, nil, WNOHANG) == child else { return false }
      process = nil
      return true
    }
    if hasLeft { Terminal.release() }
    return state.withLock { $0 != nil }
  }

  /// Ends it, and returns when the terminal is as it was.
  func end() {
    state.withLock { process in
      guard let child = process else { return }
      kill(child, SIGTERM)
      // One that was stopped has to hear it too.
      kill(child, SIGCONT)
      while waitpid(child, nil, 0) < 0 && errno == EINTR {}
      process = nil
    }
    Terminal.release()
  }
}
