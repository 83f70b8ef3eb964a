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

  /// The axes that somebody names, `NAME` or `NAME=VALUE,VALUE`; all of them for an empty list.
  ///
  /// - Throws: ``InputError`` for an axis that is not tuned, one that is named twice, and a list without a value.
  public static func axes(
    cpus: Int, named names: [String]
  ) throws(InputError) -> [(key: String, values: [String])] {
    let known = axes(cpus: cpus)
    func refusal(_ name: String, _ problem: String, _ remedy: String) -> InputError {
      InputError("--axis", field: name, problem: problem, remedy: remedy, isUsage: true)
    }
    var chosen: [(key: String, values: [String])] = []
    for name in names {
      let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let axis = known.first(where: { $0.key == parts[0] }) else {
        throw refusal(name, "no such axis is searched", "use \(known.map(\.key).joined(separator: ", "))")
      }
      if chosen.contains(where: { $0.key == axis.key }) {
        throw refusal(name, "the axis is named twice", "name it once, NAME=VALUE,VALUE")
      }
      let values = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : axis.values
      if values.isEmpty { throw refusal(name, "it has no value", "write \(axis.key)=VALUE,VALUE") }
      chosen.append((axis.key, values))
    }
    return chosen.isEmpty ? known : chosen
  }

  /// Every combination of the axes' values that a configuration can take on; at least one.
  ///
  /// - Throws: ``InputError`` when an axis has no such value, and when no combination can be run.
  public static func configurations(
    from base: RunConfiguration, over axes: [(key: String, values: [String])]
  ) throws(InputError) -> [(settings: [String: String], configuration: RunConfiguration)] {
    var rows: [[String: String]] = [[:]]
    for (key, values) in axes {
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
        try configuration.set(key, to: value, subject: "--axis")
      }
      // One worker has nobody to share a reduction or an update with: the serial ones stand for both.
      let isShared = ["reduction", "optimizer"].contains { row[$0] ?? "serial" != "serial" }
      if configuration.threads == 1 && isShared { continue }
      do throws(InputError) { try configuration.validate(subject: "tune") } catch { continue }
      found.append((row, configuration))
    }
    if !found.isEmpty { return found }
    throw InputError(
      "--axis", problem: "no combination of these values can be run", remedy: "name other values",
      isUsage: true)
  }
}
