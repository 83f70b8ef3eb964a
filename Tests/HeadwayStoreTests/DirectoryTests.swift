import Foundation
import HeadwayFiles
import HeadwayStore
import HeadwayTestSupport
import HeadwayTrace
import Testing

@Suite struct DirectoryTests {
  @Test func aRunDirectoryIsCreatedWithItsParentsAndReadBack() throws {
    let directory = try TemporaryDirectory()
    let run = try RunDirectory(creating: directory.root + "/a/b/run")
    var configuration = RunConfiguration()
    configuration.threads = 7
    try run.write(configuration)
    #expect(try RunDirectory(opening: run.path).configuration() == configuration)
    #expect(
      sentence { _ = try run.summary() }
        == "\(run.summaryPath): there is no such file or directory; the run did not finish, or this is not a run's "
        + "directory; see its log.txt.")
  }

  @Test func aDirectoryInUseIsRefused() throws {
    let directory = try TemporaryDirectory()
    try AtomicFile.write(Data(), to: directory.root + "/something")
    #expect(
      sentence { _ = try RunDirectory(creating: directory.root) }
        == "\(directory.root): the directory is not empty, and a run starts in a fresh one; "
        + "choose another directory or remove this one.")
    let file = directory.root + "/something"
    #expect(
      sentence { _ = try SweepDirectory(creating: file) }
        == "\(file): it is a file, not a directory; choose another path.")
    #expect(
      sentence { _ = try SweepDirectory(creating: file + "/below") }
        == "\(file): it is a file, not a directory; choose another path.")
  }

  @Test func whatIsNotThereIsNamed() throws {
    let directory = try TemporaryDirectory()
    #expect(
      sentence { _ = try RunDirectory(opening: directory.root + "/none") }
        == "\(directory.root)/none: there is no such directory; name a directory that a run has written.")
    #expect(
      sentence { _ = try SweepDirectory(opening: directory.root) }
        == "\(directory.root): it holds no plan.json; name a directory that a sweep has written.")
  }

  @Test func aPlanIsWrittenOnce() throws {
    let directory = try TemporaryDirectory()
    let sweep = try SweepDirectory(creating: directory.root + "/sweep")
    try sweep.writePlan(["cells": 2])
    #expect(sentence { try sweep.writePlan(["cells": 3]) }.contains("does not change"))
    #expect(try SweepDirectory(opening: sweep.path).plan([String: Int].self) == ["cells": 2])
  }

  @Test func attemptsHaveNamesOfTheirOwn() throws {
    let directory = try TemporaryDirectory()
    let sweep = try SweepDirectory(creating: directory.root + "/sweep")
    #expect(sweep.relativeRunPath(cell: "threads-2", block: 3, attempt: 0) == "runs/threads-2/3")
    #expect(sweep.relativeRunPath(cell: "threads-2", block: 3, attempt: 1) == "runs/threads-2/3-attempt-2")
  }

  @Test func anotherVersionAndACutFileAreRefusedInWords() throws {
    let directory = try TemporaryDirectory()
    let sweep = try SweepDirectory(creating: directory.root + "/sweep")
    var summary = SweepSummary(
      name: "s", command: "c", startedAt: "t", elapsedNs: .zero, toolVersion: "1",
      machine: MachineFacts(
        processor: nil, architecture: "x86_64", onlineCpus: 2, usableCpus: 2, memoryBytes: nil, kernel: nil,
        hypervisor: nil, clockSource: nil, vectorExtensions: []),
      seed: 1, corpus: "", blocks: BlockCount(complete: 0, planned: 6, disturbed: 0), partial: true,
      cells: [], checks: [], overhead: nil, findings: [], warnings: [], excluded: [])
    try sweep.write(summary)
    #expect(try sweep.summary() == summary)
    summary.schema = "headway.sweep/9"
    try sweep.write(summary)
    #expect(
      sentence { _ = try sweep.summary() }
        == "\(sweep.summaryPath): schema: got headway.sweep/9, and this tool reads headway.sweep/1; "
        + "use the version of the tool that wrote it.")
    let bytes = try StoredFile.read(sweep.summaryPath, remedy: "")
    try AtomicFile.write(bytes.prefix(bytes.count / 2), to: sweep.summaryPath)
    #expect(sentence { _ = try sweep.summary() }.contains("it may be truncated or from another version"))
  }
}
