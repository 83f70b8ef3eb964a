import Glibc
import Testing

/// Ends the process when a test of this module hangs: the time limit names the test, but it cannot stop
/// threads that wait for each other. One timer serves all, as these tests run one after the other.
struct Deadline: SuiteTrait, TestTrait, TestScoping {
  /// Far longer than the time limit, which is to report first; other modules may hold the CPUs.
  var seconds: UInt32 = 300

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    alarm(seconds)
    defer { alarm(0) }
    try await function()
  }
}
