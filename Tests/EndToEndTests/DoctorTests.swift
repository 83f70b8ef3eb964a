import Foundation
import HeadwayTestSupport
import Testing

/// `headway doctor` says what can and can't be measured.
@Suite struct DoctorTests {
  @Test func namesEveryAbilityAndWhatToDo() throws {
    let place = try Workplace()
    let result = try place.headway(["doctor"])
    #expect(result.status == 0, "\(result.stderr)")
    for word in ["CPUs usable", "counters", "clock", "steal", "OpenBLAS"] {
      #expect(result.stdout.localizedCaseInsensitiveContains(word), "it speaks of \(word)")
    }
    let json = try place.headway(["doctor", "--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: Any])
    let capabilities = try #require(report["capabilities"] as? [[String: Any]])
    #expect(capabilities.count > 8)
    for capability in capabilities where capability["state"] as? String != "available" {
      #expect(
        !(capability["remedy"] as? String ?? "").isEmpty, "\(capability["name"] ?? "") has a remedy")
    }
    let cpus = try #require((report["machine"] as? [String: Any])?["usable_cpus"] as? Double)
    #expect(cpus > 0 && cpus <= Double(ProcessInfo.processInfo.processorCount))
  }

  @Test func helpNamesEveryVerb() throws {
    let help = try Workplace().headway(["--help"])
    for verb in [
      "train", "generate", "evaluate", "corpus", "sweep", "plan", "report", "doctor", "machine", "simd",
    ] {
      #expect(help.stdout.contains(verb))
    }
  }
}
