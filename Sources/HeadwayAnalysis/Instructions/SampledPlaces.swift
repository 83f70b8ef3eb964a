import HeadwayTrace

/// Where the threads of a run were when they were interrupted: timer periods by file and address.
///
/// Samples outside the measured window and of threads that slept are left out. A timer finds the instruction that
/// was to be executed next: on a CPU that executes out of order that is often one behind the one that took the time
/// (skid), so the sums over a loop mean more than a single instruction's count.
package struct SampledPlaces {
  /// An address and its function.
  package struct Place {
    /// The function with code of its own, as a number in the profile's table.
    package var function: Int
    /// Timer periods.
    package var periods: Int
  }

  /// By module, as a number in the profile's table, and address.
  package private(set) var modules: [Int: [UInt64: Place]] = [:]
  /// Timer periods in all.
  package private(set) var periods = 0
  /// Those in code that belongs to no file.
  package private(set) var outside = 0
  /// Those of which no frame is known.
  package private(set) var unknown = 0

  /// Adds up a profile.
  ///
  /// - Parameter profile: Whole: see ``StackProfile/check(subject:)``.
  package init(_ profile: StackProfile) {
    var ticks: [Int: UInt64] = [:]
    for index in profile.samples.indices {
      let thread = profile.samples.thread[index]
      let time =
        ticks[thread, default: profile.clock.originTicks] &+ profile.samples.ticksSincePrevious[index]
      ticks[thread] = time
      if let window = profile.window, time < window.begin || time > window.end { continue }
      if profile.samples.isSleeping[index] { continue }
      add(stack: profile.samples.stack[index], periods: profile.samples.periods[index], of: profile)
    }
  }

  private mutating func add(stack: Int, periods count: Int, of profile: StackProfile) {
    periods += count
    let frames = stack >= 0 ? profile.frames(of: stack) : []
    guard let innermost = frames.first else {
      unknown += count
      return
    }
    let own = frames.first { !profile.frames.isInlined[$0] } ?? innermost
    let function = profile.frames.function[own]
    let module = profile.functions.module[function]
    guard module >= 0 else {
      outside += count
      return
    }
    let address = profile.frames.address[innermost]
    modules[module, default: [:]][address, default: Place(function: function, periods: 0)].periods += count
  }
}
