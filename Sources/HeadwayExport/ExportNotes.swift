import HeadwayTrace

/// What a reader of an export must know: what was left out of it, in sentences. Empty when it is whole.
public struct ExportNotes: Equatable, Sendable {
  /// The sentences.
  public private(set) var sentences: [String] = []

  /// Nothing to say.
  public init() {}

  /// Adds a sentence about a number of things, unless there is none of them.
  mutating func add(_ count: Int, _ one: String, _ many: String) {
    if count == 0 { return }
    sentences.append(count == 1 ? "1 \(one)" : "\(count) \(many)")
  }

  /// Adds a sentence.
  mutating func add(_ sentence: String) { sentences.append(sentence) }
}

extension ExportNotes {
  /// What a trace lacks: events without room, records that name nothing, an end that is missing.
  init(of reader: TraceReader, omissions: TraceOmissions) {
    self.init()
    let dropped = reader.threads.reduce(0) { $0 + min($1.eventsDropped, .max - $0) }
    add(
      dropped, "event was not recorded for want of room in the trace",
      "events were not recorded for want of room in the trace")
    add(
      reader.header.definitionsDropped, "name found no room in the trace, and what it names is left out",
      "names found no room in the trace, and what they name is left out")
    add(
      omissions.undefinedRecords, "record names nothing that the trace defines and is left out",
      "records name nothing that the trace defines and are left out")
    if reader.isTruncated || omissions.cutChunks > 0 {
      add("the trace ends before its recording did, and so does the export")
    } else if !reader.isFinished {
      add("the recording was cut off, and the export ends there")
    }
  }
}
