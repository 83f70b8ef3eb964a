/// The layout of a trace file, version 2. All numbers are little-endian. Version 1 lacks the kinds of record
/// from ``TraceRecordKind/entered`` on, the price of a transition and the states in the heads of chunks.
///
///     0        header        see ``TraceHeader``
///     4096     definitions   threads, states and sites, one after another; zero ends them
///     65536    chunks        each of one thread: a 16-byte head, then 24-byte records; zero ends them
///
/// The file grows a chunk at a time. A thread writes into its own chunk, and the word that makes a record
/// or a definition valid is stored last, so that a process killed at any moment leaves a readable file.
public enum TraceFormat {
  /// The first eight bytes: `HWTRACE` and a zero.
  public static let magic: UInt64 = 0x0045_4341_5254_5748
  /// The version that this code writes.
  public static let version: UInt32 = 2
  /// The versions that it reads.
  public static let readableVersions: ClosedRange<UInt32> = 1...2
  /// Bytes of the header, and the place of the first definition.
  public static let headerBytes = 4_096
  /// Bytes reserved for definitions.
  public static let definitionBytes = 61_440
  /// The place of the first chunk.
  public static let firstChunk = headerBytes + definitionBytes
  /// Bytes of a chunk unless a writer asks for another size.
  public static let chunkBytes = 65_536
  /// Sizes of a chunk that a reader accepts.
  public static let chunkSizes = 64...(16 << 20)
  /// The first four bytes of a chunk in use: `HWCK`.
  public static let chunkMagic: UInt32 = 0x4B43_5748
  /// Bytes of a chunk's head: magic, thread, sequence number in the thread, and what the thread is doing
  /// (4 bytes each).
  public static let chunkHeadBytes = 16
  /// The place of the last of these: see ``CurrentState``.
  public static let currentStateOffset = 12
  /// Bytes of a record.
  public static let recordBytes = 24
  /// Bytes of a name that are kept.
  public static let nameLimit = 255

  /// Records that a chunk of `bytes` bytes holds.
  public static func recordCapacity(ofChunk bytes: Int) -> Int {
    max(0, bytes - chunkHeadBytes) / recordBytes
  }

  /// The head of a chunk as its four words: without an array, for a thread that must not allocate.
  public static func chunkHead(
    thread: UInt32, sequence: UInt32, current: CurrentState? = nil
  ) -> (magic: UInt32, thread: UInt32, sequence: UInt32, current: UInt32) {
    (
      chunkMagic, thread, sequence,
      current.map { CurrentState.word(state: $0.state, depth: $0.depth) } ?? 0
    )
  }

  // The codes of the file are positions in these lists: append, never reorder.
  static let roles: [ThreadRole] = [.main, .control, .worker, .prefetch, .sampler]
  static let categories: [StateCategory] = [
    .useful, .spin, .blocked, .runnable, .lifecycle, .selfCost, .unknown,
  ]
  static let siteKinds: [SiteKind] = [.barrier, .queueEmpty, .queueFull, .prefetchNotReady, .latch, .lock]
  /// The role's code of a thread whose role nobody knows.
  static let noRole: UInt8 = 255
}

/// Bytes under construction.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }
  /// Adds zeros up to a length, or up to a multiple of it.
  mutating func pad(to length: Int) { bytes += Array(repeating: 0, count: max(0, length - bytes.count)) }
  mutating func pad(toMultipleOf unit: Int) { pad(to: (bytes.count + unit - 1) / unit * unit) }
}

extension [UInt8] {
  /// The number at an offset; `nil` beyond the end.
  func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number? {
    guard offset >= 0, count >= MemoryLayout<Number>.size, offset <= count - MemoryLayout<Number>.size else {
      return nil
    }
    return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
  }
}
