import HeadwayProbes
import Testing

@Suite("The watchdog's looks") struct StallDetectorTests {
  /// What the detector finds in a row of looks: a number is the units completed so far, `nil` an unarmed look.
  private func findings(_ looks: [Int?]) -> [StallDetector.Finding] {
    var detector = StallDetector()
    var last = 0
    return looks.map { units in
      last = units ?? last
      return detector.see(ProgressLook(units: last, isArmed: units != nil))
    }
  }

  @Test("four quiet looks in a row are a stall, and are reported once")
  func stalls() {
    #expect(
      findings([5, 5, 5, 5, 5, 5, 5]) == [
        .moving, .firstQuiet, .quiet, .quiet, .stalled, .stillStalled, .stillStalled,
      ])
  }

  @Test("anything completed begins the count anew")
  func progressResets() {
    #expect(
      findings([1, 1, 1, 1, 2, 2, 2, 2, 3]) == [
        .moving, .firstQuiet, .quiet, .quiet, .moving, .firstQuiet, .quiet, .quiet, .moving,
      ])
  }

  @Test("a stall that ends is said to, and the next one is seen")
  func resumes() {
    #expect(
      findings([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]) == [
        .moving, .firstQuiet, .quiet, .quiet, .stalled, .resumed, .firstQuiet, .quiet, .quiet, .stalled,
      ])
  }

  @Test("what stands still while unarmed is no stall")
  func unarmed() {
    #expect(findings([nil, nil, nil, nil, nil, nil]).allSatisfy { $0 == .moving })
    #expect(
      findings([1, 1, 1, nil, 1, 1, 1, 1]) == [
        .moving, .firstQuiet, .quiet, .moving, .moving, .firstQuiet, .quiet, .quiet,
      ])
    #expect(findings([1, 1, 1, 1, 1, nil]).last == .resumed, "the window closed over a stall")
  }
}

@Suite("When tasks were completed") struct ProgressTimelineTests {
  /// Adds one task at each place, and gives the counts in periods of 2^shift ticks.
  private func counts(at ticks: [UInt64], shift: Int, window: UInt64) -> [Int] {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: ProgressTimeline.capacity)
    defer { table.deallocate() }
    table.initialize(repeating: 0, count: ProgressTimeline.capacity)
    var timeline = ProgressTimeline(counts: table)
    for tick in ticks { timeline.add(1, at: tick) }
    return timeline.counts(shift: max(shift, timeline.shift), window: window)
  }

  @Test("a short run has the first period")
  func short() {
    let period: UInt64 = 1 << 20
    #expect(
      counts(at: [0, period - 1, period, 3 * period], shift: 20, window: 3 * period + 1) == [2, 1, 0, 1])
  }

  @Test("no task is lost when the table folds, and each stays in its time")
  func folds() {
    let period: UInt64 = 1 << 20
    for length in [63, 64, 65, 127, 128, 1_000, 5_000] as [UInt64] {
      let ticks = (0..<length).map { $0 * period }
      let window = length * period
      let shift = ProgressTimeline.shift(for: window)
      let counts = counts(at: ticks, shift: shift, window: window)
      let width = 1 << (shift - 20)
      #expect(counts.reduce(0, +) == Int(length))
      #expect(counts.count <= ProgressTimeline.capacity)
      #expect(counts.dropLast().allSatisfy { $0 == width }, "\(length)")
    }
  }

  @Test("threads that folded differently are given in one period")
  func aligned() {
    let period: UInt64 = 1 << 20
    let window = 200 * period
    let shift = ProgressTimeline.shift(for: window)
    let early = counts(at: [0, period], shift: shift, window: window)
    let late = counts(at: [0, 199 * period], shift: shift, window: window)
    #expect(early.count == late.count)
    #expect(early.first == 2 && late.first == 1 && late.last == 1)
  }
}
