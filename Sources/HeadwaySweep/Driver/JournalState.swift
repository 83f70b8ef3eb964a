import HeadwayTrace

/// What a journal says has been done: what a report reads, and where a resumed sweep goes on. A pure account of the
/// journal's lines.
package struct JournalState: Sendable {
  /// The runs that ended, in the order in which they did.
  package private(set) var runs: [RunRecord] = []
  /// The blocks that are complete.
  package private(set) var blocks: [BlockRecord] = []
  /// The resumptions, in order.
  package private(set) var resumptions: [ResumptionRecord] = []
  /// The end; `nil` for a sweep that was killed, and for one that goes on.
  package private(set) var end: EndRecord?
  /// The predictions that were frozen; `nil` where none were, or where runs had begun.
  package private(set) var predictions: LedgerRecord?
  /// Whether a line about predictions came too late to be one.
  package private(set) var hasLatePredictions = false
  /// Of every resumption how many runs had ended before it.
  private var runsBefore: [Int] = []
  private var runsByPass: [Pass: [RunRecord]] = [:]

  /// One pass over a block.
  private struct Pass: Hashable {
    var block: Int
    var pass: Int
  }

  /// Nothing has been done.
  package init() {}

  /// Reads the lines of a journal.
  package init(_ entries: [JournalEntry]) {
    for entry in entries {
      if let run = entry.run {
        runs.append(run)
        runsByPass[Pass(block: run.block, pass: run.pass), default: []].append(run)
      }
      if let block = entry.block, !blocks.contains(where: { $0.block == block.block }) {
        blocks.append(block)
      }
      if let resumption = entry.resumption {
        resumptions.append(resumption)
        runsBefore.append(runs.count)
      }
      if let frozen = entry.predictions {
        // What is frozen after a run is no prediction, and what is frozen again is none either.
        if runs.isEmpty && predictions == nil { predictions = frozen } else { hasLatePredictions = true }
      }
      // What follows an end says that the sweep went on.
      end = entry.end
    }
  }

  /// The time between the end of a run and the start of the next, of each pair that no resumption parts: what the
  /// driver itself took to read the one and to prepare the other.
  package var gaps: [Nanoseconds] {
    let parts = Set(runsBefore)
    return runs.indices.dropFirst().compactMap { index in
      if parts.contains(index) { return nil }
      let before = runs[index - 1]
      return max(.zero, runs[index].startedNs - (before.startedNs + before.wallNs))
    }
  }

  /// Whether the sweep ended by its own rules: there is nothing to resume.
  package var isComplete: Bool { end.map { $0.cutShort == nil } ?? false }

  /// The sweep's own time so far, the time between its parts not counted.
  package var elapsedNs: Nanoseconds {
    let last = runs.map { $0.startedNs + $0.wallNs }.max() ?? .zero
    return [end?.elapsedNs, resumptions.last?.elapsedNs].compactMap(\.self).reduce(last) { max($0, $1) }
  }

  /// The record of a block that is complete.
  package func block(_ number: Int) -> BlockRecord? { blocks.first { $0.block == number } }

  /// The runs of an arm in one pass over a block, in the order in which they ended.
  package func runs(of arm: String, block: Int, pass: Int) -> [RunRecord] {
    (runsByPass[Pass(block: block, pass: pass)] ?? []).filter { $0.arm == arm }
  }

  /// Whether a pass over a block was begun.
  package func hasBegun(block: Int, pass: Int) -> Bool {
    runsByPass[Pass(block: block, pass: pass)] != nil
  }

  /// Blocks, from 0, of which one part was measured before a resumption and another after it: their pairs are further
  /// apart in time than others.
  package var dividedBlocks: [Int] {
    let divided = runsBefore.compactMap { count -> Int? in
      guard let before = runs[..<count].last(where: { $0.outcome != .cancelled }) else { return nil }
      let goesOn = runs[count...].contains { $0.block == before.block && $0.pass == before.pass }
      return goesOn ? before.block : nil
    }
    return Set(divided).sorted()
  }
}
