import CHeadwayLinux
import Glibc
import HeadwayTrace

/// A thread of the operating system, from its creation to its join.
///
/// Ownership: whoever creates it joins it exactly once.
@usableFromInline
struct OSThread: @unchecked Sendable {
  // @unchecked Sendable: an opaque number that any thread may join, once.
  private let thread: pthread_t

  /// Starts a thread that runs `body` once and ends.
  ///
  /// - Parameters:
  ///   - name: Shown by the system's tools; which keep 15 bytes.
  ///   - stackBytes: The size of its stack, reserved and touched lazily.
  /// - Throws: An `InputError` that says why the kernel refused.
  @usableFromInline init(
    name: String, stackBytes: Int, body: @escaping @Sendable () -> Void
  ) throws(InputError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)

    // The body crosses `pthread_create` as one owned reference: retained here, taken over by the new
    // thread, or released below when there is no such thread.
    let box = Unmanaged.passRetained(ThreadBody(name: name, body))
    var created = pthread_t()
    let status = pthread_create(
      &created, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      throw InputError(
        "threads", problem: "the kernel refused the thread \(name) (\(String(cString: strerror(status))))",
        remedy:
          "lower the number of threads, or raise the limit on processes and memory (ulimit -u, ulimit -v)")
    }
    thread = created
  }

  /// Waits for the end of the thread; what it wrote is visible afterwards.
  @usableFromInline func join() { pthread_join(thread, nil) }
}

/// What a new thread is to do, carried through `pthread_create` as a reference.
private final class ThreadBody: Sendable {
  private let name: String
  private let body: @Sendable () -> Void

  init(name: String, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }

  func run() {
    headway_set_thread_name(name)
    body()
  }
}
