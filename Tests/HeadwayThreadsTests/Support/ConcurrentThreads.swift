import Foundation
import Glibc

/// Runs `body` on `count` operating-system threads at once, with their numbers, and joins them all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = (0..<count).map { number in TestThread { body(number) } }
  for thread in threads { thread.join() }
}

/// A thread for tests.
final class TestThread: @unchecked Sendable {
  // @unchecked Sendable: `thread` is written before `init` returns and never again.
  private var thread = pthread_t()
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<TestThread>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(status == 0, "no thread for the test")
  }

  func join() { pthread_join(thread, nil) }
}

/// Yields the CPU until the condition holds: for events that other threads are about to cause.
func yieldUntil(_ condition: () -> Bool) {
  while !condition() { sched_yield() }
}

/// Whether the kernel says that the thread of this process with a name sleeps.
func isAsleep(_ name: String) -> Bool {
  let tasks = "/proc/self/task"
  for task in (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? [] {
    // `stat` is `TID (NAME) STATE …`.
    guard let line = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8) else { continue }
    if line.contains("(\(name)) ") { return line.contains("(\(name)) S ") }
  }
  return false
}

/// CPU time of a thread, in nanoseconds, on its own clock.
func cpuNanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  precondition(clock_gettime(clock, &time) == 0, "the thread has ended")
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The CPU clock of the calling thread, which other threads may read while it lives.
func ownCPUClock() -> clockid_t {
  var clock = clockid_t()
  precondition(pthread_getcpuclockid(pthread_self(), &clock) == 0)
  return clock
}
