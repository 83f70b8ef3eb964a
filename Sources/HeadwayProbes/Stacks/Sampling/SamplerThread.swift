import CHeadwayLinux
import Glibc
import HeadwayTrace

/// The operating-system thread that the sampler unwinds on.
///
/// Ownership: whoever creates it joins it exactly once.
struct SamplerThread: @unchecked Sendable {
  // @unchecked Sendable: an opaque number that any thread may join, once.
  private let thread: pthread_t

  /// Starts a thread that runs `body` once.
  init(name: String, body: @escaping @Sendable () -> Void) throws(InputError) {
    let box = Unmanaged.passRetained(Body(name: name, run: body))
    var created = pthread_t()
    let status = pthread_create(
      &created, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        headway_set_thread_name(body.name)
        headway_exempt_own_allocations()
        body.run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      throw InputError(
        "stack_sampling_hz",
        problem: "the kernel refused the sampler's thread (\(String(cString: strerror(status))))",
        remedy: "raise the limit on processes (ulimit -u), or set stack_sampling_hz to 0")
    }
    thread = created
  }

  /// Waits for the end of the thread; what it wrote is visible afterwards.
  func join() { pthread_join(thread, nil) }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}
