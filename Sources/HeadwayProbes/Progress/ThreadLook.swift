import HeadwayTrace

/// One registered thread at one look of the watchdog.
package struct ThreadLook: Equatable, Sendable {
  /// The thread's name in the books.
  package var name: String
  /// What it is for.
  package var role: ThreadRole
  /// The operating system's thread.
  package var thread: ThreadID
  /// Whether it fills its row now.
  package var isActive: Bool
  /// The open states with their ages, outermost first; absent when they changed under every attempt to read.
  package var path: [StalledThread.OpenState]?
  /// Tasks completed.
  package var tasks: Int
  /// Tokens worked on.
  package var tokens: Int
  /// Steps completed.
  package var steps: Int
  /// How long ago it completed anything; absent when it never did.
  package var lastProgressNs: Nanoseconds?
  /// What the kernel says of it; empty where it was not asked.
  package var kernel: KernelReading

  package init(
    name: String, role: ThreadRole, thread: ThreadID, isActive: Bool = true,
    path: [StalledThread.OpenState]?, tasks: Int = 0, tokens: Int = 0, steps: Int = 0,
    lastProgressNs: Nanoseconds? = nil, kernel: KernelReading = KernelReading()
  ) {
    self.name = name
    self.role = role
    self.thread = thread
    self.isActive = isActive
    self.path = path
    self.tasks = tasks
    self.tokens = tokens
    self.steps = steps
    self.lastProgressNs = lastProgressNs
    self.kernel = kernel
  }
}
