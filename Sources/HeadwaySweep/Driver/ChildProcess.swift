import Foundation
import HeadwayTrace
import Synchronization

/// One child process, from its start to its end: its own process group, standard input from nowhere,
/// both outputs appended to a log file.
///
/// The end is waited for, not polled: a thread sleeps in `waitid`, and the caller sleeps until that
/// thread, the deadline or a cancellation wakes it. The process stays a zombie until every signal has
/// been sent, so that its number cannot have passed to a stranger.
struct ChildProcess {
  var executable: String
  var arguments: [String]
  var environment: [String: String]
  var logPath: String
  var timeoutSeconds: Double
  /// Between the request to end and the signal that no process survives.
  var graceSeconds = 5.0

  /// Starts the process and waits for its end.
  ///
  /// - Throws: ``InputError`` when it cannot be started at all. A process that fails is no error here.
  func run(_ cancellation: Cancellation) throws(InputError) -> ChildExit {
    let started = DispatchTime.now()
    let child = try spawn()
    var exit = waitForEnd(of: child, cancellation, started: started)
    // Whatever the child left running in its group would disturb the next run.
    kill(-child, SIGKILL)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
    exit.wallNs = Nanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds))
    exit.cpuNs = Self.nanoseconds(usage.ru_utime) + Self.nanoseconds(usage.ru_stime)
    // The layout of a wait status: the low seven bits are the signal, the next byte the exit status.
    let signal = Int(status & 0x7f)
    if signal == 0 { exit.status = Int(status >> 8 & 0xff) } else { exit.signal = signal }
    return exit
  }

  /// Sleeps until the child is dead, ending it when its time is up or the sweep is cancelled: first by
  /// SIGTERM, and after the grace period by SIGKILL, to its whole group.
  private func waitForEnd(of child: pid_t, _ cancellation: Cancellation, started: DispatchTime) -> ChildExit {
    let event = DispatchSemaphore(value: 0)
    let end = EndFlag()
    let waiter = Thread {
      var facts = siginfo_t()
      while waitid(P_PID, id_t(child), &facts, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
      end.raise()
      event.signal()
    }
    waiter.start()
    let registration = cancellation.onCancel { event.signal() }
    defer { cancellation.forget(registration) }

    var exit = ChildExit(wallNs: .zero, cpuNs: .zero)
    var deadline = started + timeoutSeconds
    var isEnding = false
    while true {
      let wake = event.wait(timeout: deadline)
      if end.isRaised { return exit }
      if cancellation.isCancelled && !isEnding {
        exit.cancelled = true
      } else if wake == .timedOut && !isEnding {
        exit.timedOut = true
      } else if wake == .timedOut {
        kill(-child, SIGKILL)
        deadline = .distantFuture
        continue
      } else {
        continue
      }
      isEnding = true
      deadline = .now() + graceSeconds
      kill(-child, SIGTERM)
    }
  }

  private func spawn() throws(InputError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The child gets every signal as a fresh process would, whatever this process ignores or blocks.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var child: pid_t = 0
    let code = Self.withCStrings([executable] + arguments) { argv in
      Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
        posix_spawn(&child, executable, &actions, &attributes, argv, envp)
      }
    }
    if code != 0 {
      throw InputError(
        executable, problem: "could not be started: \(String(cString: strerror(code)))",
        remedy: "check that it is there and may be executed")
    }
    return child
  }

  /// Calls `body` with a null-terminated array of C strings.
  ///
  /// Safety: the strings are copies that live until `body` has returned, and `posix_spawn` does not
  /// write to them.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }

  private static func nanoseconds(_ time: timeval) -> Nanoseconds {
    Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000)
  }
}

/// Raised once by the thread that waits for a child.
private final class EndFlag: Sendable {
  // Releasing store, acquiring load: who sees the flag sees everything that came before it.
  private let flag = Atomic(false)
  var isRaised: Bool { flag.load(ordering: .acquiring) }
  func raise() { flag.store(true, ordering: .releasing) }
}
