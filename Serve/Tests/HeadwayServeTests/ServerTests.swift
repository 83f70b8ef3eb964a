import Foundation
import HeadwayReading
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The real program on a port of its own, asked over sockets.
@Suite(.serialized) struct ServerTests {
  private func status(_ answer: String) -> String {
    String(answer.prefix { $0 != "\r\n" }.split(separator: " ").dropFirst().first ?? "")
  }

  @Test(.timeLimit(.minutes(2))) func itServesAndEnds() throws {
    let place = try ServedPlace()
    let before = try place.contents()
    let server = try ServerProcess(place.plan)
    #expect(server.address == "http://127.0.0.1:\(server.port)/")
    let list = try server.answer("GET /")
    #expect(status(list) == "200" && list.contains("4 runs and sweeps") && list.contains("nosniff"))
    let report = try server.answer("GET /runs/\(try place.id(of: "fast"))")
    #expect(status(report) == "200" && report.hasSuffix("</html>\n"))
    let head = try server.answer("HEAD /")
    #expect(status(head) == "200" && head.hasSuffix("\r\n\r\n"))
    #expect(try place.contents() == before, "nothing was written")
    #expect(server.interrupt() == 0)
    #expect(throws: (any Error).self) { try server.exchange("") }
  }

  @Test(.timeLimit(.minutes(2))) func hostileRequests() throws {
    let place = try ServedPlace()
    let server = try ServerProcess(place.plan)
    for path in [
      "/../../../../etc/passwd", "/runs/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
      "/runs/%2e%2e%2fsecret.json",
      "/runs/..%00/", "//etc/passwd", "/runs/%c0%ae%c0%ae/secret.json",
      "http://127.0.0.1/runs/../secret.json",
    ] {
      let answer = try server.answer("GET \(path)")
      #expect(["404", "400"].contains(status(answer)), "\(path): \(status(answer))")
      #expect(!answer.contains("root:") && !answer.contains("a secret of"))
    }
    for host in ["evil.example", "evil.example:\(server.port)", "127.0.0.1.evil.example", "0.0.0.0", ""] {
      let answer = try server.answer("GET /", host: host)
      #expect(["403", "400"].contains(status(answer)), "\(host): \(status(answer))")
      #expect(!answer.contains("4 runs and sweeps"))
    }
    #expect(
      ["403", "400"].contains(status(try server.exchange("GET / HTTP/1.0\r\nConnection: close\r\n\r\n"))))
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
      #expect(status(try server.answer("\(method) /")) == "405", "\(method)")
    }
    // More than a header may hold, a body that nobody asked for, and what is no request.
    let huge = String(repeating: "a", count: 1 << 20)
    let long = try server.answer("GET /\(huge)")
    #expect(long.isEmpty || ["400", "404", "414", "431"].contains(status(long)), "\(status(long))")
    let padded = try server.exchange(
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(huge)\r\nConnection: close\r\n\r\n")
    #expect(padded.isEmpty || ["400", "431"].contains(status(padded)), "\(status(padded))")
    let posted = try server.exchange(
      "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(huge.count)\r\nConnection: close\r\n\r\n\(huge)"
    )
    #expect(posted.isEmpty || status(posted) == "405")
    for noise in ["\r\n\r\n", "\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "{}\r\n\r\n"] {
      let answer = try server.exchange(noise, isWhole: true)
      #expect(!answer.contains("4 runs and sweeps"), "\(noise.debugDescription)")
    }
    #expect(status(try server.answer("GET /")) == "200", "and it goes on")
  }

  @Test(.timeLimit(.minutes(2))) func aPortInUseIsOneSentence() throws {
    let place = try ServedPlace()
    let server = try ServerProcess(place.plan)
    var plan = place.plan
    plan.port = Int(server.port)
    let said = try start(plan)
    #expect(said.status == 1 && said.stdout.isEmpty)
    #expect(
      said.stderr.hasPrefix("headway: 127.0.0.1:\(server.port): another program listens there already;"))
    #expect(said.stderr.split(separator: "\n").count == 1, "\(said.stderr)")
  }

  @Test(.timeLimit(.minutes(2))) func whatIsNoPlanIsRefused() throws {
    var plan = try ServedPlace().plan
    plan.host = "203.0.113.7"
    let elsewhere = try start(plan)
    #expect(
      elsewhere.status == 1 && elsewhere.stderr.contains("this machine has no such address"),
      "\(elsewhere.stderr)")
    plan.host = "no such host"
    let unnamed = try start(plan)
    #expect(unnamed.status == 64 && unnamed.stderr.contains("--host: no such host"), "\(unnamed.stderr)")
    plan.schema = "headway.serve/9"
    let newer = try start(plan)
    #expect(newer.status == 1 && newer.stderr.contains("make serve"), "\(newer.stderr)")
    let program = try #require(builtProgram("headway-serve"))
    for arguments in [[], ["--help"], ["{}"], ["{}", "{}"]] as [[String]] {
      let outcome = try run(program, arguments)
      #expect(
        [1, 64].contains(outcome.status) && outcome.stderr.split(separator: "\n").count == 1, "\(arguments)")
    }
  }

  private func start(_ plan: ServePlan) throws -> CommandOutcome {
    try run(
      try #require(builtProgram("headway-serve")),
      [String(decoding: try HeadwayJSON.line(plan), as: UTF8.self)])
  }
}
