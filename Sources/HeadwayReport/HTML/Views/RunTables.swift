import HeadwayTrace

/// The tables of a run's page that stand behind its drawings.
enum RunTables {
  /// Rows that a person reads; longer series are thinned to these.
  private static let rowCount = 24

  /// The steps in groups.
  static func steps(_ run: RunSummary) -> TableView {
    let rates = StepRates(run.throughput)
    return TableView(
      tableLabel: "Throughput over the steps, in \(rates.unit)", corner: "steps",
      headings: ["slowest", "median", "fastest"].map { .init($0) } + [.init("", "w")],
      rows: rates.groups(count: rowCount).map { group in
        let name =
          group.first == group.last
          ? Numerals.count(group.first) : "\(Numerals.count(group.first))–\(Numerals.count(group.last))"
        return .init(
          head: name,
          cells: [group.slowest, group.median, group.fastest].map { .init(Numerals.rounded($0)) }
            + [.init(group.last <= rates.warmup ? "warm-up" : "", "w")])
      })
  }

  /// The memory samples, thinned.
  static func memory(_ run: RunSummary) -> TableView {
    let series = run.memory.samples?.series ?? []
    let origin = series.first?.timeNs ?? .zero
    let stride = max((series.count + rowCount - 1) / rowCount, 1)
    let shown = series.enumerated().filter { $0.offset % stride == 0 || $0.offset == series.count - 1 }
    return TableView(
      tableLabel: "Memory over time", corner: "seconds",
      headings: ["resident", "anonymous", "heap in use", "in swap", "page faults", "faults that read"]
        .map { .init($0) },
      rows: shown.map { _, sample in
        let bytes = [sample.rssBytes, sample.anonymousBytes, sample.heapBytes, sample.swapBytes]
        let faults = [sample.minorFaults, sample.majorFaults]
        return .init(
          head: Numerals.fixed((sample.timeNs - origin).seconds, 2),
          cells: bytes.map { .init(Numerals.bytes($0)) }
            + faults.map { .init($0.map(Numerals.count) ?? Numerals.absent) })
      })
  }

  /// The components of the memory.
  static func components(_ run: RunSummary) -> TableView {
    let parts = MemoryPartsFigure.parts(of: run.memory)
    return TableView(
      tableLabel: "Memory by component", corner: "component",
      headings: [.init("bytes"), .init("of the peak")],
      rows: parts.map { part in
        let share = run.memory.peakRssBytes.map { Double(part.bytes) / Double(max($0, 1)) }
        return .init(
          head: part.name, cells: [.init(Numerals.bytes(part.bytes)), .init(Numerals.share(share))])
      })
  }

  /// The excerpt's time by thread and state.
  static func timeline(_ excerpt: TimelineExcerpt) -> TableView {
    struct Key: Hashable {
      var row: Int
      var state: Int
    }
    var sums: [Key: (count: Int, wall: Nanoseconds)] = [:]
    for span in excerpt.spans {
      let old = sums[Key(row: span.row, state: span.state)] ?? (0, .zero)
      sums[Key(row: span.row, state: span.state)] = (
        old.count + 1, old.wall + (span.time.end - span.time.begin)
      )
    }
    var onPath: [Key: Nanoseconds] = [:]
    var elsewhere: [String: (row: Int, state: String, time: Nanoseconds)] = [:]
    for piece in excerpt.path {
      let time = piece.time.end - piece.time.begin
      let state = excerpt.states.firstIndex { $0.name == piece.state }
      if let state, sums[Key(row: piece.row, state: state)] != nil {
        onPath[Key(row: piece.row, state: state), default: .zero] += time
      } else {
        // A thread in no state, or before its first and after its last one.
        elsewhere["\(piece.row) \(piece.state)", default: (piece.row, piece.state, .zero)].time += time
      }
    }
    let rows = sums.sorted {
      ($0.key.row, $1.value.wall, $0.key.state) < ($1.key.row, $0.value.wall, $1.key.state)
    }
    var table = rows.map { key, sum -> TableView.Row in
      let state = excerpt.states[key.state]
      var cells: [TableView.Cell] = [
        .init(state.name, "w"), .init(Phrases.word(state.category), "w"), .init(Numerals.count(sum.count)),
        .init(Numerals.duration(sum.wall)), .init(Numerals.share(sum.wall / excerpt.lengthNs)),
      ]
      if !excerpt.path.isEmpty { cells.append(.init(Numerals.duration(onPath[key] ?? .zero))) }
      return TableView.Row(head: excerpt.rows[key.row].name, cells: cells)
    }
    for place in elsewhere.values.sorted(by: { ($0.row, $0.state) < ($1.row, $1.state) }) {
      let absent = Array(repeating: TableView.Cell(Numerals.absent), count: 3)
      table.append(
        TableView.Row(
          head: excerpt.rows[place.row].name,
          cells: [.init(place.state, "w"), .init(Numerals.absent, "w")] + absent
            + [.init(Numerals.duration(place.time))]))
    }
    return TableView(
      tableLabel: "Time in each state, states inside included", corner: "thread",
      headings: [.init("state", "w"), .init("category", "w"), .init("times"), .init("time"), .init("share")]
        + (excerpt.path.isEmpty ? [] : [.init("on the critical path")]), rows: table)
  }

  /// The functions of a flame graph, callers before what they call.
  static func flame(_ tree: FlameTree) -> TableView {
    var rows: [TableView.Row] = []
    func add(_ nodes: [FlameTree.Node], depth: Int) {
      for node in nodes where node.share(of: tree) >= 0.01 && depth < FlameDrawing.depthLimit {
        let indent = String(repeating: "\u{2003}", count: min(depth, 24))
        rows.append(
          .init(
            head: indent + node.name,
            cells: [
              .init(node.module ?? Numerals.absent, "w"), .init(Numerals.share(node.share(of: tree))),
              .init(Numerals.share(Double(node.ownPeriods) / Double(max(tree.periods, 1)))),
            ]))
        add(node.callees, depth: depth + 1)
      }
    }
    add(tree.roots, depth: 0)
    return TableView(
      tableLabel: "Functions with at least 1 % of the samples, callers above", corner: "function",
      headings: [.init("module", "w"), .init("total"), .init("self")], rows: rows)
  }

  /// The hottest functions of every role.
  static func functions(_ stacks: StackSummary) -> TableView {
    let hasSleep = stacks.mode == .wall
    return TableView(
      tableLabel: "The functions in which the threads were sampled most", corner: "function",
      headings: [.init("module", "w"), .init("threads", "w"), .init("self"), .init("total")]
        + (hasSleep ? [.init("asleep")] : []),
      rows: stacks.roles.flatMap { role in
        role.functions.map { function in
          func share(_ periods: Int) -> TableView.Cell {
            .init(
              role.periods > 0
                ? Numerals.share(Double(periods) / Double(role.periods)) : Numerals.absent)
          }
          return .init(
            head: FunctionWords.short(function.name),
            cells: [
              .init(function.module ?? Numerals.absent, "w"), .init(RoleWords.plural(role.role), "w"),
              share(function.selfPeriods), share(function.totalPeriods),
            ] + (hasSleep ? [share(function.sleepingPeriods)] : []))
        }
      })
  }
}
