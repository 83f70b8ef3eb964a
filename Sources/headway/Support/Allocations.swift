import CHeadwayAllocations
import HeadwayProbes

/// The allocation counter of this executable.
enum Allocations {
  /// Where allocations can be read; `nil` where they are not counted, as under a sanitizer.
  static let counter: AllocationCounter? =
    headway_allocations_are_counted() == 0
    ? nil
    : AllocationCounter(
      thread: { AllocationCount(headway_allocations_of_thread()) },
      process: { AllocationCount(headway_allocations_of_process()) })
}

extension AllocationCount {
  fileprivate init(_ counts: headway_allocations) {
    self.init(calls: counts.calls, bytes: counts.bytes)
  }
}
