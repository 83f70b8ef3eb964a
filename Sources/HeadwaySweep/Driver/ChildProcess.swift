import CHeadwayLinux
import Foundation
import HeadwayFiles
import HeadwayProbes
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
  /// Where it runs; in the caller's directory when `nil`.
  var workingDirectory: String?
  var logPath: String
  var timeoutSeconds: Double
  /// Of address space; no limit of ours when `nil`.
  var memoryLimitBytes: Int?
  /// Who ends it, and all of its group, once this process is gone.
  var guardian: ChildGuard?
  /// Between the request to end and the signal that no process survives.
  var graceSeconds = 5.0

  /// Starts the process and waits for its end.
  ///
  /// - Throws: ``InputError`` when it cannot be started at all. A process that fails is no error here.
  func run(_ cancellation: Cancellation) throws(InputError) -> ChildExit {
    let killsBefore = Self.memoryKills()
    let started = DispatchTime.now()
    let child = try spawn()
    var exit = waitForEnd(of: child, cancellation, started: started)
    // Whatever the child left running in its group would disturb the next run.
    kill(-child, SIGKILL)
    guardian?.forget()
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0 && errno == EINTR {}
    exit.wallNs = Nanoseconds(Int64(DispatchTime.now().uptimeNanoseconds - started.uptimeNanoseconds))
    exit.cpuNs = Self.nanoseconds(usage.ru_utime) + Self.nanoseconds(usage.ru_stime)
    exit.peakRssBytes = Self.peakRssBytes(usage)
    if let killsBefore, let kills = Self.memoryKills() { exit.memoryKills = kills - killsBefore }
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
    var start = headway_start()
    start.memory_limit_bytes = UInt64(memoryLimitBytes ?? 0)
    start.guardian = guardian?.descriptor ?? -1
    // Safety: all pointers live until the closures return, and so does the call that borrows them.
    let child = Self.withCStrings([executable] + arguments) { argv in
      Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
        Self.withCStrings([executable, logPath] + [workingDirectory].compactMap(\.self)) { paths in
          argv.withUnsafeBufferPointer { argv in
            envp.withUnsafeBufferPointer { envp in
              start.executable = UnsafePointer(paths[0])
              start.log = UnsafePointer(paths[1])
              start.working_directory = workingDirectory == nil ? nil : UnsafePointer(paths[2])
              start.arguments = argv.baseAddress
              start.environment = envp.baseAddress
              return headway_start_program(&start)
            }
          }
        }
      }
    }
    if child < 0 {
      throw InputError(
        executable, problem: "could not be started: \(String(cString: strerror(-child)))",
        remedy: "check that it is there and may be executed")
    }
    return child
  }

  /// Calls `body` with a null-terminated array of C strings.
  ///
  /// Safety: the strings are copies that live until `body` has returned, and nobody writes to them.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }

  /// The child's peak. The kernel counts the pages that it was born with too, a copy of this process: a peak that is
  /// no higher says nothing of the program.
  private static func peakRssBytes(_ usage: rusage) -> Int? {
    var own = rusage()
    guard getrusage(RUSAGE_SELF.rawValue, &own) == 0, usage.ru_maxrss > own.ru_maxrss else { return nil }
    return usage.ru_maxrss * 1024
  }

  /// How many processes of this machine the kernel has ended for want of memory; `nil` where it does not say.
  private static func memoryKills() -> Int? {
    let line = ProcFile.read("/proc/vmstat")?.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
    return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
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
