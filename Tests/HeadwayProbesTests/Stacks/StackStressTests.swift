import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Synchronization
import Testing

/// Sampling while libraries come and go and memory is allocated: what deadlocks samplers that unwind inside
/// the signal. `HEADWAY_STRESS=1` makes it a minute long, `HEADWAY_STRESS_SECONDS` as long as it says.
@Suite(.serialized) struct StackStressTests {
  /// Libraries that few programs have loaded, so that opening one loads it.
  private static let libraries = [
    "libBrokenLocale.so.1", "libthread_db.so.1", "libanl.so.1", "libnss_compat.so.2", "libz.so.1",
    "libbz2.so.1.0", "libresolv.so.2", "libutil.so.1",
  ]

  @Test(.timeLimit(.minutes(5))) func manyThreadsWhileLibrariesComeAndGo() throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds =
      environment["HEADWAY_STRESS_SECONDS"].flatMap(Double.init)
      ?? (environment["HEADWAY_STRESS"] == "1" ? 60 : nil)
    let sampler = try StackSampler(.init(mode: .wall, frequencyHz: 1_000))
    try sampler.start(probe: NullProbe())
    let stop = Flag()
    defer { stop.raise() }
    // A sampler that is stuck gives no samples: then the time limit cancels the test, which must see it.
    func awaitSamples(_ count: Int) throws {
      while sampler.sampleCount() < count {
        try Task.checkCancellation()
        sched_yield()
      }
    }
    let (loads, allocations) = (Counter(), Counter())
    var ends: [EventGate] = []
    func run(_ name: String, _ body: @escaping @Sendable () -> Void) {
      let ended = EventGate()
      ends.append(ended)
      sampler.attachThread(name, ended: ended, body)
    }
    for index in 0..<40 { run("burner-\(index)") { _ = burnerLink(stop) } }
    for index in 0..<20 {
      run("allocator-\(index)") {
        while !stop.isRaised { allocations.add(allocateAndFree()) }
      }
    }
    for index in 0..<3 {
      run("loader-\(index)") {
        while !stop.isRaised {
          for library in Self.libraries {
            guard let handle = dlopen(library, RTLD_NOW) else { continue }
            dlclose(handle)
            loads.add(1)
          }
        }
      }
    }
    if let seconds {
      let end = Date(timeIntervalSinceNow: seconds)
      while Date() < end { try awaitSamples(sampler.sampleCount() + 1_000) }
    } else {
      try awaitSamples(3_000)
    }
    stop.raise()
    for ended in ends { try #require(ended.wait(atMost: 120), "every thread ended") }
    let profile = sampler.stop()
    try profile.check(subject: "profile")
    #expect(profile.threads.count == 63)
    #expect(Set(profile.samples.thread).count == 63, "every thread was sampled")
    #expect(loads.value > 0 && allocations.value > 0)
    let whole = profile.samples.count - profile.losses.failed - profile.losses.truncated
    #expect(Double(whole) >= 0.95 * Double(profile.samples.count), "\(profile.losses)")
    if seconds != nil {
      let handler = profile.threads.reduce(0) { $0 + $1.handlerNs.count }
      FileHandle.standardError.write(
        Data(
          """
          \(profile.samples.count) samples of \(profile.threads.count) threads, \(profile.stacks.count) stacks, \
          \(profile.losses), \(loads.value) loads, \(handler / Int64(max(1, profile.samples.count))) ns in the \
          handler each\n
          """.utf8))
    }
  }
}

/// Allocates and frees blocks of many sizes; gives how many.
@inline(never) private func allocateAndFree() -> Int {
  var blocks: [[UInt8]] = []
  for size in 1...64 { blocks.append([UInt8](repeating: UInt8(size), count: size * 97)) }
  return blocks.count
}

/// A count that several threads add to. Relaxed: read after they have ended.
private final class Counter: Sendable {
  private let count = Atomic(0)
  func add(_ amount: Int) { count.add(amount, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
