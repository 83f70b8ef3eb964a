import Foundation
import HeadwayProbes
import HeadwayReading
import HeadwayRecording
import HeadwayServe
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import HTTPTypes
import Testing

/// The pages by their addresses, asked through the router without a socket.
@Suite struct PageTests {
  private func ask(
    _ place: ServedPlace, _ address: String, method: HTTPRequest.Method = .get, host: String? = "localhost",
    plan: ServePlan? = nil
  ) async throws -> RoutedAnswer {
    try await RoutedAnswer(plan ?? place.plan, address, method: method, host: host)
  }

  @Test func theListLeadsToEveryReport() async throws {
    let place = try ServedPlace()
    let before = try place.contents()
    let list = try await ask(place, "/")
    #expect(list.status == .ok && list.headers[.contentType] == "text/html; charset=utf-8")
    #expect(list.text.contains("4 runs and sweeps"))
    let links = list.text.matches(of: #/href="(/runs/[0-9a-f]{16})"/#).map { String($0.1) }
    #expect(links.count == 3, "the one that leads out of its directory has no page")
    for link in links {
      let page = try await ask(place, link)
      #expect(
        page.status == .ok && page.text.contains("tokens/s over 10 steps") && page.text.contains("href=\"/\"")
      )
      #expect(page.text.contains("a=&lt;b&gt;"), "the command is escaped")
    }
    #expect(try place.contents() == before, "nothing was written")
  }

  @Test func searchingAndPaging() async throws {
    let place = try ServedPlace()
    let found = try await ask(place, "/?find=FAS")
    #expect(found.text.contains("1 run or sweep of 4 with “FAS”") && !found.text.contains(">slow<"))
    #expect(try await ask(place, "/?find=%3Cscript%3E").text.contains("&lt;script&gt;"))
    #expect(try await ask(place, "/?find=a+b").text.contains("“a b”"))
    for odd in [
      "/?page=99999999999999999999", "/?page=-5", "/?page=x&page=2", "/?%", "/?find=%ff%fe", "/?&&=&",
    ] {
      #expect(try await ask(place, odd).status == .ok, "\(odd)")
    }
    for number in 0..<Site.rowsOfPage {
      try place.directory.write("{}", to: "data/more/\(number)/manifest.json")
    }
    let first = try await ask(place, "/")
    #expect(first.text.contains("Older (page 2 of 2)") && !first.text.contains("Newer"))
    #expect(try await ask(place, "/?page=2").text.contains("Newer (page 1 of 2)"))
  }

  @Test func twoAreCompared() async throws {
    let place = try ServedPlace()
    let (fast, slow, other) = (try place.id(of: "fast"), try place.id(of: "slow"), try place.id(of: "other"))
    let page = try await ask(place, "/compare?base=\(slow)&candidate=\(fast)")
    #expect(page.status == .ok && page.text.contains("fast runs at 2.00× the speed of slow"))
    #expect(page.text.contains("threads 1 → 2"))
    // The words of `headway compare`.
    let refused = try await ask(place, "/compare?base=\(slow)&candidate=\(other)")
    #expect(
      refused.status == .unprocessableContent && refused.text.contains("different work"), "\(refused.text)")
    for address in [
      "/compare", "/compare?base=\(slow)", "/compare?base=\(slow)&candidate=\(slow)",
      "/compare?base=\(slow)&candidate=../../etc/passwd", "/compare?base=\(slow).\(fast)&candidate=\(fast)",
      "/compare?base=\(slow)&candidate=\(try place.id(of: "linked"))",
    ] {
      let answer = try await ask(place, address)
      #expect(
        (400..<500).contains(answer.status.code) && answer.text.contains("class=\"trail\""), "\(address)")
    }
  }

  @Test(arguments: [
    "/..", "/../../etc/passwd", "/runs/..", "/runs/../../../etc/passwd", "/runs/%2e%2e",
    "/runs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/runs/..%00", "/runs//etc/passwd", "/runs/%2Fetc%2Fpasswd", "/runs/0000000000000000", "/runs/",
    "/runs/%",
    "/runs/0000000000000000/live", "/sweeps/0000000000000000", "/sweeps/..%2f/runs/..", "/sweeps/x/runs",
    "/report.html",
    "/runs/a/b/c/d", "http://evil.example/runs/..", "/favicon.ico", "/.headway/history.sqlite",
  ])
  func addressesThatLeadNowhere(address: String) async throws {
    let answer = try await ask(try ServedPlace(), address)
    #expect([.notFound, .badRequest].contains(answer.status), "\(address): \(answer.status)")
    #expect(answer.text.contains("class=\"trail\"") && answer.text.contains("href=\"/\""))
    #expect(!answer.text.contains("root:"))
  }

  @Test func aVeryLongAddress() async throws {
    let answer = try await ask(try ServedPlace(), "/runs/" + String(repeating: "a/", count: 20_000))
    #expect(answer.status == .notFound && answer.text.utf8.count < 50_000)
  }

  @Test func aLinkOutOfADirectoryShowsNothing() async throws {
    let place = try ServedPlace()
    let answer = try await ask(place, "/runs/\(try place.id(of: "linked"))")
    #expect(answer.status == .unprocessableContent)
    #expect(answer.text.contains("leads out of the directory") && !answer.text.contains("a secret of"))
  }

  @Test func onlyReading() async throws {
    let place = try ServedPlace()
    for method in [HTTPRequest.Method.post, .put, .delete, .patch, .options, .trace] {
      let answer = try await ask(place, "/", method: method)
      #expect(answer.status == .methodNotAllowed && answer.headers[.allow] == "GET, HEAD", "\(method)")
    }
    let head = try await ask(place, "/", method: .head)
    let whole = try await ask(place, "/")
    #expect(head.status == .ok && head.text.isEmpty)
    #expect(head.headers[.contentLength] == String(whole.text.utf8.count))
  }

  @Test(arguments: ["evil.example", "evil.example:8717", nil]) func onlyUnderItsOwnName(host: String?)
    async throws
  {
    let place = try ServedPlace()
    for address in ["/", "/runs/\(try place.id(of: "fast"))"] {
      let answer = try await ask(place, address, host: host)
      #expect(
        answer.status == .forbidden && !answer.text.contains("tokens/s") && !answer.text.contains("fast"))
    }
    #expect(try await ask(place, "/", host: "127.0.0.1:8717").status == .ok)
  }

  @Test func everyAnswerProtectsItsReader() async throws {
    let place = try ServedPlace()
    for (address, method) in [("/", HTTPRequest.Method.get), ("/absent", .get), ("/", .post), ("/", .head)] {
      let headers = try await ask(place, address, method: method).headers
      let policy = try #require(headers[.contentSecurityPolicy])
      for part in ["default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
        #expect(policy.contains(part), "\(part)")
      }
      #expect(headers[.xContentTypeOptions] == "nosniff" && headers[.cacheControl] == "no-store")
      for (name, value) in [
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
      ] {
        #expect(headers[try #require(HTTPField.Name(name))] == value, "\(name) of \(address)")
      }
    }
  }

  @Test func aSweepItsRunsAndTwoOfThem() async throws {
    let place = try ServedPlace()
    try place.writeSweep("sweep")
    let id = try place.id(of: "sweep")
    let list = try await ask(place, "/")
    #expect(list.text.contains("href=\"/sweeps/\(id)\"") && list.text.contains("href=\"/sweeps/\(id)/runs\""))
    let before = try place.contents()
    let report = try await ask(place, "/sweeps/\(id)")
    #expect(
      report.status == .ok && report.text.contains("Headway · sweep") && report.text.contains("/runs\""))
    #expect(report.text.contains("killed before its end") && !report.text.contains("still running"))
    let runs = try await ask(place, "/sweeps/\(id)/runs")
    #expect(runs.status == .ok && runs.text.contains("✗ exit status 1") && runs.text.contains("block 1"))
    let parts = runs.text.matches(of: #/href="/sweeps/[0-9a-f]{16}/runs/([0-9a-f]{16})"/#).map {
      String($0.1)
    }
    #expect(parts.count >= 2, "the one that went wrong has no page")
    for part in parts {
      let page = try await ask(place, "/sweeps/\(id)/runs/\(part)")
      #expect(page.status == .ok && page.text.contains("tokens/s over 10 steps"))
    }
    let (base, candidate) = (parts[parts.count - 1], parts[parts.count - 2])
    let compared = try await ask(place, "/compare?base=\(id).\(base)&candidate=\(id).\(candidate)")
    #expect(compared.status == .ok && compared.text.contains("2.00×"), "\(compared.text.prefix(6_000))")
    #expect(try await ask(place, "/sweeps/\(id)/runs/\(try place.id(of: "fast"))").status == .notFound)
    #expect(try await ask(place, "/runs/\(id)").status == .notFound, "a sweep is no run")
    let mixed = try await ask(place, "/compare?base=\(id)&candidate=\(try place.id(of: "fast"))")
    #expect(mixed.status == .unprocessableContent && mixed.text.contains("one is a sweep, the other a run"))
    #expect(try place.contents() == before, "nothing was written")
    // While somebody holds the journal's lock the sweep goes on.
    let directory = try SweepDirectory(opening: place.directory.path("data/sweep"))
    let locked = open(directory.journalPath, O_RDWR)
    #expect(flock(locked, LOCK_EX) == 0)
    let running = try await ask(place, "/sweeps/\(id)")
    #expect(running.text.contains("still running") && !running.text.contains("killed before its end"))
    #expect(try await ask(place, "/").text.contains("▶ running"))
    close(locked)
  }

  @Test(arguments: ["../fast", "../../../etc", "/etc", "runs/../../fast"])
  func aJournalThatNamesDirectoriesElsewhere(named: String) async throws {
    let place = try ServedPlace()
    try place.writeSweep("sweep", named: named)
    let id = try place.id(of: "sweep")
    for address in [
      "/sweeps/\(id)", "/sweeps/\(id)/runs", "/compare?base=\(id)&candidate=\(try place.id(of: "fast"))",
    ] {
      let answer = try await ask(place, address)
      #expect(
        answer.status == .unprocessableContent && answer.text.contains("outside the sweep"), "\(address)")
    }
  }

  @Test func nothingIsHereYet() async throws {
    let place = try ServedPlace()
    let answer = try await ask(place, "/", plan: ServePlan(directories: [], history: nil))
    #expect(answer.status == .ok && answer.text.contains("There is nothing here yet"))
    let missing = try await ask(
      place, "/", plan: ServePlan(directories: ["/absent"], history: "/absent.sqlite"))
    #expect(missing.text.contains("/absent: there is no such directory"))
    #expect(missing.text.contains("/absent.sqlite: there is no history yet"))
  }

  @Test func aRunIsFollowedAndThenReported() async throws {
    let place = try ServedPlace()
    let run = try record(into: place.directory.path("data/now"))
    let id = try place.id(of: "now")
    #expect(try await ask(place, "/").text.contains("href=\"/runs/\(id)/live\""))
    for address in ["/runs/\(id)/live", "/runs/\(id)"] {
      let page = try await ask(place, address)
      #expect(page.status == .ok && page.text.contains("Step 3 is done"), "\(address)")
      #expect(page.text.contains("http-equiv=\"refresh\"") && page.text.contains("engine test"))
      #expect(page.text.contains("jobs holds 5") && page.text.contains("<th scope=\"row\">main</th>"))
    }
    #expect(try await !ask(place, "/runs/\(id)/live?paused").text.contains("http-equiv=\"refresh\""))
    let early = try await ask(place, "/compare?base=\(id)&candidate=\(try place.id(of: "fast"))")
    #expect(early.status == .unprocessableContent && early.text.contains("still going on"))
    try run.finish()
    let ended = try await ask(place, "/runs/\(id)/live")
    #expect(ended.text.contains("The run has ended") && ended.text.contains("href=\"/runs/\(id)\""))
    #expect(try await ask(place, "/runs/\(id)").text.contains("tokens/s"))
    #expect(try await ask(place, "/").text.contains("href=\"/runs/\(id)\""))
  }

  /// A run whose process is gone is not followed, and a damaged status costs its own page only.
  @Test func aStatusThatIsLeft() async throws {
    let place = try ServedPlace()
    try place.directory.write("no status", to: "data/fast/live.hwlive")
    let id = try place.id(of: "fast")
    #expect(try await ask(place, "/runs/\(id)").text.contains("tokens/s over 10 steps"))
    let left = try await ask(place, "/runs/\(id)/live")
    #expect(left.status == .ok && left.text.contains("The run has ended"))
    try place.directory.write(String(repeating: "x", count: 70_000), to: "data/fast/live.hwlive")
    let damaged = try await ask(place, "/runs/\(id)/live")
    #expect(damaged.status == .unprocessableContent)
    #expect(damaged.text.contains("this is not the status of a run"))
    #expect(try await ask(place, "/").status == .ok)
  }

  /// Three steps of a run that is not finished. On one thread, as its recorder asks.
  private func record(into path: String) throws -> EngineRun {
    let run = try EngineRun(recordingInto: path, program: ["engine": "test"], samplesMemory: false)
    let main = run.register("main", role: .main)
    let work = run.state("assign")
    let jobs = run.waitSite("jobs", kind: .queueEmpty)
    run.openWindow()
    for index in 1...3 { main.step(index) { main.within(work) { main.complete(tasks: 1, tokens: 8) } } }
    main.queued(jobs, items: 5)
    main.retire()
    run.showStatus()
    return run
  }
}
