import Foundation
import HeadwayTestSupport
import HeadwayTrace
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

  /// Where the C library registers no restartable sequence, the CPU clock is asked instead, and the books close as well.
  @Test(.timeLimit(.minutes(2))) func withoutNoticeOfLostCPUs() throws {
    let place = try Workplace()
    let without = ["GLIBC_TUNABLES": "glibc.pthread.rseq=0"]
    let doctor = try place.headway(["doctor"], environment: without)
    #expect(doctor.stdout.contains("no restartable sequences"), "\(doctor.stdout)")
    let run = try place.headway(
      ["train", "--corpus", "text", "--json", "--run-directory", "run"] + Workplace.smallModel
        + ["--set", "threads=3", "--set", "steps=40"], environment: without)
    try #require(run.status == 0, "\(run.stderr)")
    let summary = try HeadwayJSON.decode(RunSummary.self, from: Data(run.stdout.utf8), subject: "summary")
    #expect(try #require(summary.books).closureError < 0.001)
    for worker in summary.threads where worker.role == .worker { #expect(worker.cpuNs > .zero) }
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
