import CHeadwayLinux
import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Synchronization
import Testing

/// Stacks of threads that nobody samples, taken when they are asked for.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ThreadStacksTests {
  /// A thread of a known chain; returns its number once it runs.
  private func start(
    _ ended: EventGate, _ body: @escaping @Sendable () -> Void
  ) -> ThreadID {
    let shared = Shared()
    let begun = EventGate()
    Thread.detachNewThread {
      shared.number.withLock { $0 = ThreadID(headway_gettid()) }
      begun.open()
      body()
      ended.open()
    }
    begun.wait()
    return shared.number.withLock { $0 } ?? ThreadID(0)
  }

  private final class Shared: Sendable {
    let number = Mutex<ThreadID?>(nil)
  }

  /// Frames of a thread that contain all parts in order; asks again while the thread is on its way there.
  private func frames(_ stacks: ThreadStacks, _ thread: ThreadID, until parts: [String]) -> [String] {
    for _ in 0..<100 {
      // A thread that a busy machine gives no CPU for a second has not answered: it is asked again.
      if let frames = stacks.frames(of: thread), order(of: parts, in: frames) != nil { return frames }
      headway_yield()
    }
    Issue.record("the thread never showed \(parts)")
    return []
  }

  @Test func aSleepingThreadShowsItsChainAndSleepsOn() throws {
    let stacks = ThreadStacks()
    let gates = ChainGates()
    let thread = start(gates.ended) { _ = outerLink(gates) }
    let chain = ["EventGate.wait", "innerLink", "middleLink", "outerLink"]
    for _ in 0..<8 {
      let frames = frames(stacks, thread, until: chain)
      let places = try #require(order(of: chain, in: frames))
      #expect(places[3] == places[1] + 2, "nothing stands between the links: \(frames)")
      #expect(frames.last?.contains("[") == false, "it was unwound to its end: \(frames)")
      #expect(frames[places[1]].hasSuffix(".xctest"), "the file stands behind the name: \(frames)")
    }
    gates.leave.open()
    gates.ended.wait()
  }

  @Test func aComputingThreadShowsWhatItComputes() throws {
    let stacks = ThreadStacks()
    let (stop, ended) = (Flag(), EventGate())
    let thread = start(ended) { _ = burnerLink(stop) }
    _ = frames(stacks, thread, until: ["burnerLink"])
    stop.raise()
    ended.wait()
  }

  @Test func theCallingThreadShowsItself() throws {
    let frames = try #require(ThreadStacks().frames(of: ThreadID(headway_gettid())))
    #expect(
      order(of: ["ThreadStacks.frames", "theCallingThreadShowsItself"], in: frames) != nil, "\(frames)")
  }

  /// A sampled thread goes on being sampled, and another one is not taken for it.
  @Test func looksAndSamplesDoNotMeet() throws {
    let sampler = try StackSampler(StackSampler.Configuration(mode: .wall, frequencyHz: 1_000))
    try sampler.start(probe: NullProbe())
    let (stop, ended, otherEnded) = (Flag(), EventGate(), EventGate())
    let shared = Shared()
    sampler.attachThread("burner", ended: ended) {
      shared.number.withLock { $0 = ThreadID(headway_gettid()) }
      _ = burnerLink(stop)
    }
    let gates = ChainGates()
    let other = start(otherEnded) { _ = outerLink(gates) }
    sampler.awaitSamples(10, of: "burner")
    let burner = try #require(shared.number.withLock { $0 })
    let stacks = ThreadStacks()
    for _ in 0..<8 {
      _ = frames(stacks, burner, until: ["burnerLink"])
      #expect(frames(stacks, other, until: ["innerLink"]).allSatisfy { !$0.contains("burnerLink") })
    }
    sampler.awaitSamples(sampler.sampleCount(of: "burner") + 10, of: "burner")
    stop.raise()
    gates.leave.open()
    ended.wait()
    otherEnded.wait()
    #expect(sampler.stop().losses.failed == 0)
  }

  @Test func aThreadThatHasEndedHasNoStack() throws {
    // No process has this number: the kernel's limit is 2²².
    #expect(ThreadStacks().frames(of: ThreadID(1 << 23)) == nil)
  }
}
