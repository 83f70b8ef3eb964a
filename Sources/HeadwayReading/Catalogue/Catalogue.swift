import Foundation
import HeadwayFiles
import HeadwayHistory
import HeadwayTrace

/// The runs and sweeps that are known, newest first: those that lie in some directories, and those that a history
/// knows besides. Nothing of them has been opened.
///
/// An entry has an identifier that is made from its path. What a reader names is looked up by it here, so that a name
/// from elsewhere never becomes a path.
public struct Catalogue: Sendable {
  /// A run or a sweep.
  public struct Entry: Equatable, Sendable {
    /// Sixteen hexadecimal digits.
    public var id: String
    /// Its directory, absolute.
    public var path: String
    /// Whether it is a sweep; otherwise a run.
    public var isSweep: Bool
    /// When it began, by the file that it wrote first, or by the history.
    public var began: Date
    /// What the history says of it; absent for a sweep and for a run that was not added to it.
    public var history: HistoryEntry?

    init(_ place: RecordedPlaces.Place, began: Date, history: HistoryEntry?) {
      id = Catalogue.identifier(of: place.path)
      path = place.path
      isSweep = place.isSweep
      self.began = began
      self.history = history
    }

    /// What it is called: the last part of its path.
    public var name: String { URL(filePath: path).lastPathComponent }
  }

  /// The entries, newest first.
  public private(set) var entries: [Entry]
  /// What could not be looked into.
  public private(set) var warnings: [String]
  private let places: [String: Int]

  /// Looks into directories and a history.
  ///
  /// - Parameters:
  ///   - directories: Where runs and sweeps are looked for. Links in them are not followed.
  ///   - history: The file of a history; `nil` for none.
  public init(directories: [String], history: String?) {
    var found: [String: Entry] = [:]
    var warnings: [String] = []
    var known: [String: HistoryEntry] = [:]
    if let history {
      do throws(InputError) {
        for run in try HistoryEntry.all(in: history) { known[run.path] = run }
      } catch {
        warnings.append("\(error)")
      }
    }
    for directory in directories {
      do throws(InputError) {
        for place in try RecordedPlaces([directory], followsLinks: false) {
          let first = place.path + (place.isSweep ? "/plan.json" : "/manifest.json")
          found[place.path] = Entry(place, began: Self.changed(first), history: known[place.path])
        }
      } catch {
        warnings.append("\(error)")
      }
    }
    for run in known.values {
      let place = Self.place(of: run)
      guard found[place.path] == nil else { continue }
      let began = (try? Date(run.startedAt, strategy: .iso8601)) ?? .distantPast
      found[place.path] = Entry(place, began: began, history: place.isSweep ? nil : run)
    }
    let sorted = found.values.sorted { ($0.began, $1.path) > ($1.began, $0.path) }
    entries = sorted
    self.warnings = warnings
    places = Dictionary(
      sorted.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry of an identifier; `nil` for one that is in no entry.
  public subscript(id: String) -> Entry? { places[id].map { entries[$0] } }

  /// The entries whose path contains a text, whatever the case; all for an empty one.
  public func entries(matching text: String) -> [Entry] {
    text.isEmpty ? entries : entries.filter { $0.path.localizedCaseInsensitiveContains(text) }
  }

  /// What stands for a path.
  static func identifier(of path: String) -> String {
    var hash = ContentHash()
    hash.combine(path.utf8)
    return hash.hexadecimal
  }

  /// The place that a run of the history belongs to: its sweep's, where it is of one.
  private static func place(of run: HistoryEntry) -> RecordedPlaces.Place {
    let parts = run.path.split(separator: "/", omittingEmptySubsequences: false)
    guard run.sweep != nil, parts.count > 4, parts[parts.count - 3] == "runs" else {
      return RecordedPlaces.Place(path: run.path, isSweep: false)
    }
    return RecordedPlaces.Place(path: parts.dropLast(3).joined(separator: "/"), isSweep: true)
  }

  private static func changed(_ path: String) -> Date {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    return facts?[.modificationDate] as? Date ?? .distantPast
  }
}
