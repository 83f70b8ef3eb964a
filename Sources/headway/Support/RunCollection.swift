import HeadwayHistory
import HeadwayReading
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// The runs in some directories, read one by one: of a sweep those that count, else every run that was completed.
/// What cannot be read is left out and counted.
final class RunCollection: Sequence, IteratorProtocol {
  private var places: RecordedPlaces
  private var ready: [HistoryRun] = []
  private var skipped: [String] = []

  /// Looks into directories.
  ///
  /// - Throws: ``InputError`` when one is not there.
  init(_ directories: [String]) throws(InputError) {
    places = try RecordedPlaces(directories)
  }

  func next() -> HistoryRun? {
    while true {
      if !ready.isEmpty { return ready.removeLast() }
      guard let place = places.next() else { return nil }
      do throws(InputError) {
        if place.isSweep { try read(sweep: place.path) } else { try read(run: place.path) }
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
}
