import Foundation
import HeadwayFiles
import HeadwayTrace

/// A value in what a program wrote: a line of its output that matches a pattern, or a place in a JSON file.
public struct OutputQuery: Codable, Equatable, Sendable {
  /// `pattern`: a regular expression (Swift's syntax), tried on every line of the output. The last line that
  /// matches counts. The value is the group named `value`, or the first group, or the whole match.
  public var pattern: String?
  /// `json`: the file, with placeholders.
  public var file: String?
  /// `path`: where the value stands in the file, keys and positions (from 0) joined by dots: `runs.0.seconds`.
  public var path: String?

  /// Names a place.
  package init(pattern: String?, file: String?, path: String?) {
    self.pattern = pattern
    self.file = file
    self.path = path
  }

  /// Output beyond this many bytes from its end is not looked at.
  static let searchedBytes = 4 << 20

  /// What a reading gives: the value, or what was wrong in words.
  package enum Reading: Equatable {
    case value(String)
    case missing(String)
  }

  /// Reads the value after a run.
  ///
  /// - Parameters:
  ///   - log: The run's output.
  ///   - file: The JSON file with its placeholders replaced.
  ///   - before: What the JSON file was before the run: a file that did not change is not this run's.
  package func read(log: String, file: String?, before: FileMark?) -> Reading {
    if let pattern { return Self.search(log, for: pattern) }
    guard let file, let path else { return .missing("nothing says where the value stands") }
    guard let mark = FileMark(of: file) else { return .missing("it did not write \(file)") }
    if mark == before { return .missing("it did not write \(file) anew") }
    do {
      return Self.value(at: path, in: try StoredFile.read(file), of: file)
    } catch {
      return .missing("\(error)")
    }
  }

  private static func search(_ log: String, for pattern: String) -> Reading {
    guard let expression = try? Regex(pattern) else { return .missing("\(pattern) is no pattern") }
    let lines = StoredFile.lastText(searchedBytes, of: log).split(whereSeparator: \.isNewline)
    for line in lines.reversed() {
      guard let match = try? expression.firstMatch(in: line) else { continue }
      let groups = match.output
      let named = groups.first { $0.name == "value" }
      let chosen = named ?? (groups.count > 1 ? groups[1] : groups[0])
      if let text = chosen.substring { return .value(String(text)) }
    }
    return .missing("no line of its output matches \(pattern)")
  }

  private static func value(at path: String, in bytes: Data, of file: String) -> Reading {
    guard var node = try? JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed) else {
      return .missing("\(file) is not JSON")
    }
    for key in path.split(separator: ".").map(String.init) {
      if let object = node as? [String: Any], let inner = object[key] {
        node = inner
      } else if let list = node as? [Any], let index = Int(key), list.indices.contains(index) {
        node = list[index]
      } else {
        return .missing("\(file) has no \(path)")
      }
    }
    switch node {
    case let text as String: return .value(text)
    // The shortest text that reads back as the number.
    case let number as NSNumber: return .value(number.description)
    default: return .missing("\(path) of \(file) is neither a number nor a text")
    }
  }
}

/// What tells one version of a file from another.
package struct FileMark: Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// The mark of a file; `nil` where there is none.
  package init?(of path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    device = UInt64(facts.st_dev)
    inode = UInt64(facts.st_ino)
    size = Int64(facts.st_size)
    seconds = facts.st_mtim.tv_sec
    nanoseconds = facts.st_mtim.tv_nsec
  }
}
