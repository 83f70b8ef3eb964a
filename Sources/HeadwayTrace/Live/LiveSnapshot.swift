/// A run's status file as it was copied last, decoded.
public struct LiveSnapshot: Equatable, Sendable {
  /// The recording process, by the number that it has for itself.
  public var processID: Int32
  /// The counter when the header was copied, after the rows.
  public var now: UInt64
  /// The counter when the file was read.
  public var readAt: UInt64
  /// What the counter's readings mean.
  public var rate: ClockRate
  /// The counter when the measured window opened; absent before.
  public var windowBegin: UInt64?
  /// The counter when it closed; absent before.
  public var windowEnd: UInt64?
  /// Whether the run has ended in good order.
  public var isFinished: Bool
  /// The step that was completed last; 0 before the first.
  public var step: Int
  /// Tokens that the steps so far were trained on.
  public var tokens: Int
  /// The loss of the last step, in nats per token; absent before the first and for other engines.
  public var loss: Float?
  /// The held-out loss, and the step after which it was measured.
  public var validation: LossPoint?
  /// The states by their numbers.
  public var states: [StateDefinition]
  /// The waiting sites by their numbers.
  public var sites: [SiteDefinition]
  /// The threads in the order in which they came.
  public var rows: [LiveRow]

  /// Decodes the parts of a file.
  ///
  /// - Parameters:
  ///   - head: The header's bytes.
  ///   - definitions: The bytes of the definitions.
  ///   - rows: The bytes of the rows from the first on.
  ///   - readAt: The counter when the header was read.
  /// - Throws: ``InputError`` naming the file and the field for what is no status file, or is damaged.
  public init(
    head: [UInt8], definitions: [UInt8], rows: [[UInt8]], readAt: UInt64, file: String
  ) throws(InputError) {
    func word(_ offset: Int) -> UInt64 { head.native(at: offset) ?? 0 }
    guard word(LiveFormat.Header.magic) == LiveFormat.magic else {
      throw InputError(
        file, field: "magic", problem: "this is not the status of a run",
        remedy: "name a directory that a run is writing")
    }
    let version: UInt32 = head.native(at: LiveFormat.Header.version) ?? 0
    guard version == LiveFormat.version else {
      throw InputError(
        file, field: "version",
        problem: "the status has version \(version), and this headway reads version \(LiveFormat.version)",
        remedy: "use the headway that records the run")
    }
    guard let rate = ClockRate(ticksPerSecond: word(LiveFormat.Header.ticksPerSecond)) else {
      throw InputError(
        file, field: "ticks per second", problem: "got 0", remedy: "the file is damaged; remove it")
    }
    self.rate = rate
    self.readAt = readAt
    now = word(LiveFormat.Header.copied)
    processID = head.native(at: LiveFormat.Header.processID) ?? 0
    func edge(_ offset: Int) -> UInt64? { word(offset) == 0 ? nil : word(offset) }
    windowBegin = edge(LiveFormat.Header.windowBegin)
    windowEnd = edge(LiveFormat.Header.windowEnd)
    isFinished = word(LiveFormat.Header.finished) != 0
    step = Int(clamping: word(LiveFormat.Header.step))
    tokens = Int(clamping: word(LiveFormat.Header.tokens))
    loss = LiveFormat.loss(ofWord: word(LiveFormat.Header.loss))
    validation = LiveFormat.loss(ofWord: word(LiveFormat.Header.validationLoss)).map {
      LossPoint(step: Int(clamping: word(LiveFormat.Header.validationStep)), value: $0)
    }
    (states, sites, self.rows) = ([], [], [])
    var offset = 0
    var isCut = false
    while let entry = try TraceDefinition.decode(definitions, at: &offset, isCut: &isCut, file: file) {
      switch entry.definition {
      case .state(let state): states.append(state)
      case .site(let site): sites.append(site)
      case .thread(let thread):
        guard self.rows.count < rows.count else { continue }
        self.rows.append(LiveRow(name: thread.name, role: thread.role, bytes: rows[self.rows.count]))
      }
    }
  }

  /// Whether two readings are of one copy, and neither is so old that its age is news.
  public func isSameCopy(as later: LiveSnapshot) -> Bool {
    now == later.now && later.readAt < now &+ rate.ticksPerSecond
  }

  /// The state that a slot of the totals stands for.
  public func state(ofSlot slot: Int) -> StateDefinition {
    states.indices.contains(slot) && slot < LiveFormat.Row.totalCount - 1
      ? states[slot]
      : StateDefinition(name: ThreadAccounts.unattributedState, category: .unknown)
  }
}

/// The row of one thread.
public struct LiveRow: Equatable, Sendable {
  /// The thread's name in the books.
  public var name: String
  /// What it is for.
  public var role: ThreadRole?
  /// The operating system's thread that fills the row, or did last.
  public var thread: ThreadID
  /// Whether a thread fills it now.
  public var isActive: Bool
  /// The counter when the row was copied; 0 before.
  public var now: UInt64
  /// The open states, outermost first: their slots, and the counter at their entries.
  public var open: [Open]
  /// The counter at the last change of state.
  public var changed: UInt64
  /// Tasks completed.
  public var tasks: Int
  /// Tokens worked on.
  public var tokens: Int
  /// Steps completed.
  public var steps: Int
  /// The counter when anything was last completed; absent before.
  public var lastProgress: UInt64?
  /// What queues held when the thread last used them, by site.
  public var depths: [Int: Depth]
  /// Exclusive time by slot, in the window, up to the last change of state.
  public var totals: [Total]

  /// A state that is open.
  public struct Open: Equatable, Sendable {
    /// Its slot.
    public var slot: Int
    /// The counter at its entry.
    public var ticks: UInt64
    /// Assembles an open state.
    public init(slot: Int, ticks: UInt64) {
      self.slot = slot
      self.ticks = ticks
    }
  }

  /// What a queue held.
  public struct Depth: Equatable, Sendable {
    /// Items.
    public var items: Int
    /// The counter then.
    public var ticks: UInt64
    /// Assembles a depth.
    public init(items: Int, ticks: UInt64) {
      self.items = items
      self.ticks = ticks
    }
  }

  /// What a slot was given.
  public struct Total: Equatable, Sendable {
    /// Wall time in ticks.
    public var wallTicks: UInt64
    /// CPU time.
    public var cpuNs: UInt64
    /// Assembles a total.
    public init(wallTicks: UInt64 = 0, cpuNs: UInt64 = 0) {
      self.wallTicks = wallTicks
      self.cpuNs = cpuNs
    }
  }

  /// A row in which nothing has happened.
  public init(name: String, role: ThreadRole?, thread: ThreadID, now: UInt64, isActive: Bool = true) {
    self.name = name
    self.role = role
    self.thread = thread
    self.now = now
    self.isActive = isActive
    (open, changed, tasks, tokens, steps, depths) = ([], 0, 0, 0, 0, [:])
    totals = Array(repeating: Total(), count: LiveFormat.Row.totalCount)
  }

  /// Decodes a row's bytes.
  init(name: String, role: ThreadRole?, bytes: [UInt8]) {
    func word(_ offset: Int) -> UInt64 { bytes.native(at: offset) ?? 0 }
    let holder = word(LiveFormat.Row.thread)
    self.init(
      name: name, role: role, thread: ThreadID(Int32(truncatingIfNeeded: holder)),
      now: word(LiveFormat.Row.copied),
      isActive: holder >> 32 == 1)
    for depth in 0..<LiveFormat.Row.openCount {
      let word = word(LiveFormat.Row.open + 8 * depth)
      if word == 0 { break }
      open.append(
        Open(slot: Int(word & LiveFormat.stateMask) - 1, ticks: word & ~LiveFormat.stateMask))
    }
    changed = word(LiveFormat.Row.changed)
    let counts = (0..<5).map { word(LiveFormat.Row.counts + 8 * $0) }
    (tasks, tokens, steps) = (Int(clamping: counts[0]), Int(clamping: counts[1]), Int(clamping: counts[2]))
    lastProgress = counts[4] == 0 ? nil : counts[4]
    for site in 0..<LiveFormat.Row.depthCount {
      let word = word(LiveFormat.Row.depths + 8 * site)
      if word == 0 { continue }
      depths[site] = Depth(items: Int(word & LiveFormat.depthMask), ticks: word & ~LiveFormat.depthMask)
    }
    for slot in totals.indices {
      let place = LiveFormat.Row.totals + LiveFormat.Row.totalBytes * slot
      totals[slot] = Total(wallTicks: word(place), cpuNs: word(place + 8))
    }
  }
}

extension [UInt8] {
  /// The number at an offset in the machine's own byte order; `nil` beyond the end.
  fileprivate func native<Number: FixedWidthInteger>(
    at offset: Int, as type: Number.Type = Number.self
  ) -> Number? {
    guard offset >= 0, offset + MemoryLayout<Number>.size <= count else { return nil }
    return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
  }
}
