import CHeadwayLinux
import Glibc
import HeadwayTrace
import Synchronization

/// A run's status file while the run goes on: what ``LiveFormat`` describes.
///
///     let live = try LiveFile(path: directory.livePath)
///     try live.startCopying()
///     let probe = try RecordingProbe(level: .counters, traceURL: nil, budgetBytes: 0, live: live)
///     …
///     live.stepFinished(step, tokens: tokens, loss: loss)
///     live.finish()  // the run has ended in good order, and all that it measured is written
///
/// The rows of a probe's threads lie in memory of this object, which is no file's: threads that are measured never
/// wait for a disk. ``copy()`` takes what they have stored to the file. Ten times a second that is done by the
/// ``MemorySampler``'s thread while it samples, and otherwise by a thread of the file's own.
///
/// The process holds a lock on the file as long as it lives: whoever reads the file knows from the kernel whether the
/// run goes on and which process it is, also where a number of a process has been given to another one.
public final class LiveFile: Sendable {
  /// What errors name.
  public let path: String
  private let descriptor: Int32
  private let memory: LiveMemory
  private let copier: LiveCopy
  private let isOver = Atomic<Bool>(false)
  private let own = Mutex(Own())

  private struct Own {
    var clock: LiveClock?
    /// Why nobody copies, in words.
    var refusal: InputError?
  }

  /// Creates the file, replacing one of that name, and locks it. Nothing that is noted later is in it before it is
  /// copied.
  ///
  /// - Throws: ``InputError`` naming the file when it cannot be created or locked, or has no room.
  public init(path: String) throws(InputError) {
    self.path = path
    func failure(_ verb: String, _ code: Int32) -> InputError {
      InputError(
        path, problem: "the status of the run cannot be \(verb) (\(String(cString: strerror(code))))",
        remedy: "choose a writable place with room")
    }
    // Takes a millisecond, in which nobody should find half a file.
    let clock = FastClock()
    let header = LiveFormat.header(
      processID: getpid(), origin: clock.origin, ticksPerSecond: clock.rate.ticksPerSecond)
    guard let memory = LiveMemory(header: header) else { throw failure("kept", errno) }
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure("created", errno) }
    // Locked before it is emptied: the file may be that of a run that goes on.
    let refusal = LiveLock.take(file)
    guard refusal == 0 else {
      close(file)
      throw failure("locked", refusal)
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
    // The mark last: a reader that comes meanwhile sees no status yet.
    for part in [8..<header.count, 0..<8] {
      let written = header.withUnsafeBytes {
        pwrite(file, $0.baseAddress.map { $0 + part.lowerBound }, part.count, off_t(part.lowerBound))
      }
      guard written == part.count else { throw giveUp("written", written < 0 ? errno : ENOSPC) }
    }
    // An object that is whole would end a run: all that can fail comes before.
    self.memory = memory
    descriptor = file
    copier = LiveCopy(of: memory, into: file)
    copier.copy()
  }

  deinit {
    finish()
    close(descriptor)
  }

  /// Bytes of memory that the status takes.
  public var heldBytes: Int { memory.usedBytes + LiveCopy.heapBytes }

  /// What kept others from following the run, as a clause; `nil` when nothing did.
  public var trouble: String? {
    if let refusal = own.withLock({ $0.refusal }) { return "\(refusal)" }
    return copier.failure.map {
      "\(path): the status could not be written (\(String(cString: strerror($0))))"
    }
  }

  /// The warning that a run gets for what ``trouble`` says, or for a file that could not be made.
  public static func warning(of trouble: String) -> String {
    "the run could not be followed while it went on: \(trouble)"
  }

  /// Notes that a step was completed. On the thread that trains.
  ///
  /// - Parameters:
  ///   - step: The step, from 1.
  ///   - tokens: Tokens that it was trained on.
  ///   - loss: Its loss, in nats per token.
  public func stepFinished(_ step: Int, tokens: Int, loss: Float) {
    store(LiveFormat.word(ofLoss: loss), at: LiveFormat.Header.loss)
    store(memory.load(at: LiveFormat.Header.tokens) &+ UInt64(clamping: tokens), at: LiveFormat.Header.tokens)
    store(UInt64(clamping: step), at: LiveFormat.Header.step)
  }

  /// Notes a held-out loss. On the thread that trains.
  public func evaluated(after step: Int, loss: Float) {
    store(UInt64(clamping: step), at: LiveFormat.Header.validationStep)
    store(LiveFormat.word(ofLoss: loss), at: LiveFormat.Header.validationLoss)
  }

  /// Copies what was noted into the file now. On any thread that may wait for the disk; allocates nothing.
  public func copy() { copier.copy() }

  /// Copies on a thread of the file's own from now on, until ``finish()``.
  ///
  /// - Parameter probe: In whose books that thread stands: one that copies while the window is measured belongs there.
  ///   It then has to end before the accounts are read; see ``leaveBooks()``.
  /// - Throws: ``InputError`` when the kernel refuses the thread; another one then goes on.
  public func startCopying(in probe: RecordingProbe? = nil) throws(InputError) {
    if isOver.load(ordering: .relaxed) { return }
    let clock = try LiveClock(copying: copier, in: probe)
    let earlier = own.withLock { own in
      defer { own.clock = clock }
      return own.clock
    }
    earlier?.end()
  }

  /// Ends the thread that stands in a probe's books and goes on with one that does not. Call before the window closes.
  public func leaveBooks() { resumeCopying() }

  /// Ends the thread of the file's own, because another one copies; whether there was one.
  func pauseCopying() -> Bool {
    let clock = own.withLock { own in
      defer { own.clock = nil }
      return own.clock
    }
    clock?.end()
    return clock != nil
  }

  /// Goes on with a thread of the file's own. Where the kernel refuses it, ``trouble`` says so.
  func resumeCopying() {
    do throws(InputError) { try startCopying() } catch { own.withLock { $0.refusal = error } }
  }

  /// Says that the run has ended in good order, and removes the file; who has it open still sees that, and what was
  /// noted until now. A second call does nothing.
  public func finish() {
    if isOver.exchange(true, ordering: .relaxed) { return }
    _ = pauseCopying()
    store(1, at: LiveFormat.Header.finished)
    copy()
    unlink(path)
  }

  /// Adds a state or a site; one that finds no room is not shown.
  func define(_ definition: TraceDefinition, number: Int) { memory.define(definition, number: number) }

  /// Adds a thread: the memory of its row, zeroed, or `nil` where there is no room for it. Under the probe's lock.
  func addRow(of thread: RecordedThread, number: Int) -> UnsafeMutableRawPointer? {
    memory.addRow(of: thread, number: number)
  }

  /// Writes a word of the header.
  func store(_ value: UInt64, at offset: Int) { memory.store(value, at: offset) }
}
