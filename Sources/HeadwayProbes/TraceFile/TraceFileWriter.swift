import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// The trace file of a running process, mapped into its memory.
///
/// Threads claim chunks and write into them on their own; definitions are written under a lock. The file
/// grows by a chunk at a time, whose blocks are allocated before anybody writes to it, so that a full disk
/// is an error code here and not a signal there. When the budget is spent or the disk is full, no more
/// chunks are handed out.
final class TraceFileWriter: Sendable {
  /// What errors name.
  let path: String
  let chunkBytes: Int
  let origin: ClockSync
  private let descriptor: Int32
  private let mappedBytes: Int
  // Invariant: the address of `mappedBytes` bytes, mapped in `init` and unmapped in `deinit`. Disjoint parts
  // have one writer each: the definitions their lock's holder, a chunk the thread that claimed it, the
  // header's window and end the caller of openWindow, closeWindow and finish.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer
  // Invariant: `chunkBytes` zeros, never written; freed in `deinit`.
  private nonisolated(unsafe) let zeros: UnsafeMutableRawPointer
  /// The place of the next chunk. Relaxed: a place is claimed by the addition itself.
  private let nextPlace = Atomic<Int>(TraceFormat.firstChunk)
  /// The place of the last chunk whose blocks exist. Relaxed: read by `finish` only, when threads wait.
  private let lastPlace = Atomic<Int>(0)
  /// Whether chunks have run out. Relaxed: a late look costs one more failed claim.
  private let isSpent = Atomic<Bool>(false)
  private let definitions: MappedDefinitions

  /// Creates the file, replacing one of that name.
  ///
  /// - Throws: ``InputError`` naming the file when it cannot be created, mapped or has no room.
  init(path: String, budgetBytes: Int, chunkBytes: Int, clock: FastClock) throws(InputError) {
    self.path = path
    self.chunkBytes = chunkBytes
    origin = clock.origin
    mappedBytes = max(budgetBytes, TraceFormat.firstChunk)
    func failure(_ verb: String, _ code: Int32) -> InputError {
      InputError(
        path, problem: "the trace cannot be \(verb) (\(String(cString: strerror(code))))",
        remedy: "choose a writable place with room, or record with probe: counters")
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("created", errno) }
    let allocation =
      TraceFormat.firstChunk > fileSizeLimit()
      ? EFBIG : posix_fallocate(descriptor, 0, off_t(TraceFormat.firstChunk))
    guard allocation == 0 else {
      close(descriptor)
      unlink(path)
      throw failure("allocated", allocation)
    }
    let address = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      let code = errno
      close(descriptor)
      unlink(path)
      throw failure("mapped", code)
    }
    base = address
    definitions = MappedDefinitions(in: address)
    zeros = .allocate(byteCount: chunkBytes, alignment: 16)
    zeros.initializeMemory(as: UInt8.self, repeating: 0, count: chunkBytes)
    let header = TraceHeader(
      chunkBytes: chunkBytes, processID: getpid(), origin: clock.origin,
      ticksPerSecond: clock.rate.ticksPerSecond)
    copy(header.encoded()[...], to: 0)
  }

  deinit {
    munmap(base, mappedBytes)
    zeros.deallocate()
    close(descriptor)
  }

  /// Bytes on the heap: the zeros that chunks are filled with.
  var heapBytes: Int { chunkBytes }

  /// Bytes of the file so far.
  var usedBytes: Int {
    let last = lastPlace.load(ordering: .relaxed)
    return last == 0 ? TraceFormat.firstChunk : last + chunkBytes
  }

  /// Adds a definition. Returns the place of its bytes in the file, `nil` when there was no room: then no
  /// later one is added either, so that numbers stay in order.
  @discardableResult
  func define(_ definition: TraceDefinition, number: Int) -> Int? {
    switch definitions.add(definition, number: number) {
    case .defined(let place): return place
    case .dropped(let count):
      store(count, at: TraceHeader.Offset.definitionsDropped)
      return nil
    }
  }

  /// The count of dropped events inside a thread's definition.
  func droppedWord(ofDefinitionAt place: Int) -> UnsafeMutablePointer<UInt64> {
    (base + place + TraceDefinition.droppedOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// Whether no more chunks are handed out.
  var hasRunOut: Bool { isSpent.load(ordering: .relaxed) }

  /// A fresh chunk for the calling thread: the words after its head and first record, a reading of the
  /// clocks. `nil` when the budget is spent or the disk is full.
  func claimChunk(thread: UInt32, sequence: UInt32) -> UnsafeMutablePointer<UInt64>? {
    guard !hasRunOut else { return nil }
    let place = nextPlace.wrappingAdd(chunkBytes, ordering: .relaxed).oldValue
    guard place + chunkBytes <= min(mappedBytes, fileSizeLimit()), allocate(place) else {
      isSpent.store(true, ordering: .relaxed)
      return nil
    }
    lastPlace.max(place, ordering: .relaxed)
    let chunk = base + place
    let sync = FastClock.synchronize()
    let record = TraceRecord(
      start: sync.ticks, kind: .clockSync, argument: sync.monotonicNs &- origin.monotonicNs)
    let head = TraceFormat.chunkHead(thread: thread, sequence: sequence)
    let headWords = chunk.assumingMemoryBound(to: UInt32.self)
    headWords[1] = head.thread.littleEndian
    headWords[2] = head.sequence.littleEndian
    headWords[3] = head.current.littleEndian
    let words = (chunk + TraceFormat.chunkHeadBytes).assumingMemoryBound(to: UInt64.self)
    words[0] = record.start.littleEndian
    words[2] = record.argumentWord
    words[1] = record.commitWord
    // Last, as every mark of the file.
    headway_store_release_u32(headWords, head.magic.littleEndian)
    return words + 3
  }

  /// Gives a chunk its blocks and its pages; `false` when the disk is full.
  ///
  /// Writing the zeros and fetching the pages at once costs a fifth of what the file system takes for a
  /// first store to each page of a mapping.
  private func allocate(_ place: Int) -> Bool {
    guard posix_fallocate(descriptor, off_t(place), off_t(chunkBytes)) == 0,
      pwrite(descriptor, zeros, chunkBytes, off_t(place)) == chunkBytes
    else { return false }
    // 23 is MADV_POPULATE_WRITE; where the kernel does not know it, the pages come one by one.
    _ = madvise(base + place, chunkBytes, 23)
    return true
  }

  /// Copies bytes into the file.
  private func copy(_ bytes: ArraySlice<UInt8>, to place: Int) {
    UnsafeMutableRawBufferPointer(start: base + place, count: bytes.count).copyBytes(from: bytes)
  }

  /// Writes a word of the header.
  func store(_ value: UInt64, at offset: Int) {
    headway_store_release_u64(
      (base + offset).assumingMemoryBound(to: UInt64.self), value.littleEndian)
  }

  /// Cuts the file to what is used, marks it as finished and writes it to the disk. Call once, when no
  /// thread writes any more.
  func finish(at sync: ClockSync) throws(InputError) {
    let length = finalBytes()
    store(sync.ticks, at: TraceHeader.Offset.finalTicks)
    store(sync.monotonicNs, at: TraceHeader.Offset.finalMonotonicNs)
    store(UInt64(length), at: TraceHeader.Offset.finalBytes)
    guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
      throw InputError(
        path, problem: "the trace cannot be completed (\(String(cString: strerror(errno))))",
        remedy: "make room on the disk and record the run again")
    }
  }

  /// The end of the last record of the last chunk.
  private func finalBytes() -> Int {
    let last = lastPlace.load(ordering: .relaxed)
    guard last != 0 else { return TraceFormat.firstChunk }
    let words = (base + last + TraceFormat.chunkHeadBytes).assumingMemoryBound(to: UInt64.self)
    let capacity = TraceFormat.recordCapacity(ofChunk: chunkBytes)
    let used = (0..<capacity).first { words[3 * $0 + 1] == 0 } ?? capacity
    return last + TraceFormat.chunkHeadBytes + used * TraceFormat.recordBytes
  }
}
