import HeadwaySweep
import HeadwayTrace
import Testing

/// How the end of a run is told, from what the kernel says of it.
@Suite struct ChildExitTests {
  private func exit(_ change: (inout ChildExit) -> Void) -> ChildExit {
    var exit = ChildExit(wallNs: .zero, cpuNs: .zero)
    change(&exit)
    return exit
  }

  @Test func aKillForWantOfMemoryIsToldFromOthers() {
    let starved = exit { ($0.signal, $0.memoryKills, $0.peakRssBytes) = (9, 1, 3_200_000_000) }
    #expect(starved.ranOutOfMemory)
    #expect(
      starved.complaint(timeoutSeconds: 1)
        == "the kernel ended it with 3200 MB resident, because memory had run out")
    let unknown = exit { ($0.signal, $0.memoryKills) = (9, 2) }
    #expect(unknown.complaint(timeoutSeconds: 1) == "the kernel ended it, because memory had run out")
    for other in [
      exit { ($0.signal, $0.memoryKills) = (9, 0) }, exit { $0.signal = 9 },
      exit { ($0.signal, $0.memoryKills) = (11, 1) },
      exit { ($0.signal, $0.memoryKills, $0.timedOut) = (9, 1, true) },
      exit { ($0.signal, $0.memoryKills, $0.cancelled) = (9, 1, true) },
    ] { #expect(!other.ranOutOfMemory) }
  }

  @Test func everyEndHasItsWords() {
    #expect(exit { $0.status = 0 }.complaint(timeoutSeconds: 1) == nil)
    #expect(exit { $0.status = 3 }.complaint(timeoutSeconds: 1) == "it exited with status 3")
    #expect(exit { $0.signal = 11 }.complaint(timeoutSeconds: 1) == "it was ended by signal 11 (SIGSEGV)")
    #expect(exit { $0.signal = 40 }.complaint(timeoutSeconds: 1) == "it was ended by signal 40")
    #expect(
      exit { $0.signal = 6 }.complaint(timeoutSeconds: 1, memoryLimitBytes: 64_000_000)
        == "it was ended by signal 6 (SIGABRT) under a limit of 64 MB of memory")
    #expect(
      exit { ($0.timedOut, $0.signal) = (true, 15) }.complaint(timeoutSeconds: 0.5)
        == "it was still running after 0.5 s and was ended")
  }
}
