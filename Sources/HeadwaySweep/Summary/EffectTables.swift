import Foundation
import HeadwayStatistics
import HeadwayTrace

/// What each switch of a sweep brings, family by family: the toggles of the profile or, without any, its axes
/// with two values.
struct EffectTables {
  private let plan: SweepPlan
  private let table: ThroughputTable
  private let switches: [Axis]

  init(_ plan: SweepPlan, _ table: ThroughputTable) {
    self.plan = plan
    self.table = table
    switches = plan.toggles ?? Self.axesWithTwoValues(plan)
  }

  /// A table for each family whose combinations were all measured in some block; `nil` when nothing was
  /// switched.
  var all: [EffectTable]? {
    guard let design = FactorialDesign(factors: switches.count, isFull: plan.toggles == nil) else {
      return nil
    }
    let families = Families(plan.cells, switches: switches, design: design)
    let measured = families.all.map { (family: $0, rates: table.complete($0.cells.map(\.id))) }
    let slopes = threadSlopes(measured, design)
    let tables = measured.compactMap { item -> EffectTable? in
      guard var table = self.table(item.family, item.rates, design) else { return nil }
      for index in table.rows.indices { table.rows[index].perDoubling = slopes[table.rows[index].settings] }
      return table
    }
    return tables.isEmpty ? nil : tables
  }

  private func table(
    _ family: Families.Family, _ rates: [[Double]], _ design: FactorialDesign
  ) -> EffectTable? {
    guard let effects = FactorialEffects(design, values: rates) else { return nil }
    let paths = FactorialPaths(design, values: rates)
    let order = Array(switches.indices)
    let rows = effects.effects.map { effect in
      var row = EffectRow(
        settings: effect.factors.map { AxisSetting(axis: switches[$0].name, value: switches[$0].values[1]) },
        from: effect.factors.map { switches[$0].values[0] },
        factor: Estimate(
          value: effect.factor, lower: effect.interval?.lower, upper: effect.interval?.upper,
          sampleCount: rates.count), share: effect.share)
      if effect.factors.count == 1 {
        func step(_ steps: [FactorialPaths.Step]?) -> Estimate? {
          steps?.first { $0.factor == effect.factors[0] }.map {
            Estimate(
              value: $0.ratio, lower: $0.interval?.lower, upper: $0.interval?.upper,
              sampleCount: rates.count)
          }
        }
        row.leftOut = step(paths?.leaveOneOut)
        row.ladder = step(paths?.ladder(order: order))
        row.average = step(paths?.averageOverOrders)
      }
      return row
    }
    return EffectTable(
      scope: family.settings.isEmpty ? "all cells" : PlannedCell.words(family.settings), rows: rows,
      unexplained: effects.unexplained, isFraction: !design.isFull)
  }

  /// How each term changes with every doubling of the threads: the slope of its log over log₂ N, block by
  /// block, over families that differ in nothing but their threads.
  private func threadSlopes(
    _ measured: [(family: Families.Family, rates: [[Double]])], _ design: FactorialDesign
  ) -> [[AxisSetting]: Estimate] {
    let others = Set(measured.map { $0.family.settings.filter { $0.axis != "threads" } })
    let counts = measured.compactMap { $0.family.threads }
    // Several kinds of families, or one number of threads: no one slope to speak of.
    guard others.count == 1, counts.count == measured.count, Set(counts).count > 1,
      let blocks = measured.map(\.rates.count).min(), blocks > 0
    else { return [:] }
    let places = counts.map { log2(Double($0)) }
    let middle = places.reduce(0, +) / Double(places.count)
    let spread = places.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    var slopes: [[AxisSetting]: [Double]] = [:]
    for block in 0..<blocks {
      for (place, item) in zip(places, measured) {
        guard let effects = FactorialEffects(design, values: [item.rates[block]]) else { return [:] }
        for effect in effects.effects {
          let key = effect.factors.map {
            AxisSetting(axis: switches[$0].name, value: switches[$0].values[1])
          }
          slopes[key, default: Array(repeating: 0, count: blocks)][block] +=
            (place - middle) / spread * log(effect.factor)
        }
      }
    }
    return slopes.compactMapValues { Estimate(positive: $0.map { exp($0) }) }
  }

  private static func axesWithTwoValues(_ plan: SweepPlan) -> [Axis] {
    var values: [(name: String, values: [String])] = []
    for setting in plan.cells.flatMap(\.settings) {
      if let index = values.firstIndex(where: { $0.name == setting.axis }) {
        if !values[index].values.contains(setting.value) { values[index].values.append(setting.value) }
      } else {
        values.append((setting.axis, [setting.value]))
      }
    }
    let pairs = values.filter { $0.values.count == 2 && $0.name != "threads" && $0.name != "phase" }
    return pairs.count <= FactorialDesign.factorLimit.upperBound
      ? pairs.map { Axis(name: $0.name, values: $0.values) } : []
  }
}

/// The cells of a grid, grouped by everything but its switches.
private struct Families {
  /// The cells of one group in the order of the design's runs.
  struct Family {
    let settings: [AxisSetting]
    let cells: [PlannedCell]
    /// Their number of threads, if it is one.
    let threads: Int?
  }

  /// The groups of which no cell is missing, in the grid's order.
  let all: [Family]

  init(_ cells: [PlannedCell], switches: [Axis], design: FactorialDesign) {
    let names = Set(switches.map(\.name))
    var order: [[AxisSetting]] = []
    var groups: [[AxisSetting]: [[AxisSetting]: PlannedCell]] = [:]
    for cell in cells {
      let shared = cell.settings.filter { !names.contains($0.axis) }
      if groups[shared] == nil { order.append(shared) }
      let own = switches.compactMap { axis in cell.settings.first { $0.axis == axis.name } }
      groups[shared, default: [:]][own] = cell
    }
    all = order.compactMap { shared in
      let members = design.runs.compactMap { run in
        groups[shared]?[
          zip(switches, run).map { AxisSetting(axis: $0.name, value: $0.values[$1 ? 1 : 0]) }]
      }
      guard members.count == design.runs.count else { return nil }
      let threads = Set(members.map(\.threads))
      return Family(
        settings: shared, cells: members, threads: threads.count == 1 ? threads.first.flatMap(\.self) : nil)
    }
  }
}
