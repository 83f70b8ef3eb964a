import Foundation
import HeadwayAnalysis
import HeadwayFiles
import HeadwayStore
import HeadwaySweep
import HeadwayTrace

/// Sweeps that were measured before, as far as they can be read: what cannot be read says nothing.
enum EarlierSweeps {
  /// The latest sweeps in a folder, the latest first.
  static func directories(in folder: String, atMost limit: Int = 20) -> [SweepDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let dated = names.compactMap { name -> (path: String, date: Date)? in
      let path = "\(folder)/\(name)"
      let facts = try? FileManager.default.attributesOfItem(atPath: "\(path)/journal.jsonl")
      return (facts?[.modificationDate] as? Date).map { (path, $0) }
    }
    return dated.sorted { $0.date > $1.date }.prefix(limit).compactMap {
      try? SweepDirectory(opening: $0.path)
    }
  }

  /// How far the predictions of the sweeps in a folder were off on a machine; `nil` where none of them predicted and
  /// measured anything there.
  ///
  /// - Parameter own: A sweep that does not count: the one that is about to predict.
  static func pastErrors(in folder: String, on machine: MachineFacts, but own: String) -> PastErrors? {
    func whole(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
    let ledgers = directories(in: folder).filter { whole($0.path) != whole(own) }.compactMap { directory in
      try? directory.summary()
    }.filter {
      $0.machine.processor == machine.processor && $0.machine.usableCpus == machine.usableCpus
    }.compactMap(\.predictions)
    return PastErrors(of: ledgers)
  }
}
