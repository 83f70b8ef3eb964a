import Foundation
import HeadwayAnalysis
import HeadwayProbes
import HeadwayReport
import HeadwayStore
import HeadwayTrace

/// The report of a run directory, from the best that the run left: its summary, the accounts of another
/// engine, or the trace of a run that was killed before it could write either.
public struct RunReport {
  /// The run's directory.
  public let directory: RunDirectory
  /// What the run measured.
  public private(set) var summary: RunSummary

  /// Reads a run.
  ///
  /// - Throws: ``InputError`` when the directory holds none of the three, or the best of them cannot be read.
  public init(of directory: RunDirectory) throws(InputError) {
    self.directory = directory
    if !Self.exists(directory.summaryPath), Self.exists(directory.accountsPath) {
      summary = try Self.summary(ofAccountsIn: directory)
    } else if !Self.exists(directory.summaryPath), Self.exists(directory.tracePath) {
      summary = try RunAnalysis.summarize(
        trace: try TraceFile.reader(of: directory.tracePath), manifest: try Self.manifest(in: directory))
    } else {
      summary = try directory.summary()
    }
  }

  /// Holds the run against its machine's ceilings: those of a file that was named, or those in its directory.
  /// Ceilings that lie in the directory and do not fit are a warning, because nobody asked for them.
  ///
  /// - Throws: ``InputError`` when the named file cannot be read or is not of this run's machine.
  public mutating func addRoofline(ceilings named: String?) throws(InputError) {
    if let named {
      try hold(against: named)
    } else if Self.exists(directory.ceilingsPath) {
      do throws(InputError) {
        try hold(against: directory.ceilingsPath)
      } catch {
        summary.warnings.append("no roofline: \(error.problem)")
      }
    }
  }

  private mutating func hold(against path: String) throws(InputError) {
    try summary.hold(
      against: try RunDirectory.ceilings(at: path), machine: try Self.manifest(in: directory)?.machine)
  }

  /// Writes `report.html` and `report.md` into the run's directory, with what its trace and its stacks show.
  ///
  /// A trace or stacks that cannot be read cost their drawings only: the report says so, and ``summary`` from here on.
  public mutating func write() throws {
    let (run, excerpt, stacks) = shown()
    summary.warnings = run.warnings
    try directory.writeReports(
      html: try HTMLReport.render(
        run: run, manifest: try Self.manifest(in: directory), excerpt: excerpt, stacks: stacks),
      markdown: try MarkdownReport.render(run: run))
  }

  /// The page of ``write()``, for a reader who must not write.
  ///
  /// - Parameter trail: Where its reader may go from it.
  public func html(trail: [PageLink]) throws -> String {
    let (run, excerpt, stacks) = shown()
    return try HTMLReport.render(
      run: run, manifest: try Self.manifest(in: directory), excerpt: excerpt, stacks: stacks, trail: trail)
  }

  /// What the page shows: the summary, with a warning for each drawing that cannot be made.
  private func shown() -> (run: RunSummary, excerpt: TimelineExcerpt?, stacks: StackProfile?) {
    var run = summary
    var excerpt: TimelineExcerpt?
    var stacks: StackProfile?
    do { excerpt = try self.excerpt() } catch { run.warn("there is no timeline: \(error)") }
    do { stacks = try self.stacks() } catch { run.warn("there are no flame graphs: \(error)") }
    return (run, excerpt, stacks)
  }

  /// A few steps of the trace; `nil` without one.
  ///
  /// - Throws: ``InputError`` when it cannot be read.
  public func excerpt() throws(InputError) -> TimelineExcerpt? {
    guard Self.exists(directory.tracePath) else { return nil }
    let reader = try TraceFile.reader(of: directory.tracePath)
    var excerpt = try TimelineExcerpt(reading: reader, warmupSteps: summary.throughput.warmupSteps)
    guard let time = excerpt?.time else { return nil }
    do throws(InputError) {
      excerpt?.mark(
        criticalPath: try RunAnalysis.criticalPath(reading: reader, from: time.begin, to: time.end))
    } catch {
      excerpt?.omissions.append("the critical path could not be followed: \(error.problem)")
    }
    return excerpt
  }

  /// The sampled stacks; `nil` where none were sampled.
  ///
  /// - Throws: ``InputError`` when they cannot be read.
  public func stacks() throws(InputError) -> StackProfile? {
    Self.exists(directory.stacksPath) ? try directory.stacks() : nil
  }

  private static func summary(ofAccountsIn directory: RunDirectory) throws(InputError) -> RunSummary {
    let recorded = try directory.accounts()
    let manifest = try manifest(in: directory)
    var warnings: [String] = []
    let patterns = patterns(ofTraceIn: directory, warnings: &warnings)
    let unexplained = unexplainedSteps(ofTraceIn: directory, warnings: &warnings)
    var stacks: StackProfile?
    if exists(directory.stacksPath) {
      do { stacks = try directory.stacks() } catch {
        warnings.append("where the stacks were is not known: \(error)")
      }
    }
    return RunAnalysis.summarize(
      configuration: manifest?.configuration, completed: true, accounts: recorded.accounts,
      stepDurations: recorded.stepsNs, loss: nil, memory: recorded.memory, stalls: recorded.stalls,
      warnings: warnings, stacks: stacks,
      usableCpus: manifest?.machine.usableCpus, program: manifest?.program, patterns: patterns,
      unexplained: unexplained)
  }

  /// What the order of a run's events tells; `nil` without a trace, and with a warning where it is damaged.
  public static func patterns(
    ofTraceIn directory: RunDirectory, warnings: inout [String]
  ) -> TracePatterns? {
    guard exists(directory.tracePath) else { return nil }
    do {
      return try TracePatterns(of: try TraceFile.reader(of: directory.tracePath))
    } catch {
      warnings.append("the findings that need the order of events are absent: \(error)")
      return nil
    }
  }

  /// What a run's events leave unexplained in each step; `nil` without a whole trace, and with a warning where it
  /// is damaged.
  public static func unexplainedSteps(
    ofTraceIn directory: RunDirectory, warnings: inout [String]
  ) -> UnexplainedSteps? {
    guard exists(directory.tracePath) else { return nil }
    do {
      return try UnexplainedSteps(of: try TraceFile.reader(of: directory.tracePath))
    } catch {
      warnings.append("the books are not checked step by step: \(error)")
      return nil
    }
  }

  /// The manifest; a killed run may have none.
  ///
  /// - Throws: ``InputError`` when it cannot be read.
  public static func manifest(in directory: RunDirectory) throws(InputError) -> Manifest? {
    exists(directory.manifestPath) ? try directory.manifest() : nil
  }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

extension RunSummary {
  /// Adds a warning, once: before the others, because a short report does not show them all.
  fileprivate mutating func warn(_ sentence: String) {
    if !warnings.contains(sentence) { warnings.insert(sentence, at: 0) }
  }
}
