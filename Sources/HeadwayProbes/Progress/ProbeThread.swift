import CHeadwayLinux
import Glibc
import HeadwayTrace

/// A thread of the tool's own, from its creation to its join.
///
/// Ownership: whoever creates it joins it exactly once.
struct ProbeThread: @unchecked Sendable {
  // @unchecked Sendable: an opaque number that any thread may join, once.
  private let thread: pthread_t

  /// Starts a thread that runs `body` once and ends.
  ///
  /// - Throws: ``InputError`` when the kernel refuses it.
  init(name: String, body: @escaping @Sendable () -> Void) throws(InputError) {
    // One owned reference crosses `pthread_create`: taken over by the new thread, or released here.
    let box = Unmanaged.passRetained(ProbeThreadBody(name: name, body))
    var created = pthread_t()
    let status = pthread_create(
      &created, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<ProbeThreadBody>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      throw InputError(
        "threads", problem: "the kernel refused the thread \(name) (\(String(cString: strerror(status))))",
        remedy: "raise the limit on processes and memory (ulimit -u, ulimit -v), or set watchdog_seconds: 0")
    }
    thread = created
  }

  /// Waits for the end of the thread; what it wrote is visible afterwards.
  func join() { pthread_join(thread, nil) }
}

/// What a new thread is to do, carried through `pthread_create` as a reference.
private final class ProbeThreadBody: Sendable {
  private let name: String
  private let body: @Sendable () -> Void

  init(name: String, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }

  func run() {
    headway_set_thread_name(name)
    headway_exempt_own_allocations()
    body()
  }
}
