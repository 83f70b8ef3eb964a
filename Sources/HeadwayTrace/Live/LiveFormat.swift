/// The layout of a run's status file, `live.hwlive`, version 2: what a run that goes on looks like now.
///
///     0        header        see ``LiveFormat/Header``
///     4096     definitions   as in a trace: threads, states and sites; zero ends them
///     65536    rows          one of 4096 bytes for each defined thread, in their order
///
/// The run's threads keep their accumulators in memory that is laid out like this, and a thread of the tool's own
/// copies it into the file ten times a second: being followed costs the others nothing, and what is read is at most a
/// tenth of a second old while that thread gets a CPU and the disk takes what it writes. Each part says when it was
/// copied. Numbers are in the byte order of the machine, which is also where the file is read: its times are readings of
/// that machine's counter. The file is removed when the run ends in good order, and the process that records holds
/// locks on it, which the kernel releases however that process ends.
public enum LiveFormat {
  /// The first eight bytes: `HWLIVE` and two zeros.
  public static let magic: UInt64 = 0x0000_4556_494C_5748
  /// The version that this code writes and reads.
  public static let version: UInt32 = 2
  /// Bytes of the header, and the place of the first definition.
  public static let headerBytes = TraceFormat.headerBytes
  /// The place of the first row.
  public static let firstRow = TraceFormat.firstChunk
  /// Bytes of a row.
  public static let rowBytes = 4_096
  /// Rows that the file has room for; later threads are not shown.
  public static let rowLimit = 2_048

  /// The place of a row by its number.
  public static func place(ofRow number: Int) -> Int { firstRow + number * rowBytes }

  /// Byte offsets of the header's fields.
  public enum Header {
    static let magic = 0
    static let version = 8
    static let processID = 12
    static let originTicks = 16
    static let originMonotonicNs = 24
    static let ticksPerSecond = 32
    /// The counter when the window opened; 0 before.
    public static let windowBegin = 40
    /// The counter when the window closed; 0 before.
    public static let windowEnd = 48
    /// 1 once the run has ended in good order.
    public static let finished = 56
    /// The step that was completed last.
    public static let step = 64
    /// Tokens that the steps so far were trained on.
    public static let tokens = 72
    /// The loss of that step: the bits of a single-precision number, and 1 above them once there is one.
    public static let loss = 80
    /// The held-out loss likewise.
    public static let validationLoss = 88
    /// The step after which that was measured.
    public static let validationStep = 96
    /// The counter when the header was copied; 0 in memory.
    public static let copied = 104
    /// Bytes of a header that say something.
    public static let end = 112
  }

  /// Byte offsets of a row's fields.
  public enum Row {
    /// The open states, outermost first, 32 words: the counter at the entry, with the state's number plus 1
    /// in the lowest seven bits; 0 ends them.
    public static let open = 0
    /// The counter at the last change of state.
    public static let changed = 256
    /// The operating system's thread, and 1 above it while one fills the row.
    public static let thread = 264
    /// The counter when the row was copied; 0 in memory, and in a row of which no copy has been made.
    public static let copied = 272
    /// Tasks, tokens, steps, everything completed, and the counter at the last of these: five words.
    public static let counts = 384
    /// How many items a queue held when the thread last used it, by site: the counter then, with the number
    /// in the lowest 16 bits; 0 for none.
    public static let depths = 512
    /// By state, and last for no state, 65 entries: exclusive wall time inside the window in ticks, CPU time
    /// in nanoseconds, entries.
    public static let totals = 1_024
    static let openCount = 32
    static let depthCount = 32
    static let totalCount = 65
    static let totalBytes = 24
    /// Bytes of a row that say something.
    public static let used = totals + totalCount * totalBytes
  }

  /// The lowest bits of a word of open states that hold the state's number plus 1.
  public static let stateMask: UInt64 = 127
  /// The lowest bits of a word of a queue's depth that hold the depth.
  public static let depthMask: UInt64 = 0xFFFF

  /// The word that says how many items a queue held.
  @inlinable
  public static func depthWord(items: Int, at ticks: UInt64) -> UInt64 {
    ticks & ~depthMask | UInt64(clamping: min(max(items, 0), Int(depthMask)))
  }

  /// The word of a loss.
  public static func word(ofLoss loss: Float) -> UInt64 { UInt64(loss.bitPattern) | 1 << 32 }

  static func loss(ofWord word: UInt64) -> Float? {
    word >> 32 == 1 ? Float(bitPattern: UInt32(truncatingIfNeeded: word)) : nil
  }

  /// The bytes of a new file's header.
  public static func header(processID: Int32, origin: ClockSync, ticksPerSecond: UInt64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: headerBytes)
    func store(_ value: some FixedWidthInteger, at offset: Int) {
      withUnsafeBytes(of: value) { bytes.replaceSubrange(offset..<(offset + $0.count), with: $0) }
    }
    store(magic, at: Header.magic)
    store(version, at: Header.version)
    store(processID, at: Header.processID)
    store(origin.ticks, at: Header.originTicks)
    store(origin.monotonicNs, at: Header.originMonotonicNs)
    store(ticksPerSecond, at: Header.ticksPerSecond)
    return bytes
  }
}
