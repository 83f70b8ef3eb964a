import Foundation
import HeadwayProbes
import HeadwayTrace
import Testing

/// What a raw count and the kernel's errors mean.
@Suite("Counted events") struct CountedEventsTests {
  @Test("a counter that had a register all the time says what it counted")
  func whole() {
    #expect(
      CountedEvents(count: 12, enabledNs: 7, runningNs: 7)
        == .counted(CounterValue(value: 12, countedShare: 1)))
    #expect(
      CountedEvents(count: 0, enabledNs: 0, runningNs: 0)
        == .counted(CounterValue(value: 0, countedShare: 1)),
      "a thread that slept did nothing, which is known")
  }

  @Test("one that took turns is scaled to the whole time")
  func scaled() {
    #expect(
      CountedEvents(count: 300, enabledNs: 1_000, runningNs: 250)
        == .counted(CounterValue(value: 1_200, countedShare: 0.25)))
    let most = CountedEvents(count: .max, enabledNs: .max, runningNs: 1)
    #expect(most == .counted(CounterValue(value: 1 << 62, countedShare: 1 / Double(UInt64.max))))
  }

  @Test("one that never had its turn is absent, not zero")
  func never() throws {
    guard case .absent(let absence) = CountedEvents(count: 0, enabledNs: 5, runningNs: 0) else {
      Issue.record("it has a value")
      return
    }
    #expect(absence.reason == .notScheduled && !absence.detail.isEmpty)
  }

  @Test("every error of the kernel has its kind and its words")
  func refusals() {
    let kinds: [(Int32, CounterAbsence.Reason, String)] = [
      (EACCES, .notPermitted, "refuses it to this user"), (EPERM, .notPermitted, "refuses it to this user"),
      (ENOENT, .notSupported, "does not offer it"), (ENODEV, .notSupported, "does not offer it"),
      (EOPNOTSUPP, .notSupported, "does not offer it"), (ENOSYS, .notSupported, "does not offer it"),
      (EMFILE, .tooManyFiles, "no file descriptor is left for it"),
      (ENFILE, .tooManyFiles, "no file descriptor is left for it"), (EINVAL, .refused, "cannot be opened"),
      (EBUSY, .refused, "cannot be opened"),
    ]
    for (code, reason, words) in kinds {
      let refusal = CounterRefusal(code: code)
      #expect(refusal.reason == reason)
      let sentence = refusal.sentence(what: "it", paranoia: "3")
      #expect(sentence.contains(words) && sentence.contains(String(cString: strerror(code))), "\(sentence)")
    }
  }

  @Test("the kernel offers the task clock, or says why not; the doctor says the same")
  func oneSource() {
    let line = MeasuringCapability.all().first { $0.name == "software counters" }
    do throws(CounterRefusal) {
      try EventCounter(opening: .taskClock).close()
      #expect(line?.state == .available)
    } catch {
      #expect(line?.detail == error.sentence(what: "the task clock", paranoia: CounterRefusal.paranoia))
    }
  }
}
