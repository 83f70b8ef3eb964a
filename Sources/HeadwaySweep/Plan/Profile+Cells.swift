import HeadwayStatistics
import HeadwayTrace

extension Profile {
  /// The most cells that a sweep may have.
  static let cellLimit = 1_000

  /// The grid: every combination of the axes, the last axis changing fastest, for every phase and every run
  /// of the toggles' design, without what is excluded. One cell is the baseline.
  ///
  /// - Throws: ``InputError`` (usage) for a grid that is empty or absurdly large, a cell that no run can
  ///   take, and a baseline that is no cell.
  public func cells() throws(InputError) -> [PlannedCell] {
    var dimensions = axes
    if !phases.isEmpty { dimensions.insert(Axis(name: "phase", values: phases.map(\.name)), at: 0) }
    let design = FactorialDesign(factors: toggles.count)
    var count = design?.runs.count ?? 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension.values.count)
      count = overflow ? Int.max : product
      if count > Self.cellLimit {
        throw InputError(
          path, field: "axes", problem: "the grid has more than \(Self.cellLimit) cells",
          remedy: "give the axes fewer values", isUsage: true)
      }
    }
    var settings: [[AxisSetting]] = [[]]
    for dimension in dimensions {
      settings = settings.flatMap { prefix in
        dimension.values.map { prefix + [AxisSetting(axis: dimension.name, value: $0)] }
      }
    }
    if let design {
      settings = settings.flatMap { prefix in
        design.runs.map { run in
          prefix + zip(toggles, run).map { AxisSetting(axis: $0.name, value: $0.values[$1 ? 1 : 0]) }
        }
      }
    }
    let kept = try withoutExcluded(settings)
    let chosen = try baselineSettings(dimensions + toggles, kept)
    var cells: [PlannedCell] = []
    for settings in kept {
      cells.append(try cell(settings, isBaseline: settings == chosen))
    }
    return try withUniqueNames(cells)
  }

  private func cell(_ settings: [AxisSetting], isBaseline: Bool) throws(InputError) -> PlannedCell {
    let label = PlannedCell.words(settings)
    if program != nil {
      return PlannedCell(
        id: PlannedCell.identifier(settings), label: label, settings: settings, configuration: nil,
        parameters: parameters(of: settings), isBaseline: isBaseline)
    }
    var configuration = base
    if let name = settings.first(where: { $0.axis == "phase" })?.value {
      for phase in phases {
        for setting in phase.settings {
          try configuration.set(setting.axis, to: setting.value, subject: path)
        }
        if phase.name == name { break }
      }
    }
    for setting in settings where setting.axis != "phase" {
      try configuration.set(setting.axis, to: setting.value, subject: path)
    }
    do {
      try configuration.validate(subject: "\(path), the cell \"\(label)\"")
    } catch {
      throw InputError(
        error.subject, field: error.field, problem: error.problem,
        remedy: error.remedy + ", or leave the cell out with exclude", isUsage: true)
    }
    return PlannedCell(
      id: PlannedCell.identifier(settings), label: label, settings: settings, configuration: configuration,
      isBaseline: isBaseline)
  }

  /// The values of another program's placeholders: `base`, the phases up to the cell's own, its axes.
  private func parameters(of settings: [AxisSetting]) -> [AxisSetting] {
    var result = parameters
    func set(_ setting: AxisSetting) {
      result.removeAll { $0.axis == setting.axis }
      result.append(setting)
    }
    if let name = settings.first(where: { $0.axis == "phase" })?.value {
      for phase in phases {
        phase.settings.forEach(set)
        if phase.name == name { break }
      }
    }
    settings.forEach(set)
    return result
  }

  private func withoutExcluded(_ settings: [[AxisSetting]]) throws(InputError) -> [[AxisSetting]] {
    for selection in selections where !settings.contains(where: selection.matches) {
      throw InputError(
        selection.place, field: "filters.only", problem: "no cell matches", remedy: "correct or remove it",
        isUsage: true)
    }
    var kept = settings
    if !selections.isEmpty {
      kept.removeAll { cell in !selections.contains { $0.matches(cell) } }
    }
    for exclusion in exclusions {
      let before = kept.count
      kept.removeAll(where: exclusion.matches)
      if kept.count == before {
        throw InputError(
          exclusion.place, field: "exclude", problem: "no cell matches, or another line excludes it already",
          remedy: "correct or remove it", isUsage: true)
      }
    }
    if kept.isEmpty {
      throw InputError(
        path, field: "exclude", problem: "every cell is excluded", remedy: "keep at least one", isUsage: true)
    }
    return kept
  }

  /// The settings of the baseline: what `baseline` names, and of everything else the first value.
  private func baselineSettings(
    _ dimensions: [Axis], _ kept: [[AxisSetting]]
  ) throws(InputError) -> [AxisSetting] {
    if baseline.isEmpty { return kept[0] }
    let wanted = dimensions.map { dimension in
      baseline.first { $0.axis == dimension.name }
        ?? AxisSetting(axis: dimension.name, value: dimension.values[0])
    }
    guard kept.contains(wanted) else {
      throw InputError(
        path, field: "baseline", problem: "the cell \"\(PlannedCell.words(wanted))\" is excluded",
        remedy: "name a cell that is measured", isUsage: true)
    }
    return wanted
  }

  /// Values such as `a b` and `a-b` give the same directory name: number what would collide.
  private func withUniqueNames(_ cells: [PlannedCell]) throws(InputError) -> [PlannedCell] {
    var used: Set<String> = []
    return cells.map { cell in
      var cell = cell
      var number = 2
      let stem = cell.id
      while !used.insert(cell.id).inserted {
        cell.id = "\(stem)-\(number)"
        number += 1
      }
      return cell
    }
  }
}
