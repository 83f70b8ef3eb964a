import HeadwaySweep
import Testing

@Suite struct DisturbanceTests {
  @Test func theFirstLineOfProcStatIsRead() throws {
    let text = "cpu  100 10 50 800 40 5 15 30 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 5\n"
    let activity = try #require(MachineActivity(statistics: text, ticksPerSecond: 100))
    #expect(activity == MachineActivity(busySeconds: 1.8, stolenSeconds: 0.3, idleSeconds: 8.4))
    #expect(MachineActivity(statistics: "cpu 1 2 3", ticksPerSecond: 100) == nil)
    #expect(MachineActivity(statistics: "", ticksPerSecond: 100) == nil)
  }

  @Test func sharesAreOfTheWholeMachine() throws {
    let before = MachineActivity(busySeconds: 10, stolenSeconds: 1, idleSeconds: 50)
    let after = MachineActivity(busySeconds: 14, stolenSeconds: 1.5, idleSeconds: 55.5)
    let disturbance = try #require(Disturbance(from: before, to: after, ownSeconds: 3))
    #expect(disturbance.stealShare == 0.05)
    #expect(disturbance.foreignShare == 0.1)
    let mine = try #require(Disturbance(from: before, to: after, ownSeconds: 4.5))
    #expect(mine.foreignShare == 0)
  }

  @Test func whatCannotBeToldIsAbsent() {
    let before = MachineActivity(busySeconds: 10, stolenSeconds: 1, idleSeconds: 50)
    let soon = MachineActivity(busySeconds: 10.1, stolenSeconds: 1, idleSeconds: 50.3)
    #expect(Disturbance(from: before, to: soon, ownSeconds: 0) == nil)
    #expect(Disturbance(from: nil, to: soon, ownSeconds: 0) == nil)
    #expect(Disturbance(from: before, to: nil, ownSeconds: 0) == nil)
  }

  @Test func onlyWhatIsAboveTheLimitIsComplainedOf() {
    #expect(Disturbance.complaint(stealShare: 0.05, foreignShare: 0.10) == nil)
    #expect(Disturbance.complaint(stealShare: nil, foreignShare: nil) == nil)
    #expect(
      Disturbance.complaint(stealShare: 0.051, foreignShare: 0.25)
        == "the hypervisor took 5 % of the machine and other processes used 25 % of the machine")
  }
}
