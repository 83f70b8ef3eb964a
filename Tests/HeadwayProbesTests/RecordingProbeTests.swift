import HeadwayProbes
import HeadwayTrace
import Testing

@Suite("The recording probe on real threads", .serialized)
struct RecordingProbeTests {
  @Test("the states of the main thread sum to the window, in nanoseconds and exactly")
  func closesExactly() throws {
    let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0)
    let outer = probe.state(StateDefinition(name: "outer", category: .useful))
    let inner = probe.state(StateDefinition(name: "inner", category: .useful))
    let main = probe.register(name: "main", role: .main)
    probe.openWindow()
    for _ in 0..<1_000 {
      main.enter(outer)
      main.enter(inner)
      main.leave()
      main.leave()
    }
    probe.closeWindow()
    let accounts = probe.accounts()
    let thread = try #require(accounts.threads.first)
    #expect(accounts.windowNs.count > 0)
    #expect(thread.presentNs == accounts.windowNs)
    #expect(thread.states.values.reduce(Nanoseconds.zero) { $0 + $1.wallNs } == accounts.windowNs)
    #expect(thread.states["outer"]?.count == 1_000 && thread.states["inner"]?.count == 1_000)
    #expect(thread.transitions == 4_000)
  }
}
