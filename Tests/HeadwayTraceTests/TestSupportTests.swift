import Foundation
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite("What the tests stand on")
struct TestSupportTests {
  @Test("a temporary directory goes with its last reference")
  func temporaryDirectory() throws {
    var directory: TemporaryDirectory? = try TemporaryDirectory()
    let file = try #require(try directory?.write("x", to: "a/b.txt"))
    #expect(FileManager.default.fileExists(atPath: file.path))
    directory = nil
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test("the package root holds the manifest")
  func root() {
    #expect(FileManager.default.fileExists(atPath: packageRoot.appending(path: "Package.swift").path))
  }

  @Test("a program's two outputs are drained at once, however long they are")
  func draining() throws {
    let script = "i=0; while [ $i -lt 20000 ]; do echo out-$i; echo err-$i >&2; i=$((i+1)); done; cat; exit 3"
    let outcome = try run(URL(filePath: "/bin/sh"), ["-c", script], stdin: Data("end".utf8))
    #expect(outcome.status == 3)
    #expect(outcome.stdout.hasSuffix("out-19999\nend") && outcome.stderr.hasSuffix("err-19999\n"))
  }

  @Test("a program that a signal ended has its number")
  func signal() throws {
    #expect(try run(URL(filePath: "/bin/sh"), ["-c", "kill -9 $$"]).status == -9)
  }

  @Test("a program that does not read its input does no harm")
  func unreadInput() throws {
    let outcome = try run(URL(filePath: "/bin/sh"), ["-c", "exit 4"], stdin: Data(count: 1 << 20))
    #expect(outcome.status == 4)
  }

  @Test("a gate holds until it is opened, and stays open")
  func gate() {
    let gate = EventGate()
    #expect(!gate.wait(atMost: 0))
    let passed = EventGate()
    Thread.detachNewThread {
      gate.wait()
      passed.open()
    }
    gate.open()
    #expect(passed.wait() && gate.wait(atMost: 0))
  }
}
