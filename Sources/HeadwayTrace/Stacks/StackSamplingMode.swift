/// What the stack sampler's timers count.
public enum StackSamplingMode: String, Codable, Sendable, CaseIterable {
  /// A thread's CPU time: stacks of threads that run.
  case cpu
  /// Wall time: stacks of threads that sleep too.
  case wall
}
