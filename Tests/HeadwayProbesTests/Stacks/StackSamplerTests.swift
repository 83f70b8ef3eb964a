import COpenBLAS
import Foundation
import HeadwayProbes
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// Known stacks, sampled: nothing waits but for samples to arrive.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StackSamplerTests {
  private func sampler(
    _ mode: StackSamplingMode, _ frequency: Int, stackBytes: Int = 16 << 10
  ) throws -> StackSampler {
    var configuration = StackSampler.Configuration(mode: mode, frequencyHz: frequency)
    configuration.stackBytes = stackBytes
    let sampler = try StackSampler(configuration)
    try sampler.start(probe: NullProbe())
    return sampler
  }

  @Test func aParkedThreadShowsItsWholeChain() throws {
    let sampler = try sampler(.wall, 500)
    let gates = ChainGates()
    sampler.attachThread("parked", ended: gates.ended) { _ = outerLink(gates) }
    // The first samples may show the thread on its way to the gate.
    sampler.awaitSamples(40, of: "parked")
    gates.leave.open()
    gates.ended.wait()
    let profile = sampler.stop()
    try profile.check(subject: "profile")
    let parked = profile.samples(of: "parked").filter { sample in
      let names = profile.names(ofSample: sample)
      return order(of: ["EventGate.wait", "innerLink", "middleLink", "outerLink"], in: names) != nil
    }
    #expect(parked.count >= 20)
    #expect(parked.count { profile.samples.isSleeping[$0] } >= 20, "it slept")
    let names = profile.names(ofSample: try #require(parked.last))
    let places = try #require(order(of: ["innerLink", "middleLink", "outerLink"], in: names))
    #expect(places[2] == places[0] + 2, "nothing stands between the links: \(names)")
    #expect(profile.losses.failed == 0)
    #expect(profile.threads.map(\.name) == ["parked"])
  }

  @Test(arguments: [99, 1_000]) func aBurnerIsOnTheCPU(frequency: Int) throws {
    let sampler = try sampler(.cpu, frequency)
    let (stop, ended) = (Flag(), EventGate())
    sampler.attachThread("burner", ended: ended) { _ = burnerLink(stop) }
    sampler.awaitSamples(30, of: "burner")
    stop.raise()
    ended.wait()
    let profile = sampler.stop()
    let samples = profile.samples(of: "burner")
    let burning = samples.filter { profile.outlined(ofSample: $0)?.contains("burnerLink") == true }
    #expect(burning.count * 10 >= samples.count * 9)
    #expect(burning.allSatisfy { !profile.samples.isSleeping[$0] })
  }

  @Test func aSleeperHasNoSamplesInCPUMode() throws {
    let sampler = try sampler(.cpu, 1_000)
    let gates = ChainGates()
    let (stop, ended) = (Flag(), EventGate())
    sampler.attachThread("parked", ended: gates.ended) { _ = outerLink(gates) }
    sampler.attachThread("burner", ended: ended) { _ = burnerLink(stop) }
    sampler.awaitSamples(100, of: "burner")
    let counted = sampler.sampleCount(of: "parked")
    gates.leave.open()
    stop.raise()
    gates.ended.wait()
    ended.wait()
    _ = sampler.stop()
    #expect(counted < 20, "a sleeping thread uses no CPU time")
  }

  @Test func aCallbackOfTheCLibraryHasItsCallers() throws {
    let sampler = try sampler(.wall, 500)
    sampler.attachThread("sorter", ended: Sorter.ended) { Sorter.sort() }
    sampler.awaitSamples(40, of: "sorter")
    Sorter.leave.open()
    Sorter.ended.wait()
    let profile = sampler.stop()
    let parked = profile.samples(of: "sorter").filter { sample in
      let names = profile.names(ofSample: sample)
      guard let places = order(of: ["EventGate.wait", "compareAndPark", "Sorter.sort"], in: names) else {
        return false
      }
      return profile.modules(ofSample: sample)[places[1]..<places[2]].contains { $0.hasPrefix("libc.") }
    }
    #expect(parked.count >= 20)
  }

  @Test func aMatrixProductHasItsCaller() throws {
    let sampler = try sampler(.cpu, 1_000)
    let (stop, ended) = (Flag(), EventGate())
    sampler.attachThread("product", ended: ended) { multiplyUntil(stop) }
    sampler.awaitSamples(200, of: "product")
    stop.raise()
    ended.wait()
    let profile = sampler.stop()
    let inside = profile.samples(of: "product").filter {
      profile.modules(ofSample: $0).first?.contains("blas") == true
    }
    #expect(inside.count >= 100)
    let whole = inside.count { order(of: ["multiplyUntil"], in: profile.names(ofSample: $0)) != nil }
    #expect(Double(whole) >= 0.9 * Double(inside.count))
  }

  @Test func aShortPieceOfStackIsCountedAsTruncated() throws {
    let sampler = try sampler(.wall, 500, stackBytes: 160)
    let gates = ChainGates()
    sampler.attachThread("parked", ended: gates.ended) { _ = outerLink(gates) }
    sampler.awaitSamples(20, of: "parked")
    gates.leave.open()
    gates.ended.wait()
    let profile = sampler.stop()
    #expect(profile.losses.truncated + profile.losses.failed > 10)
    // Signals that come late are the process's, those of other tests too.
    var own = profile.losses
    own.late = 0
    #expect(profile.threads[0].losses == own)
  }

  @Test func aFullRingCountsWhatItDrops() throws {
    let ring = try SampleRing(name: "here", periodNs: 200_000, stackBytes: 1_024, ringBytes: 8_192)
    defer { ring.detach() }
    while ring.counts.dropped < 3 { sched_yield() }
    let full = ring.counts.taken
    #expect((1...8_192 / 192).contains(full), "the ring holds a few")
    // Every sample that was taken is there to be read, and then there is room again, wherever the ring ends.
    for _ in 0..<full { #expect(ring.skip()) }
    for _ in 0..<100 {
      let taken = ring.counts.taken
      while ring.counts.taken == taken { sched_yield() }
      while ring.skip() {}
    }
    #expect(ring.counts.dropped >= 3)
  }

  @Test func aThreadHasOneSamplerAtATime() throws {
    let ring = try SampleRing(name: "here", periodNs: 1_000_000, stackBytes: 1_024, ringBytes: 8_192)
    #expect(throws: AttachFailure.self) {
      _ = try SampleRing(name: "again", periodNs: 1_000_000, stackBytes: 1_024, ringBytes: 8_192)
    }
    ring.detach()
    let again = try SampleRing(name: "again", periodNs: 1_000_000, stackBytes: 1_024, ringBytes: 8_192)
    while again.counts.taken == 0 { sched_yield() }
    again.detach()
    let taken = again.counts.taken
    burn(milliseconds: 5)
    #expect(again.counts.taken == taken, "nothing comes after the detachment")
  }

  @Test func threadsComeAndGo() throws {
    let sampler = try sampler(.wall, 1_000)
    for round in 0..<100 {
      let (stop, ended) = (Flag(), EventGate())
      sampler.attachThread("thread-\(round)", ended: ended) { _ = burnerLink(stop) }
      if round % 10 == 0 { sampler.awaitSamples(1, of: "thread-\(round)") }
      stop.raise()
      ended.wait()
    }
    let profile = sampler.stop()
    try profile.check(subject: "profile")
    #expect(profile.threads.map(\.name) == (0..<100).map { "thread-\($0)" })
    #expect(Set(profile.samples.thread).count >= 10)
    #expect(profile.warnings.isEmpty)
  }

  @Test func aThreadMayOutliveItsSampler() throws {
    let gates = ChainGates()
    let (attached, stop) = (EventGate(), Flag())
    for round in 0..<2 {
      let sampler = try sampler(.wall, 1_000)
      if round == 0 {
        Thread.detachNewThread {
          sampler.attach(name: "survivor", role: .worker)
          attached.open()
          _ = burnerLink(stop)
          gates.ended.open()
        }
        attached.wait()
        sampler.awaitSamples(5, of: "survivor")
        #expect(sampler.stop().samples(of: "survivor").count >= 5)
      } else {
        // The first sampler's thread still runs; the second one samples another.
        let (other, ended) = (Flag(), EventGate())
        sampler.attachThread("other", ended: ended) { _ = burnerLink(other) }
        sampler.awaitSamples(5, of: "other")
        other.raise()
        ended.wait()
        #expect(sampler.stop().threads.map(\.name) == ["other"])
      }
    }
    stop.raise()
    #expect(gates.ended.wait())
  }

  @Test func aProbeAttachesItsThreadsAndNamesTheirStates() throws {
    let sampler = try StackSampler(.init(mode: .wall, frequencyHz: 1_000))
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, stacks: sampler)
    let state = probe.state(.useful("burning"))
    try sampler.start(probe: probe)
    let (stop, done) = (Flag(), EventGate())
    Thread.detachNewThread {
      let me = probe.register(name: "worker-0", role: .worker)
      me.enter(state)
      _ = burnerLink(stop)
      me.leave()
      probe.retire(me)
      done.open()
    }
    probe.openWindow()
    sampler.awaitSamples(20, of: "worker-0")
    probe.closeWindow()
    stop.raise()
    done.wait()
    let profile = sampler.stop(states: probe.stateNames, window: probe.windowTicks)
    let states = profile.samples(of: "worker-0").map { profile.samples.state[$0] }
    let burning = try #require(profile.states.firstIndex(of: "burning"))
    #expect(states.count { $0 == burning } >= 15)
    #expect(profile.window != nil)
    let books = probe.accounts().threads
    #expect(books.contains { $0.name == "stack-sampler" && $0.role == .sampler })
    #expect(profile.threads.map(\.name) == ["worker-0"], "the sampler does not sample itself")
  }

  @Test(arguments: [0, -1, 4_001]) func refusesAFrequency(_ frequency: Int) {
    #expect(throws: InputError.self) { try StackSampler(.init(mode: .cpu, frequencyHz: frequency)) }
  }
}

/// A call of the C library that calls back.
enum Sorter {
  static let leave = EventGate()
  static let ended = EventGate()

  @inline(never) static func sort() {
    var values: [Int32] = [3, 1, 2]
    qsort(&values, values.count, 4) { left, right in compareAndPark(left, right) }
    precondition(values == [1, 2, 3])
  }
}

@inline(never) private func compareAndPark(
  _ left: UnsafeRawPointer?, _ right: UnsafeRawPointer?
) -> Int32 {
  Sorter.leave.wait()
  guard let left, let right else { return 0 }
  return left.load(as: Int32.self) - right.load(as: Int32.self)
}

@inline(never) private func multiplyUntil(_ stop: Flag) {
  // Small enough for one thread.
  let n = 48
  let left = [Float](repeating: 1, count: n * n)
  var product = left
  while !stop.isRaised {
    for _ in 0..<100 {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n), 1, left, Int32(n), left,
        Int32(n), 0, &product, Int32(n))
    }
  }
}
