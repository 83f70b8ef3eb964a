import HeadwayTrace

/// The configurations among which a search chooses: the axes that change a step's time and not its work.
public enum TuningGrid {
  /// Numbers of workers worth trying on so many CPUs.
  public static func threads(cpus: Int) -> [Int] {
    let cpus = max(cpus, 1)
    return Set([1, max(cpus / 2, 1), max(cpus - 1, 1), cpus, cpus + 1, 2 * cpus]).sorted()
  }

  /// The values of every tuned axis, by key. `kernels` and `grain` change the order of the arithmetic's
  /// roundings, and no more.
  public static func axes(cpus: Int) -> [(key: String, values: [String])] {
    [
      ("threads", threads(cpus: cpus).map(String.init)), ("scheduling", ["barrier", "queue"]),
      ("reduction", ["serial", "segmented"]), ("optimizer", ["serial", "segmented"]),
      ("prefetch", ["off", "on"]), ("grain", ["batch", "sequence"]), ("kernels", ["simd", "blas"]),
    ]
  }

  /// Every combination that a configuration can take on.
  ///
  /// - Throws: ``InputError`` when an axis has no such value, which is a fault of this list.
  public static func configurations(
    from base: RunConfiguration, cpus: Int
  ) throws(InputError) -> [(settings: [String: String], configuration: RunConfiguration)] {
    var rows: [[String: String]] = [[:]]
    for (key, values) in axes(cpus: cpus) {
      rows = rows.flatMap { row in
        values.map { value in
          var row = row
          row[key] = value
          return row
        }
      }
    }
    var found: [(settings: [String: String], configuration: RunConfiguration)] = []
    for row in rows {
      var configuration = base
      for (key, value) in row.sorted(by: { $0.key < $1.key }) {
        try configuration.set(key, to: value, subject: "tune")
      }
      // One worker has nobody to share a reduction or an update with: the serial ones stand for both.
      if configuration.threads == 1, row["reduction"] != "serial" || row["optimizer"] != "serial" { continue }
      do throws(InputError) { try configuration.validate(subject: "tune") } catch { continue }
      found.append((row, configuration))
    }
    return found
  }
}
