/// How much room each part of a report of forty lines gets. What does not fit is counted, never dropped silently.
struct BriefLimits {
  /// Lines of the verdict, and of what was predicted.
  var headline: Int
  /// Warnings, and runs that were left out, each shown by themselves.
  var warnings: Int
  /// Failed or open checks shown by themselves.
  var checks: Int
  /// Findings.
  var findings: Int
  /// Lines of one warning, check, finding or note.
  var linesEach: Int
  /// Rows of the smaller tables.
  var rows: Int
  /// Rows of the main table, at the least.
  var mainRows: Int

  /// From the most generous to what always fits.
  static let choices = [
    BriefLimits(headline: 4, warnings: 4, checks: 4, findings: 3, linesEach: 3, rows: 4, mainRows: 6),
    BriefLimits(headline: 4, warnings: 3, checks: 3, findings: 3, linesEach: 2, rows: 3, mainRows: 5),
    BriefLimits(headline: 3, warnings: 2, checks: 2, findings: 2, linesEach: 2, rows: 2, mainRows: 4),
    BriefLimits(headline: 3, warnings: 2, checks: 2, findings: 2, linesEach: 1, rows: 2, mainRows: 4),
    BriefLimits(headline: 2, warnings: 3, checks: 2, findings: 2, linesEach: 1, rows: 1, mainRows: 3),
    BriefLimits(headline: 2, warnings: 1, checks: 1, findings: 1, linesEach: 1, rows: 1, mainRows: 3),
  ]
}

/// Where a report lies in full, and the command that prints all of it.
public struct ReportPlaces: Equatable, Sendable {
  /// A written file or directory and what it is called.
  public struct Entry: Equatable, Sendable {
    /// What it is called; empty for one more of the kind above it.
    public var name: String
    /// Its path.
    public var path: String
    /// Names a path.
    public init(_ name: String, _ path: String) {
      self.name = name
      self.path = path
    }
  }

  /// What was written, in the order in which it is to be listed.
  public var entries: [Entry]
  /// The words of the command that prints the report in full.
  public var command: [String]

  /// Lists what was written.
  public init(_ entries: [Entry], command: [String]) {
    self.entries = entries
    self.command = command
  }

  private static let indent = 12

  /// A line for each, and one for the command.
  var lines: [String] { entryLines + [Self.line("in full", ShellWords.line(command))] }

  /// A line for each.
  public var entryLines: [String] { entries.map { Self.line($0.name, $0.path) } }

  private static func line(_ name: String, _ text: String) -> String {
    name + String(repeating: " ", count: max(indent - name.count, 1)) + text
  }
}
