import HeadwayExport
import HeadwayTestSupport
import HeadwayTrace
import Testing

/// The tables, read back by a reader of quoted fields.
@Suite struct TableTests {
  /// Rows of fields, the head first.
  private func rows(_ bytes: [UInt8]) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    let characters = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var index = 0
    func add(_ scalar: Unicode.Scalar) {
      rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
    }
    while index < characters.count {
      let scalar = characters[index]
      index += 1
      switch scalar {
      case "\"" where isQuoted && index < characters.count && characters[index] == "\"":
        add(scalar)
        index += 1
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: rows[rows.count - 1].append("")
      case "\n" where !isQuoted: rows.append([""])
      default: add(scalar)
      }
    }
    rows.removeLast()
    return rows
  }

  private func dictionaries(_ bytes: [UInt8]) -> [[String: String]] {
    let rows = rows(bytes)
    return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
  }

  @Test("every row has every column", arguments: RunTable.allCases)
  func shape(table: RunTable) {
    let rows = rows(table.text(MaximalContracts.run))
    #expect(rows.count > 1, "\(table) has rows")
    #expect(Set(rows.map(\.count)).count == 1 && Set(rows[0]).count == rows[0].count)
    let bare = self.rows(table.text(.literal()))
    #expect(bare[0] == rows[0], "the head does not depend on the run")
  }

  @Test func figuresOfARun() throws {
    let run = MaximalContracts.run
    let threads = dictionaries(RunTable.threads.text(run))
    #expect(threads.map { $0["thread"] } == run.threads.map(\.name))
    #expect(threads[0]["cpu_ns"] == "\(run.threads[0].cpuNs.count)")
    #expect(threads[1]["run_delay_ns"] == "", "what was not measured is an empty field")
    let states = dictionaries(RunTable.states.text(run))
    #expect(states.count == run.threads.reduce(0) { $0 + $1.states.count })
    let barriers = dictionaries(RunTable.barriers.text(run))
    #expect(barriers.allSatisfy { $0["episodes"] == "\(run.barriers[0].episodes)" })
    #expect(
      barriers.compactMap { $0["last_arrivals"].flatMap(Int.init) }.reduce(0, +)
        == run.barriers[0].lastArrivals.values.reduce(0, +))
    let steps = dictionaries(RunTable.steps.text(run))
    #expect(steps.count == run.throughput.stepsNs.count)
    #expect(steps.count { $0["is_warmup"] == "1" } == run.throughput.warmupSteps)
    #expect(steps.last?["train_loss"] == "\(try #require(run.loss?.train.last?.value))")
  }

  @Test func aSweepHasARowForEveryRunAndForThoseLeftOut() throws {
    let sweep = MaximalContracts.sweep
    let runs = dictionaries(SweepTable.runs.text(sweep))
    #expect(runs.count == sweep.cells.reduce(0) { $0 + $1.samples.count } + sweep.excluded.count)
    #expect(runs[0]["threads"] == "1" && runs[0]["tokens_per_second"] == "100.5")
    let left = try #require(runs.last)
    #expect(left["excluded_because"] == sweep.excluded[0].reason && left["tokens_per_second"] == "")
    #expect(left["threads"] == "2", "the excluded run's cell is known by its label")
    let cells = dictionaries(SweepTable.cells.text(sweep))
    #expect(cells.map { $0["cell"] } == sweep.cells.map(\.id))
    #expect(cells[0]["verdict"] == "" && cells[1]["verdict"] == "faster")
    #expect(cells[1]["label"] == "2 threads, \"queue\"", "quotes and commas come back")
  }
}
