import Foundation
import HeadwayFiles
import HeadwayHistory
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// The runs in some directories, read one by one: of a sweep those that count, else every run that was completed.
/// What cannot be read is left out and counted.
final class RunCollection: Sequence, IteratorProtocol {
  private var waiting: [Place]
  private var ready: [HistoryRun] = []
  private var skipped: [String] = []

  private struct Place {
    var path: String
    var depth: Int
  }
  /// How deep runs are looked for below a named directory.
  private static let deepest = 6

  /// Looks into directories.
  ///
  /// - Throws: ``InputError`` when one is not there.
  init(_ directories: [String]) throws(InputError) {
    waiting = []
    for path in directories {
      try Directory.require(path, remedy: "name a directory with runs or sweeps in it")
      let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
      waiting.append(
        Place(
          path: absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute,
          depth: 0))
    }
    waiting.reverse()
  }

  func next() -> HistoryRun? {
    while true {
      if !ready.isEmpty { return ready.removeLast() }
      guard let place = waiting.popLast() else { return nil }
      do throws(InputError) {
        try look(at: place)
      } catch {
        skipped.append("\(error)")
      }
    }
  }

  /// Says how many runs were written and what was left out.
  func report(_ count: Int, into history: String) {
    for reason in skipped.prefix(5) { Terminal.complain("left out: \(reason)") }
    if skipped.count > 5 { Terminal.complain("left out: \(skipped.count - 5) more") }
    let left = skipped.isEmpty ? "" : ", \(skipped.count) left out"
    Terminal.writeLine("\(count == 1 ? "1 run" : "\(count) runs") written to \(history)\(left)")
  }

  private func look(at place: Place) throws(InputError) {
    if exists(place.path + "/plan.json") { return try read(sweep: place.path) }
    if exists(place.path + "/manifest.json") { return try read(run: place.path) }
    guard place.depth < Self.deepest else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    for name in names.sorted(by: >) {
      let path = place.path + "/" + name
      if Directory.isDirectory(path) { waiting.append(Place(path: path, depth: place.depth + 1)) }
    }
  }

  private func read(run path: String) throws(InputError) {
    let directory = try RunDirectory(opening: path)
    let summary = try directory.summary()
    guard summary.completed else {
      skipped.append("\(path): the run was not completed")
      return
    }
    ready = [HistoryRun(path: path, manifest: try directory.manifest(), summary: summary)]
  }

  private func read(sweep path: String) throws(InputError) {
    let directory = try SweepDirectory(opening: path)
    let sweep = try SweepReader.read(directory)
    for run in sweep.runs.reversed() {
      let own = directory.resolve(run.record.directory)
      guard let summary = run.summary else {
        skipped.append("\(own): it is a run of another program, of which only its figure is known")
        continue
      }
      do throws(InputError) {
        let manifest = try RunDirectory(opening: own).manifest()
        ready.append(HistoryRun(path: own, manifest: manifest, summary: summary, sweep: sweep.plan.name))
      } catch {
        skipped.append("\(error)")
      }
    }
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
