/// What a registered thread is for.
public enum ThreadRole: String, Codable, Sendable, CaseIterable {
  /// The thread that started the run: it hands out work and closes each step.
  case main
  /// A thread that coordinates others and computes nothing.
  case control
  /// A member of the worker team.
  case worker
  /// A thread that assembles batches ahead.
  case prefetch
  /// The tool's own sampling thread.
  case sampler
}

/// Where a thread's time can go: the seven closed categories of the books.
public enum StateCategory: String, Codable, Sendable, CaseIterable {
  /// Arithmetic and data work that the training needs.
  case useful
  /// Polling without sleeping.
  case spin
  /// Asleep until somebody else acts.
  case blocked
  /// Ready, but not on a CPU.
  case runnable
  /// Being created, joined, not yet started or already ended.
  case lifecycle
  /// The tool's own cost.
  case selfCost = "self"
  /// What is left over.
  case unknown
}

/// A state that a thread can be in: its name, the category it counts to and, for a wait, its cause.
public struct StateDefinition: Hashable, Codable, Sendable {
  /// A dotted name, unique in the run: `forward`, `barrier.work_end`.
  public var name: String
  /// The category that the state's on-CPU or waiting time counts to.
  public var category: StateCategory
  /// The waiting site that causes the state, absent for work.
  public var site: String?
  /// Names a state.
  public init(name: String, category: StateCategory, site: String? = nil) {
    self.name = name
    self.category = category
    self.site = site
  }
}

/// What a waiting site is, which decides how its waits are read.
public enum SiteKind: String, Codable, Sendable {
  /// Every participant waits until the last has arrived.
  case barrier
  /// A consumer waits until an item is there.
  case queueEmpty = "queue_empty"
  /// A producer waits until there is room.
  case queueFull = "queue_full"
  /// The step waits until its input has been assembled.
  case prefetchNotReady = "prefetch_not_ready"
  /// A thread waits until a counted set of tasks has been completed.
  case latch
  /// A thread waits until another one has released a lock.
  case lock
}

/// A waiting site: its name and kind.
public struct SiteDefinition: Hashable, Codable, Sendable {
  /// A dotted name, unique in the run: `work_end`, `work_queue`.
  public var name: String
  /// What kind of wait it is.
  public var kind: SiteKind
  /// Names a site.
  public init(name: String, kind: SiteKind) {
    self.name = name
    self.kind = kind
  }
}
