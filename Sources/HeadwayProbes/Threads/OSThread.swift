import CHeadwayLinux
import Glibc
import HeadwayTrace

/// A thread of the operating system, from its creation to its join.
///
/// Ownership: whoever creates it joins it exactly once.
@usableFromInline
package struct OSThread: @unchecked Sendable {
  // @unchecked Sendable: an opaque number that any thread may join, once.
  private let thread: pthread_t

  /// What a thread is for.
  @usableFromInline
  package enum Purpose: Sendable {
    /// A part of the program that is measured.
    case program
    /// The measuring itself: what it allocates is not the program's.
    case measuring
  }

  /// What to do when the kernel has no more threads.
  @usableFromInline package static var fewerThreads: String {
    "lower the number of threads, or raise the limit on processes and memory (ulimit -u, ulimit -v)"
  }

  /// Starts a thread that runs `body` once and ends.
  ///
  /// - Parameters:
  ///   - name: Shown by the system's tools; which keep 15 bytes.
  ///   - purpose: Whether it belongs to the program or to the tool.
  ///   - stackBytes: The size of its stack, reserved and touched lazily; `nil` for the system's default.
  ///   - key: What an error names.
  ///   - remedy: What an error recommends.
  ///   - body: What it does.
  /// - Throws: ``InputError`` that says why the kernel refused.
  @usableFromInline
  package init(
    name: String, purpose: Purpose, stackBytes: Int? = nil, key: String = "threads",
    remedy: String = OSThread.fewerThreads, body: @escaping @Sendable () -> Void
  ) throws(InputError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }

    // The body crosses `pthread_create` as one owned reference: retained here, taken over by the new
    // thread, or released below when there is no such thread.
    let box = Unmanaged.passRetained(ThreadBody(name: name, purpose: purpose, body))
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
        key, problem: "the kernel refused the thread \(name) (\(String(cString: strerror(status))))",
        remedy: remedy)
    }
    thread = created
  }

  /// Waits for the end of the thread; what it wrote is visible afterwards.
  @usableFromInline package func join() { pthread_join(thread, nil) }
}

/// What a new thread is to do, carried through `pthread_create` as a reference.
private final class ThreadBody: Sendable {
  private let name: String
  private let purpose: OSThread.Purpose
  private let body: @Sendable () -> Void

  init(name: String, purpose: OSThread.Purpose, _ body: @escaping @Sendable () -> Void) {
    self.name = name
    self.purpose = purpose
    self.body = body
  }

  func run() {
    // First: even to hand over the name allocates.
    if purpose == .measuring { headway_exempt_own_allocations() }
    headway_set_thread_name(name)
    body()
  }
}
