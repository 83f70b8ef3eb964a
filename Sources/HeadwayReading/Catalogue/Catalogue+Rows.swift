import Foundation
import HeadwayReport
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

extension Catalogue.Entry {
  /// What a list shows of it, read now, and whether there is something to open, in a directory that can be read without
  /// leaving it. The row's addresses are for the list's maker to fill in.
  public func row() -> (row: CatalogueListing.Row, isReadable: Bool) {
    var row = CatalogueListing.Row(
      name: name, address: nil, token: nil, kind: isSweep ? "sweep" : "run",
      state: .unknown("its directory is gone"), rate: history?.tokensPerSecond, what: history?.arrangement,
      startedAt: history?.startedAt, place: Self.shown(path))
    guard FileManager.default.fileExists(atPath: path) else { return (row, false) }
    do throws(InputError) {
      try Containment.check(path)
      if isSweep { try fill(&row, sweep: SweepDirectory(opening: path)) } else { fill(&row, run: path) }
      return (row, true)
    } catch {
      row.state = .unknown("cannot be read: \(error.problem)")
      return (row, false)
    }
  }

  private func fill(_ row: inout CatalogueListing.Row, run path: String) {
    guard let directory = try? RunDirectory(opening: path) else { return }
    let manifest = try? directory.manifest()
    row.startedAt = manifest?.startedAt ?? row.startedAt
    row.what =
      manifest.flatMap { CatalogueListing.Row.what(configuration: $0.configuration, program: $0.program) }
      ?? row.what
    let files = FileManager.default
    if files.fileExists(atPath: directory.summaryPath) {
      guard let summary = try? directory.summary() else {
        row.state = .unknown("its summary cannot be read")
        return
      }
      row.state = summary.completed ? .complete : .ended("interrupted")
      row.rate = summary.throughput.tokensPerSecond
      if row.rate == nil, let tasks = summary.throughput.tasksPerSecond {
        (row.rate, row.unit) = (tasks, "tasks/s")
      }
    } else if files.fileExists(atPath: directory.accountsPath) {
      row.state = .complete
    } else {
      row.state =
        switch RecordingActivity.isRecording(directory) {
        case true?: .running
        case false? where files.fileExists(atPath: directory.tracePath): .unknown("left no summary")
        case false?: .unknown("has written neither a trace nor a summary")
        case nil: .unknown("no summary yet, and its process is not ours to see")
        }
    }
  }

  private func fill(_ row: inout CatalogueListing.Row, sweep directory: SweepDirectory) throws(InputError) {
    let plan = try SweepReader.plan(of: directory)
    row.startedAt = plan.context.startedAt
    row.what = plan.cells.count == 1 ? "1 cell" : "\(plan.cells.count) cells"
    if RecordingActivity.isSweeping(directory) == true {
      row.state = .running
    } else if let summary = try? directory.summary() {
      row.state = summary.partial ? .ended("cut short") : Self.state(ofJournalIn: directory)
      row.what? += ", \(summary.blocks.complete) of \(summary.blocks.planned) blocks"
    } else {
      row.state = .unknown("left no summary")
    }
  }

  /// Whether the journal of a sweep that came to its end still holds all that it was given.
  private static func state(ofJournalIn directory: SweepDirectory) -> CatalogueListing.State {
    guard let damage = try? SweepReader.damage(of: directory) else {
      return .unknown("its journal cannot be read")
    }
    return damage.isEmpty ? .complete : .unknown("its journal is damaged")
  }

  /// A path as a reader of this directory would write it.
  static func shown(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}

/// A run of a sweep, as its journal has it.
public struct SweepPart: Sendable {
  /// What stands for it: see ``Catalogue``.
  public var id: String
  /// Its directory, absolute.
  public var path: String
  /// What a list shows of it, without its addresses.
  public var row: CatalogueListing.Row
  /// Whether it left figures that can be opened.
  public var hasFigures: Bool

  /// The runs of a sweep in the order in which they ended, the last one first.
  ///
  /// - Throws: ``InputError`` when the sweep cannot be read, or names a directory outside its own.
  public static func all(of path: String) throws(InputError) -> [SweepPart] {
    let directory = try SweepDirectory(opening: path)
    try Containment.check(path)
    let plan = try SweepReader.plan(of: directory)
    let labels = Dictionary(plan.arms.map { ($0.id, $0.label) }, uniquingKeysWith: { first, _ in first })
    var parts: [SweepPart] = []
    for record in try SweepReader.runs(of: directory).reversed() {
      guard Containment.isInside(relative: record.directory) else {
        throw InputError(
          directory.journalPath, field: "directory",
          problem: "a run is said to lie outside the sweep's directory, so nothing of it is shown",
          remedy: "sweep again; this journal was not written by Headway as it stands")
      }
      let own = directory.resolve(record.directory)
      let metric = plan.program?.metric.metric
      parts.append(
        SweepPart(
          id: Catalogue.identifier(of: own), path: own,
          row: CatalogueListing.Row(
            name: "\(labels[record.arm] ?? record.arm), block \(record.block + 1)", address: nil, token: nil,
            kind: record.pass == 0 ? "run" : "run, pass \(record.pass + 1)",
            state: record.outcome == .completed
              ? .complete : .ended(record.reason ?? record.outcome.rawValue),
            rate: record.value, unit: metric?.unit ?? "tokens/s", place: record.directory),
          hasFigures: plan.program == nil && record.outcome == .completed))
    }
    return parts
  }
}
