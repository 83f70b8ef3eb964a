import Foundation
import HeadwayAnalysis
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// A directory that is to be compared: a run, or a sweep with its cells.
public struct ComparedDirectory {
  /// Whether it is a sweep.
  public let isSweep: Bool
  /// What is compared of it.
  public let subject: ComparedSubject

  /// Reads a directory, whichever of the two it is.
  public init(_ path: String) throws(InputError) {
    isSweep = SweepDirectory.exists(at: path)
    if isSweep {
      let directory = try SweepDirectory(opening: path)
      subject = ComparedSubject(try SweepReader.read(directory), in: directory)
    } else {
      let directory = try RunDirectory(opening: path)
      let run = ComparedRun(
        name: path, summary: try RunReport(of: directory).summary, manifest: try? directory.manifest())
      subject = ComparedSubject(path: path, cells: [ComparedCell(label: path, runs: [run])])
    }
  }

  /// Compares two runs or two sweeps.
  ///
  /// - Throws: ``InputError`` when one cannot be read, when one is a sweep and the other a run, and when they did
  ///   other work, came to another result or ran on another machine.
  public static func compare(
    _ base: String, with candidate: String, limits: ComparisonLimits = ComparisonLimits()
  ) throws(InputError) -> RunComparison {
    let (old, new) = try pair(base, candidate)
    if old.isSweep != new.isSweep {
      throw InputError(
        "\(base) and \(candidate)", problem: "one is a sweep, the other a run",
        remedy:
          "compare two sweeps, or a run of the sweep: \(old.isSweep ? base : candidate)/runs/CELL/BLOCK",
        isUsage: true)
    }
    return old.isSweep
      ? try RunComparison.ofSweeps(old.subject, new.subject, limits: limits)
      : try RunComparison.ofRuns(old.subject, new.subject, limits: limits)
  }

  /// Two directories that are compared: each run is called by the last part of its path, where that tells them apart.
  static func pair(_ base: String, _ candidate: String) throws(InputError) -> (
    ComparedDirectory, ComparedDirectory
  ) {
    let read = (try ComparedDirectory(base), try ComparedDirectory(candidate))
    let names = (URL(filePath: base).lastPathComponent, URL(filePath: candidate).lastPathComponent)
    if read.0.isSweep || read.1.isSweep || names.0 == names.1 { return read }
    return (read.0.called(names.0), read.1.called(names.1))
  }

  private init(isSweep: Bool, subject: ComparedSubject) {
    self.isSweep = isSweep
    self.subject = subject
  }

  private func called(_ name: String) -> ComparedDirectory {
    var subject = subject
    for index in subject.cells.indices { subject.cells[index].label = name }
    return ComparedDirectory(isSweep: isSweep, subject: subject)
  }
}

extension ComparedSubject {
  /// A sweep that has been read: of each cell the runs that count, with their manifests.
  init(_ sweep: RecordedSweep, in directory: SweepDirectory) {
    let runs = Dictionary(grouping: sweep.runs, by: \.record.arm)
    self.init(
      path: directory.path,
      cells: sweep.plan.cells.map { cell in
        ComparedCell(
          label: cell.label, settings: cell.settings,
          runs: (runs[cell.id] ?? []).compactMap { ComparedRun($0, in: directory) })
      })
  }
}

extension ComparedRun {
  /// A run of a sweep; `nil` for one of another program, which left no summary. One whose manifest cannot be
  /// read has none, which the comparison says.
  public init?(_ run: MeasuredRun, in directory: SweepDirectory) {
    guard let summary = run.summary else { return nil }
    let path = directory.resolve(run.record.directory)
    let manifest = try? RunDirectory(opening: path).manifest()
    self.init(name: run.record.directory, block: run.record.block, summary: summary, manifest: manifest)
  }
}
