import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// A run's status file while the run goes on: what ``LiveFormat`` describes, mapped into this process.
///
///     let live = try LiveFile(path: directory.livePath)
///     let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, live: live)
///     …
///     live.stepFinished(step, tokens: tokens, loss: loss)
///     live.finish()  // the run has ended in good order, and all that it measured is written
///
/// The rows of a probe's threads lie in it, so that following a run costs the run nothing. The process holds a
/// lock on the file as long as it lives: whoever reads the file knows from the kernel whether the run goes on
/// and which process it is, also where a number of a process has been given to another one.
public final class LiveFile: Sendable {
  /// What errors name.
  public let path: String
  private let descriptor: Int32
  private static let mappedBytes = LiveFormat.firstRow + LiveFormat.rowLimit * LiveFormat.rowBytes
  // Invariant: the address of `mappedBytes` bytes, mapped in `init` and unmapped in `deinit`. Disjoint parts
  // have one writer each: the definitions their lock's holder, a row the thread that fills it, the window the
  // probe, the steps the thread that trains.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let definitions: MappedDefinitions
  /// Rows whose blocks exist. Relaxed: written under the probe's lock, read for its number alone.
  private let rows = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)

  /// Creates the file, replacing one of that name, and locks it.
  ///
  /// - Throws: ``InputError`` naming the file when it cannot be created, locked or mapped, or has no room.
  public init(path: String) throws(InputError) {
    self.path = path
    func failure(_ verb: String, _ code: Int32) -> InputError {
      InputError(
        path, problem: "the status of the run cannot be \(verb) (\(String(cString: strerror(code))))",
        remedy: "choose a writable place with room")
    }
    // Takes a millisecond, in which nobody should find half a file.
    let clock = FastClock()
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("created", errno) }
    descriptor = file
    // Locked before it is emptied: the file may be that of a run that goes on.
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    guard fcntl(file, F_SETLK, &lock) == 0 else {
      let code = errno
      close(file)
      throw failure("locked", code)
    }
    func giveUp(_ verb: String, _ code: Int32) -> InputError {
      unlink(path)
      close(file)
      return failure(verb, code)
    }
    guard ftruncate(file, 0) == 0 else { throw giveUp("emptied", errno) }
    let allocation =
      LiveFormat.firstRow > fileSizeLimit()
      ? EFBIG : posix_fallocate(file, 0, off_t(LiveFormat.firstRow))
    guard allocation == 0 else { throw giveUp("allocated", allocation) }
    let address = mmap(nil, Self.mappedBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard let address, address != MAP_FAILED else { throw giveUp("mapped", errno) }
    base = address
    definitions = MappedDefinitions(in: address)
    let header = LiveFormat.header(
      processID: getpid(), origin: clock.origin, ticksPerSecond: clock.rate.ticksPerSecond)
    // The mark last: a reader that comes meanwhile sees no status yet.
    UnsafeMutableRawBufferPointer(start: base + 8, count: header.count - 8).copyBytes(from: header[8...])
    store(LiveFormat.magic, at: 0)
  }

  deinit {
    finish()
    munmap(base, Self.mappedBytes)
    close(descriptor)
  }

  /// Bytes of the file that are in use.
  var usedBytes: Int { LiveFormat.firstRow + rows.load(ordering: .relaxed) * LiveFormat.rowBytes }

  /// Notes that a step was completed. On the thread that trains.
  ///
  /// - Parameters:
  ///   - step: The step, from 1.
  ///   - tokens: Tokens that it was trained on.
  ///   - loss: Its loss, in nats per token.
  public func stepFinished(_ step: Int, tokens: Int, loss: Float) {
    store(LiveFormat.word(ofLoss: loss), at: LiveFormat.Header.loss)
    store(load(at: LiveFormat.Header.tokens) &+ UInt64(clamping: tokens), at: LiveFormat.Header.tokens)
    store(UInt64(clamping: step), at: LiveFormat.Header.step)
  }

  /// Notes a held-out loss. On the thread that trains.
  public func evaluated(after step: Int, loss: Float) {
    store(UInt64(clamping: step), at: LiveFormat.Header.validationStep)
    store(LiveFormat.word(ofLoss: loss), at: LiveFormat.Header.validationLoss)
  }

  /// Says that the run has ended in good order, and removes the file; who has it open still sees that. What is
  /// written to it later is lost. A second call does nothing.
  public func finish() {
    if isOver.exchange(true, ordering: .relaxed) { return }
    store(1, at: LiveFormat.Header.finished)
    unlink(path)
  }

  /// Adds a state or a site; one that finds no room is not shown.
  func define(_ definition: TraceDefinition, number: Int) { _ = definitions.add(definition, number: number) }

  /// Adds a thread: the memory of its row, zeroed, or `nil` where there is no room for it; then there is none
  /// for later ones either, so that rows stand in the order of their numbers. Under the probe's lock.
  func addRow(of thread: RecordedThread, number: Int) -> UnsafeMutableRawPointer? {
    let place = LiveFormat.firstRow + number * LiveFormat.rowBytes
    guard number == rows.load(ordering: .relaxed), number < LiveFormat.rowLimit,
      place + LiveFormat.rowBytes <= fileSizeLimit(),
      posix_fallocate(descriptor, off_t(place), off_t(LiveFormat.rowBytes)) == 0,
      case .defined = definitions.add(.thread(thread), number: number)
    else { return nil }
    rows.store(number + 1, ordering: .relaxed)
    return base + place
  }

  /// Writes a word of the header.
  func store(_ value: UInt64, at offset: Int) {
    headway_store_release_u64((base + offset).assumingMemoryBound(to: UInt64.self), value)
  }

  /// A word of the header that only the calling thread writes.
  private func load(at offset: Int) -> UInt64 { base.load(fromByteOffset: offset, as: UInt64.self) }
}
