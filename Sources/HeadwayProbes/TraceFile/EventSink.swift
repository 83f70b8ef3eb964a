import CHeadwayLinux
import HeadwayTrace

/// Where one thread's events go: a cursor into its chunk of the trace. Part of the thread's row.
@usableFromInline
struct EventSink {
  /// Whether events are recorded.
  @usableFromInline var isOpen = false
  /// Records that fit into the current chunk.
  @usableFromInline var remaining = 0
  // Invariant: the next free record of a chunk that this thread claimed; valid while `remaining > 0`, that
  // is while the writer, which the probe keeps, is mapped.
  @usableFromInline var cursor: UnsafeMutablePointer<UInt64>?
  /// Events that found no room.
  @usableFromInline var dropped: UInt64 = 0

  // Invariant: the probe keeps the writer as long as the rows.
  private var writer: Unmanaged<TraceFileWriter>?
  // Invariant: a word of this thread's definition in the mapped file; written by this thread only.
  private var droppedWord: UnsafeMutablePointer<UInt64>?
  // Invariant: the last word of the head of the chunk that this thread claimed last, as long as the sink is
  // open; written by this thread only.
  @usableFromInline var currentWord: UnsafeMutablePointer<UInt32>?
  /// What that word says.
  @usableFromInline var current: UInt32 = 0
  private var thread: UInt32 = 0
  private var sequence: UInt32 = 0

  /// A sink that keeps nothing.
  init() {}

  /// A sink into chunks of a file. `definition` is the place of the thread's definition.
  init(writer: TraceFileWriter, thread: Int, definition: Int?) {
    self.writer = .passUnretained(writer)
    self.thread = UInt32(clamping: thread)
    droppedWord = definition.map { writer.droppedWord(ofDefinitionAt: $0) }
    isOpen = true
  }

  /// Notes what the thread is doing from now on, for whoever reads the file of a killed process. Released,
  /// so that the records before it are there when it is.
  @inlinable
  mutating func show(_ state: Int?, depth: Int) {
    guard let word = currentWord else { return }
    current = CurrentState.word(state: state, depth: depth)
    headway_store_release_u32(word, current.littleEndian)
  }

  /// Stores a record; the chunk must have room for it.
  @inlinable
  mutating func store(_ record: TraceRecord) {
    guard let word = cursor else { return }
    word[0] = record.start.littleEndian
    word[2] = record.argumentWord
    // Last, in program order, so that the file of a killed process holds whole records only.
    headway_store_release_u64(word + 1, record.commitWord)
    cursor = word + 3
    remaining &-= 1
  }

  /// Whether the file may have another chunk.
  var mayRefill: Bool { isOpen && writer?._withUnsafeGuaranteedRef { !$0.hasRunOut } ?? false }

  /// Takes the next chunk; `false` when there is none.
  mutating func refill() -> Bool {
    guard isOpen, let writer else { return false }
    let claimed = writer._withUnsafeGuaranteedRef { writer in
      writer.claimChunk(thread: thread, sequence: sequence).map {
        (words: $0, room: TraceFormat.recordCapacity(ofChunk: writer.chunkBytes) - 1)
      }
    }
    guard let claimed, claimed.room >= 2 else { return false }
    sequence &+= 1
    cursor = claimed.words
    remaining = claimed.room
    let head = UnsafeMutableRawPointer(claimed.words) - TraceFormat.chunkHeadBytes - TraceFormat.recordBytes
    let word = (head + TraceFormat.currentStateOffset).assumingMemoryBound(to: UInt32.self)
    headway_store_release_u32(word, current.littleEndian)
    currentWord = word
    return true
  }

  /// Counts an event that is not kept, in the file too.
  @usableFromInline
  mutating func drop() {
    dropped &+= 1
    if let droppedWord { headway_store_release_u64(droppedWord, dropped.littleEndian) }
  }

  /// Stops recording: the file is about to be cut.
  mutating func close() {
    isOpen = false
    droppedWord = nil
    currentWord = nil
    remaining = 0
    cursor = nil
  }
}
