import HeadwayProbes
import HeadwaySweep
import Testing

@Suite struct DisturbanceTests {
  private func activity(
    busy: Double, stolen: Double, idle: Double, own: Double, throttled: Int? = nil
  ) -> SystemActivity {
    SystemActivity(
      times: .init(busy: UInt64(busy * 100), idle: UInt64(idle * 100), steal: UInt64(stolen * 100)),
      ticksPerSecond: 100, ownCpuNs: UInt64(own * 1e9), throttledPeriods: throttled)
  }

  @Test func sharesAreOfTheWholeMachine() throws {
    let before = activity(busy: 10, stolen: 1, idle: 50, own: 2, throttled: 4)
    let after = activity(busy: 14, stolen: 1.5, idle: 55.5, own: 5, throttled: 7)
    let disturbance = try #require(Disturbance(from: before, to: after))
    #expect(disturbance.stealShare == 0.05)
    #expect(disturbance.foreignShare == 0.1)
    #expect(disturbance.throttledPeriods == 3)
    let busier = activity(busy: 14, stolen: 1.5, idle: 55.5, own: 6.5)
    #expect(try #require(Disturbance(from: before, to: busier)).foreignShare == 0)
  }

  @Test func whatCannotBeToldIsAbsent() {
    let before = activity(busy: 10, stolen: 1, idle: 50, own: 0)
    let soon = activity(busy: 10.1, stolen: 1, idle: 50.3, own: 0)
    #expect(Disturbance(from: before, to: soon) == nil)
    #expect(Disturbance(from: nil, to: soon) == nil)
    #expect(Disturbance(from: before, to: nil) == nil)
  }

  @Test func onlyWhatIsAboveTheLimitIsComplainedOf() {
    #expect(Disturbance.complaint(stealShare: 0.05, foreignShare: 0.10, throttledPeriods: 0) == nil)
    #expect(Disturbance.complaint(stealShare: nil, foreignShare: nil, throttledPeriods: nil) == nil)
    #expect(
      Disturbance.complaint(stealShare: 0.051, foreignShare: 0.25, throttledPeriods: nil)
        == "the hypervisor took 5 % of the machine and other processes used 25 % of the machine")
    #expect(
      Disturbance.complaint(stealShare: 0, foreignShare: 0, throttledPeriods: 2)
        == "the control group's quota stopped it 2 times")
  }
}
