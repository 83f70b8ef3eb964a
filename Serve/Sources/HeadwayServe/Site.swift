import Foundation
import HeadwayReading
import HeadwayReport
import HeadwayStore
import HeadwayTrace
import Synchronization

/// The pages, made when they are asked for. Nothing is written, and what a reader names is looked up in the list of what
/// is there: no part of an address becomes a part of a path.
public final class Site: Sendable {
  /// Rows of a list on one page.
  public static let rowsOfPage = 50

  private let plan: ServePlan
  private let latest = Mutex<Catalogue?>(nil)
  private let follower = LiveFollower()

  /// The pages of what a plan names.
  public init(_ plan: ServePlan) {
    self.plan = plan
  }

  /// The list of runs and sweeps.
  func list(find: String, page: Int) throws -> String {
    let catalogue = look()
    let found = catalogue.entries(matching: find)
    let shown = ListPart(count: found.count, page: page)
    var listing = CatalogueListing(
      subject: "all runs and sweeps", title: Self.count(found.count, of: catalogue.entries.count, find: find),
      lead: lead, emptyNote: find.isEmpty ? Self.nothingYet : "No name or directory contains “\(find)”.",
      compareAddress: PageAddress.comparison.path)
    listing.warnings = catalogue.warnings
    listing.searchAddress = PageAddress.list.path
    listing.search = find
    listing.pages = shown.links(to: PageAddress.list.path, find: find)
    listing.rows = found[shown.range].map { entry in
      let seen = entry.row()
      guard seen.isReadable else { return seen.row }
      var row = seen.row
      row.token = ComparisonToken(entry: entry.id).text
      if entry.isSweep {
        row.address = PageAddress.sweep(entry.id).path
        row.partsAddress = PageAddress.parts(ofSweep: entry.id).path
      } else if row.state == .running {
        row.address = PageAddress.live(entry.id).path
        row.token = nil
      } else {
        row.address = PageAddress.run(entry.id).path
      }
      return row
    }
    return try HTMLReport.render(catalogue: listing)
  }

  /// The report of a run of the list; of one that goes on, what it does.
  func run(_ id: String) throws -> String {
    let entry = try entry(id, isSweep: false)
    let directory = try RunDirectory(opening: entry.path)
    if RecordingActivity.isRecording(directory) == true {
      return try live(id, isPaused: false)
    }
    return try RunReport(of: directory).html(trail: [PageAddress.list.link])
  }

  /// A run of the list as it goes on.
  ///
  /// - Parameter isPaused: Whether the page stands still.
  func live(_ id: String, isPaused: Bool) throws -> String {
    let entry = try entry(id, isSweep: false)
    let directory = try RunDirectory(opening: entry.path)
    switch try follower.look(at: directory) {
    case .running(let view, let what):
      return try HTMLReport.render(
        live: view, name: entry.name, what: what,
        options: liveOptions(id, isPaused: isPaused, activity: RecordingActivity.isRecording(directory)),
        trail: [PageAddress.list.link])
    case .absent where RecordingActivity.isRecording(directory) == true:
      return try HTMLReport.render(
        notice: "The run goes on",
        sentence: "It could not keep a status that others see, so nothing is known of it before it ends.",
        trail: [PageAddress.list.link])
    case .absent, .ended:
      return try HTMLReport.render(
        notice: "The run has ended",
        sentence: FileManager.default.fileExists(atPath: directory.summaryPath)
          ? "Its report is there."
          : "It left no summary, or has not written it yet. Its report shows what is there.",
        trail: [PageAddress.list.link, PageAddress.run(id).link])
    }
  }

  private func liveOptions(_ id: String, isPaused: Bool, activity: Bool?) -> LivePageOptions {
    let address = PageAddress.live(id).path
    return LivePageOptions(
      refreshSeconds: isPaused ? nil : Self.refreshSeconds,
      toggle: isPaused
        ? PageLink("Follow it again", to: address)
        : PageLink("Stop looking every \(Self.refreshSeconds) s", to: address + "?paused"),
      warnings: activity == nil
        ? ["Whether the run still goes on cannot be told: its process is not ours to see."] : [])
  }

  private static let refreshSeconds = 2

  /// The report of a sweep of the list.
  func sweep(_ id: String) throws -> String {
    let entry = try entry(id, isSweep: true)
    // Reads the names in the journal, which must stay in the directory.
    _ = try SweepPart.all(of: entry.path)
    let directory = try SweepDirectory(opening: entry.path)
    let isRunning = RecordingActivity.isSweeping(directory) == true
    return try SweepReport(of: directory, isRunning: isRunning).html(
      trail: [PageAddress.list.link, PageAddress.parts(ofSweep: id).link])
  }

  /// The runs of a sweep of the list.
  func parts(ofSweep id: String, page: Int) throws -> String {
    let entry = try entry(id, isSweep: true)
    let parts = try SweepPart.all(of: entry.path)
    let shown = ListPart(count: parts.count, page: page)
    let address = PageAddress.parts(ofSweep: id).path
    var listing = CatalogueListing(
      subject: "sweep \(entry.name)",
      title: parts.count == 1 ? "The sweep has one run" : "The sweep has \(parts.count) runs",
      lead:
        "As its journal has them: those that went wrong, and those of passes that do not count, are among them.",
      emptyNote: "No run of it has ended yet.", compareAddress: PageAddress.comparison.path)
    listing.pages = shown.links(to: address, find: "")
    listing.rows = parts[shown.range].map { part in
      var row = part.row
      if part.hasFigures {
        row.address = PageAddress.part(part.id, ofSweep: id).path
        row.token = ComparisonToken(entry: id, part: part.id).text
      }
      return row
    }
    return try HTMLReport.render(
      catalogue: listing, trail: [PageAddress.list.link, PageAddress.sweep(id).link])
  }

  /// The report of a run of a sweep.
  func part(_ id: String, ofSweep sweep: String) throws -> String {
    let part = try part(id, of: try entry(sweep, isSweep: true))
    return try RunReport(of: try RunDirectory(opening: part.path)).html(
      trail: [PageAddress.list.link, PageAddress.parts(ofSweep: sweep).link])
  }

  /// Two runs or two sweeps compared; or, where they cannot be, why.
  func comparison(base: String?, candidate: String?) throws -> String {
    let trail = [PageAddress.list.link]
    guard let base, let candidate else {
      throw PageRefusal(
        status: .badRequest, title: "Two are compared",
        sentence: "Mark one as the base and another as the candidate, and then compare them.")
    }
    let (old, new) = (try path(of: ComparisonToken(base)), try path(of: ComparisonToken(candidate)))
    if old == new {
      throw PageRefusal(
        status: .badRequest, title: "Two are compared",
        sentence: "The base and the candidate are the same: mark another one.")
    }
    let comparison: RunComparison
    do throws(InputError) {
      comparison = try ComparedDirectory.compare(old, with: new)
    } catch {
      throw PageRefusal(status: .unprocessableContent, title: "Not compared", sentence: "\(error)")
    }
    return try HTMLReport.render(comparison: comparison, trail: trail)
  }

  /// The directory of what is compared.
  private func path(of token: ComparisonToken) throws -> String {
    guard let entry = find(token.entry) else { throw PageRefusal.missing }
    try Containment.check(entry.path)
    if let part = token.part { return try self.part(part, of: entry).path }
    if entry.isSweep {
      _ = try SweepPart.all(of: entry.path)
      return entry.path
    }
    let directory = try RunDirectory(opening: entry.path)
    if RecordingActivity.isRecording(directory) == true {
      throw PageRefusal(
        status: .unprocessableContent, title: "Not compared",
        sentence: "The run \(entry.name) is still going on: compare it when it has ended.")
    }
    return entry.path
  }

  private func part(_ id: String, of entry: Catalogue.Entry) throws -> SweepPart {
    guard entry.isSweep,
      let part = try SweepPart.all(of: entry.path).first(where: { $0.id == id && $0.hasFigures })
    else { throw PageRefusal.missing }
    return part
  }

  /// An entry by its identifier, in a directory that can be read without leaving it.
  private func entry(_ id: String, isSweep: Bool) throws -> Catalogue.Entry {
    guard let entry = find(id), entry.isSweep == isSweep else { throw PageRefusal.missing }
    try Containment.check(entry.path)
    return entry
  }

  /// Looks into the latest list, and into a new one for what is not in it.
  private func find(_ id: String) -> Catalogue.Entry? {
    if let entry = latest.withLock({ $0?[id] }) { return entry }
    return look()[id]
  }

  private func look() -> Catalogue {
    let catalogue = Catalogue(directories: plan.directories, history: plan.history)
    latest.withLock { $0 = catalogue }
    return catalogue
  }

  private static func count(_ count: Int, of whole: Int, find: String) -> String {
    let words = count == 1 ? "1 run or sweep" : "\(count) runs and sweeps"
    return find.isEmpty ? words : "\(words) of \(whole) with “\(find)” in their path"
  }

  private static let nothingYet =
    "There is nothing here yet: headway train and headway sweep record into .headway, and headway history add keeps what"
    + " lies elsewhere."

  private var lead: String {
    let places = plan.directories + (plan.history.map { ["the history \($0)"] } ?? [])
    return places.isEmpty
      ? "There is neither a directory .headway nor a history here."
      : "From \(places.joined(separator: ", "))."
  }
}

/// Which rows of a list stand on a page.
struct ListPart {
  var range: Range<Int>
  private var page: Int
  private var last: Int

  /// A page, from 1; beyond the ends the nearest one.
  init(count: Int, page: Int) {
    last = max((count + Site.rowsOfPage - 1) / Site.rowsOfPage, 1)
    self.page = min(max(page, 1), last)
    let start = (self.page - 1) * Site.rowsOfPage
    range = start..<min(start + Site.rowsOfPage, count)
  }

  func links(to address: String, find: String) -> [PageLink] {
    func link(_ words: String, _ number: Int) -> PageLink {
      var place = URLComponents()
      place.path = address
      place.queryItems = [URLQueryItem(name: "page", value: String(number))]
      if !find.isEmpty { place.queryItems?.append(URLQueryItem(name: "find", value: find)) }
      return PageLink("\(words) (page \(number) of \(last))", to: place.string ?? address)
    }
    return (page > 1 ? [link("Newer", page - 1)] : []) + (page < last ? [link("Older", page + 1)] : [])
  }
}
